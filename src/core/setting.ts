// A setting, declared once: its schema and everything the form, the link, the command line and a sweep need to know.
import type { z } from 'zod';

export type Value = string | number | boolean;

/** A config whose later settings may not be known yet: what a default may depend on. */
export type Known = { readonly [key: string]: Value | undefined };

export interface Setting<T extends Value = Value> {
  readonly schema: z.ZodType<T>;
  readonly label: string;
  /** One sentence that says what it does. */
  readonly help: string;
  /** The value of v=1 when a link does not name it; may depend on settings that stand earlier in the catalog. */
  readonly default: T | ((config: Known) => T);
  readonly unit?: string;
  /** How the form steps and a sweep spaces it. */
  readonly scale?: 'linear' | 'log2' | 'log10';
  /** Where it comes from: paper and section. */
  readonly source?: string;
  /** May a sweep vary it? */
  readonly axis?: boolean;
  /** Legal range of a number, for the form and for messages. */
  readonly range?: readonly [number, number];
  /** Legal values of a choice, in menu order. */
  readonly options?: readonly Option[];
  /** What is legal of a text, in words. */
  readonly legal?: string;
  /** False where the setting has no effect in this config: not shown, not in the link. */
  readonly applies?: (config: Known) => boolean;
}

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly help?: string;
  /** Where the choice comes from. */
  readonly source?: string;
}

/** Settings by their key in the link: `model.width`. */
export type Fields = { readonly [key: string]: Setting };

/** The values that a set of fields describes. */
export type ValuesOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Setting<infer T> ? T : never;
};

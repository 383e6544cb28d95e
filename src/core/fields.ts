// Constructors of settings: a whole number, a number, a choice, a switch, a text. Each makes the zod schema and the metadata
// of one setting together, so that range and options are written down once.
import { z } from 'zod';
import type { Option, Setting, Value } from './setting.ts';

// Schemas are interpreted: the page's content security policy forbids compiling them with eval.
z.config({ jitless: true });

type Meta<T extends Value> = Omit<Setting<T>, 'schema' | 'range' | 'options'>;

/** A whole number in [min, max]. */
export function integer(range: readonly [number, number], meta: Meta<number>): Setting<number> {
  return { axis: true, ...meta, range, schema: z.int().min(range[0]).max(range[1]) };
}

/** A finite number in [min, max]. */
export function real(range: readonly [number, number], meta: Meta<number>): Setting<number> {
  return { axis: true, ...meta, range, schema: z.number().min(range[0]).max(range[1]) };
}

/** One of a few named values. */
export function choice<const T extends string>(
  options: readonly (Option & { readonly value: T })[],
  meta: Meta<T>,
): Setting<T> {
  const values = options.map((option) => option.value) as [T, ...T[]];
  return { axis: true, ...meta, options, schema: z.enum(values) as unknown as z.ZodType<T> };
}

/** On or off. */
export function toggle(meta: Meta<boolean>): Setting<boolean> {
  return { axis: true, ...meta, schema: z.boolean() };
}

/** A text of a pattern, which `legal` says in words. */
export function text(pattern: RegExp, meta: Meta<string> & { readonly legal: string }): Setting<string> {
  return { axis: true, ...meta, schema: z.string().regex(pattern) };
}

/** The same setting with another default: a hourglass normalises by batch where other shapes normalise by layer. */
export function withDefault<T extends Value>(setting: Setting<T>, value: Setting<T>['default']): Setting<T> {
  return { ...setting, default: value };
}

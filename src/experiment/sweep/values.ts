// The values of an axis as a hand writes them: a list of values and ranges, `8,16..64*2,1e-4..1e-2/5`.
// `a..b*f` multiplies by f, `a..b+d` adds d, `a..b/n` takes n values evenly (on the setting's own scale, so in equal
// ratios for a learning rate). Counted before anything is built: a range of 10¹² values costs nothing.
import type { Setting, Value } from '../../core/setting.ts';
import { DECIMAL, parseDecimal, parseValue } from '../../core/setting-text.ts';

/** What an axis's text says, value by value or range by range. */
interface Part {
  readonly text: string;
  readonly count: number;
  /** The nth number of a range; a single value is read by the setting. */
  readonly at: ((index: number) => number) | null;
}

export interface ValueList {
  /** Values that are written, legal or not, duplicates included. */
  readonly count: number;
  /** Builds them: legal ones without duplicates, numbers rising; and the texts that are no value of the setting. */
  build(): {
    readonly values: readonly Value[];
    readonly illegal: readonly string[];
    readonly repeats: number;
  };
}

const NUMBER = DECIMAL.source;
const RANGE = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER})([*+/])(${NUMBER})$`);

/** Ends of a range are met although 0.1 + 0.2 is not 0.3. */
const SLACK = 1e-9;
/** Values between the ends are written with so many digits. */
const DIGITS = 6;

const tidy = (value: number): number =>
  Number.isSafeInteger(value) ? value : Number(value.toPrecision(DIGITS));

/** The numbers of a range as a count and a rule; null where it never arrives at its end. */
function range(
  setting: Setting,
  [from, to, by]: readonly [number, number, number],
  how: string,
): Pick<Part, 'count' | 'at'> | null {
  switch (how) {
    case '*': {
      if (from <= 0 || to <= 0 || by <= 0 || by === 1) return null;
      const steps = Math.log(to / from) / Math.log(by);
      return steps < 0 ? null : { count: Math.floor(steps + SLACK) + 1, at: (index) => from * by ** index };
    }
    case '+': {
      const steps = (to - from) / by;
      return by === 0 || steps < 0
        ? null
        : { count: Math.floor(steps + SLACK) + 1, at: (index) => from + by * index };
    }
    default: {
      if (!Number.isInteger(by) || by < 2) return null;
      const inRatios = setting.scale !== undefined && setting.scale !== 'linear' && from > 0 && to > 0;
      const share = (index: number): number => index / (by - 1);
      return {
        count: by,
        at: (index) => {
          if (index === by - 1) return to;
          return inRatios ? from * (to / from) ** share(index) : from + (to - from) * share(index);
        },
      };
    }
  }
}

function part(setting: Setting, text: string): Part {
  const match = RANGE.exec(text);
  if (!match) return { text, count: 1, at: null };
  const numbers = [match[1], match[2], match[4]].map((number) => parseDecimal(number as string));
  if (numbers.some((number) => number === null)) return { text, count: 1, at: null };
  const found = range(setting, numbers as [number, number, number], match[3] as string);
  return found ? { text, ...found } : { text, count: 1, at: null };
}

/** A number as a legal value: itself, or rounded where the setting takes whole numbers. */
function legalNumber(declared: readonly Setting[], number: number): Value | null {
  const accepts = (value: number): boolean =>
    declared.some((setting) => setting.schema.safeParse(value).success);
  const value = tidy(number);
  if (accepts(value)) return value;
  return accepts(Math.round(value)) ? Math.round(value) : null;
}

function legalText(declared: readonly Setting[], text: string): Value | null {
  for (const setting of declared) {
    const value = parseValue(setting, text);
    if (value !== null) return value;
  }
  return null;
}

/** Reads an axis. `declared`: the settings of its key; a value is legal where one of them takes it. */
export function readValues(declared: readonly [Setting, ...Setting[]], text: string): ValueList {
  const parts = text
    .split(',')
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
    .map((piece) => part(declared[0], piece));
  return {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    build() {
      const values = new Set<Value>();
      const illegal: string[] = [];
      let repeats = 0;
      const add = (value: Value | null, written: string): void => {
        if (value === null) illegal.push(written);
        else if (values.has(value)) repeats++;
        else values.add(value);
      };
      for (const { text: written, count, at } of parts) {
        if (at === null) add(legalText(declared, written), written);
        else
          for (let index = 0; index < count; index++) {
            const number = at(index);
            add(legalNumber(declared, number), String(tidy(number)));
          }
      }
      const list = [...values];
      const rises = list.every((value) => typeof value === 'number');
      return { values: rises ? list.sort((a, b) => Number(a) - Number(b)) : list, illegal, repeats };
    },
  };
}

/** Values of which a range says more than a list. */
const WORTH_A_RANGE = 4;

/** The shortest text that reads as these values: a range where they are one, else a list. */
export function writeValues(declared: readonly [Setting, ...Setting[]], values: readonly Value[]): string {
  const list = values.map(String).join(',');
  const [first, second] = values;
  const last = values.at(-1);
  if (values.length < WORTH_A_RANGE || typeof first !== 'number' || typeof second !== 'number') return list;
  const ends = `${first}..${last}`;
  const ranges = [
    `${ends}*${tidy(second / first)}`,
    `${ends}+${tidy(second - first)}`,
    `${ends}/${values.length}`,
  ];
  const isSame = (text: string): boolean => {
    const read = readValues(declared, text);
    return (
      read.count === values.length && read.build().values.every((value, index) => value === values[index])
    );
  };
  return ranges.find((text) => text.length < list.length && isSame(text)) ?? list;
}

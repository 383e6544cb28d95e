// A setting's value as text, and what is legal in words: the link, the command line and sweep axes read the same way.
import type { Setting, Value } from './setting.ts';

/** A decimal number and nothing else: neither NaN nor hexadecimal. */
export const DECIMAL = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;

const WHOLE_TEXT = new RegExp(`^${DECIMAL.source}$`);

/** "a whole number from 1 to 65536", "one of gelu, relu". */
export function describeLegal({ options, range, schema, legal }: Setting): string {
  if (legal) return legal;
  if (options) return `one of ${options.map((option) => option.value).join(', ')}`;
  if (range) {
    const whole = !schema.safeParse((range[0] + range[1]) / 2 + 0.1234).success;
    return `${whole ? 'a whole number' : 'a number'} from ${range[0]} to ${range[1]}`;
  }
  return 'true or false';
}

/** Text to a finite number; null when it is not one. */
export function parseDecimal(text: string): number | null {
  if (!WHOLE_TEXT.test(text)) return null;
  const value = Number(text) + 0; // −0 is 0
  return Number.isFinite(value) ? value : null;
}

/** Text to a value of the setting's type; null when it is not one. */
export function parseValue(setting: Setting, text: string): Value | null {
  const candidates: Value[] = [text];
  const number = parseDecimal(text);
  if (number !== null) candidates.push(number);
  if (text === 'true' || text === 'false') candidates.push(text === 'true');
  for (const candidate of candidates) if (setting.schema.safeParse(candidate).success) return candidate;
  return null;
}

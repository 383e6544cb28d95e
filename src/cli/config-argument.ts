// <config> on the command line: a link, a fragment, key=value&…, or a JSON file with the same keys, flat.
import { existsSync, readFileSync } from 'node:fs';
import { LabError } from '../core/failure.ts';
import { type Decoded, decode } from '../experiment/address.ts';
import { linkOfJson } from '../experiment/config-file.ts';
import { isSweep } from '../experiment/describe.ts';
import { UsageError } from './usage.ts';

/** The link text that an argument stands for. A `run.json` is taken by its `config`. */
function asLink(argument: string): string {
  if (!argument.endsWith('.json') && !existsSync(argument)) return argument;
  if (!existsSync(argument)) throw new LabError('config-invalid', `${argument}: there is no such file.`);
  return linkOfJson(readFileSync(argument, 'utf8'), argument);
}

/** Decodes the argument and notes every problem. */
export function readConfig(argument: string, note: (text: string) => void): Decoded {
  const decoded = decode(asLink(argument));
  for (const problem of decoded.problems) note(`note: ${problem.message}`);
  return decoded;
}

/** The same for what will train once: a part of the argument that cannot be used is refused, and so is a sweep. */
export function readTrainable(argument: string, note: (text: string) => void): Decoded {
  const decoded = readStrict(argument, note);
  if (decoded.sweep) throw new UsageError(isSweep);
  return decoded;
}

/** The same for what will train: a part of the argument that cannot be used is refused, so that no typo trains. */
export function readStrict(argument: string, note: (text: string) => void): Decoded {
  const decoded = readConfig(argument, note);
  const ignored = decoded.problems.filter((problem) => problem.ignored);
  if (ignored.length > 0) {
    throw new UsageError(
      `${ignored.map((problem) => problem.key).join(', ')}: not usable as written; nothing was trained.`,
    );
  }
  return decoded;
}

// `lab describe`: the plan of a config as JSON, computed without a browser.
import { type Description, describe } from '../experiment/describe.ts';
import { readConfig } from './config-argument.ts';

export async function describeConfig(argument: string, note: (text: string) => void): Promise<Description> {
  return describe(readConfig(argument, note).config);
}

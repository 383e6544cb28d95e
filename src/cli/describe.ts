// `lab describe`: the plan of a config as JSON, computed without a browser.
import {
  type Description,
  type DescriptionWithProgram,
  describe,
  describeWithProgram,
} from '../experiment/describe.ts';
import { readConfig } from './config-argument.ts';

/** With `program`, the compiled step is part of the answer, and is noted line by line for people to read. */
export async function describeConfig(
  argument: string,
  { program }: { readonly program?: boolean },
  note: (text: string) => void,
): Promise<Description | DescriptionWithProgram> {
  const { config } = readConfig(argument, note);
  if (!program) return describe(config);
  const description = describeWithProgram(config);
  for (const line of description.program) note(line);
  return description;
}

// `lab describe`: the plan of a config as JSON, computed without a browser.

import type { Decoded } from '../experiment/address.ts';
import {
  type Description,
  type DescriptionWithProgram,
  describe,
  describeWithProgram,
} from '../experiment/describe.ts';
import { totalCost, trials } from '../experiment/sweep/trials.ts';
import { readConfig } from './config-argument.ts';

/** A sweep before it starts: what would be trained, and what cannot be. */
interface SweepSummary {
  readonly trials: number;
  readonly refused: number;
  readonly flops: number;
}

function summarise({ config, sweep }: Decoded, note: (text: string) => void): SweepSummary | null {
  if (!sweep) return null;
  const { trials: list, refused } = trials(config, sweep);
  for (const message of new Set(refused.map(({ failure }) => failure.message))) note(`note: ${message}`);
  return { trials: list.length, refused: refused.length, flops: totalCost(list).flops };
}

/** With `program`, the compiled step is part of the answer, and is noted line by line for people to read. */
export async function describeConfig(
  argument: string,
  { program }: { readonly program?: boolean },
  note: (text: string) => void,
): Promise<(Description | DescriptionWithProgram) & { readonly sweep?: SweepSummary }> {
  const decoded = readConfig(argument, note);
  const { config } = decoded;
  const summary = summarise(decoded, note);
  const sweep = summary ? { sweep: summary } : {};
  if (!program) return { ...describe(config), ...sweep };
  const description = describeWithProgram(config);
  for (const line of description.program) note(line);
  return { ...description, ...sweep };
}

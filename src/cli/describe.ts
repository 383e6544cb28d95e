// `lab describe`: the plan of a config as JSON, computed without a browser.

import type { DatasetFacts } from '../core/dataset.ts';
import type { Decoded } from '../experiment/address.ts';
import {
  type Description,
  type DescriptionWithProgram,
  describe,
  describeWithProgram,
} from '../experiment/describe.ts';
import { plan } from '../experiment/plan.ts';
import { planNotes } from '../experiment/plan-notes.ts';
import { totalCost, trials } from '../experiment/sweep/trials.ts';
import { resolveBody } from './body-argument.ts';
import { readConfig } from './config-argument.ts';
import { factsAt } from './data.ts';

/** A sweep before it starts: what would be trained, and what cannot be. */
interface SweepSummary {
  readonly trials: number;
  readonly refused: number;
  readonly flops: number;
}

function summarise(
  { config, sweep }: Decoded,
  facts: DatasetFacts | undefined,
  note: (text: string) => void,
): SweepSummary | null {
  if (!sweep) return null;
  const { trials: list, refused } = trials(config, sweep, (dataset) =>
    dataset === config.data ? facts : undefined,
  );
  for (const message of new Set(refused.map(({ failure }) => failure.message))) note(`note: ${message}`);
  return { trials: list.length, refused: refused.length, flops: totalCost(list).flops };
}

/**
 * With `program`, the compiled step is part of the answer, and is noted line by line for people to read. `data`: a file of
 * the dataset, where it is not the whole of what the catalog knows.
 */
export async function describeConfig(
  written: string,
  { program, data }: { readonly program?: boolean; readonly data?: string },
  note: (text: string) => void,
): Promise<(Description | DescriptionWithProgram) & { readonly sweep?: SweepSummary }> {
  const { argument } = resolveBody(written, undefined);
  const decoded = readConfig(argument, note);
  const { config } = decoded;
  const facts = data === undefined ? undefined : await factsAt(config.data, data);
  for (const text of planNotes(config, plan(config, facts))) note(`note: ${text}`);
  const summary = summarise(decoded, facts, note);
  const sweep = summary ? { sweep: summary } : {};
  if (!program) return { ...describe(config, facts), ...sweep };
  const description = describeWithProgram(config, facts);
  for (const line of description.program) note(line);
  return { ...description, ...sweep };
}

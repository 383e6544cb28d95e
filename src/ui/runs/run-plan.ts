// The plan of a run that is in the list: kept by config, since charts ask for it at every redraw.
import type { DatasetFacts } from '../../core/dataset.ts';
import type { Config } from '../../experiment/config.ts';
import { type Plan, plan } from '../../experiment/plan.ts';
import type { Run } from '../../experiment/run.ts';

const kept = new WeakMap<Config, { readonly facts: DatasetFacts | undefined; readonly plan: Plan | null }>();

/** By the data that the run trained on, else `card`'s. Null where the config cannot be trained on it. */
export function planOf({ config, data }: Run, card: DatasetFacts | undefined): Plan | null {
  const facts = data?.facts ?? card;
  const known = kept.get(config);
  if (known && known.facts === facts) return known.plan;
  let made: Plan | null = null;
  try {
    made = plan(config, facts);
  } catch {
    made = null;
  }
  kept.set(config, { facts, plan: made });
  return made;
}

// The plan of a run that is in the list: kept by config, since charts ask for it at every redraw.
import type { Config } from '../../experiment/config.ts';
import { type Counts, type Plan, plan } from '../../experiment/plan.ts';

const kept = new WeakMap<
  Config,
  { readonly train: number; readonly test: number; readonly plan: Plan | null }
>();

/** Null where the config cannot be trained (it was made for other data than is here now). */
export function planOf(config: Config, counts: Counts | undefined): Plan | null {
  const train = counts?.train ?? 0;
  const test = counts?.test ?? 0;
  const known = kept.get(config);
  if (known && known.train === train && known.test === test) return known.plan;
  let made: Plan | null = null;
  try {
    made = plan(config, counts);
  } catch {
    made = null;
  }
  kept.set(config, { train, test, plan: made });
  return made;
}

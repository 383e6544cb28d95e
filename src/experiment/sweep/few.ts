// A few trials of a large sweep, to be watched side by side: cells of its own grid, so that what was trained counts.
import { type Config, type Named, withSetting } from '../config.ts';
import type { Sweep } from './sweep.ts';

/** Four curves are told apart at a glance. */
const FEW = 4;

/** At most `FEW` values, evenly taken, both ends among them. */
function spread<T>(values: readonly T[]): readonly T[] {
  if (values.length <= FEW) return values;
  const step = (values.length - 1) / (FEW - 1);
  return Array.from({ length: FEW }, (_, index) => values[Math.round(index * step)] as T);
}

const middle = <T>(values: readonly T[]): readonly T[] => {
  const at = values[Math.floor((values.length - 1) / 2)];
  return at === undefined ? [] : [at];
};

/**
 * The sweep with a few values of the first axis that is not tuned over, and one value of all else: the middle one of
 * an axis and of budgets, the first horizon, one seed. Without such an axis, a few seeds.
 */
export function fewOf(config: Config, sweep: Sweep): { readonly config: Config; readonly sweep: Sweep } {
  const varied = sweep.axes.find(({ key }) => !sweep.tune.includes(key)) ?? sweep.axes[0];
  const fixed = sweep.axes
    .filter((axis) => axis !== varied)
    .map(({ key, values }) => [key, middle(values)[0]] as const);
  return {
    config: withSetting(config, Object.fromEntries(fixed) as Named),
    sweep: {
      ...sweep,
      axes: varied ? [{ ...varied, values: spread(varied.values) }] : [],
      equal: sweep.equal && { ...sweep.equal, budgets: middle(sweep.equal.budgets) },
      horizons: sweep.horizons.slice(0, 1),
      seeds: varied ? 1 : Math.min(FEW, sweep.seeds),
      tune: [],
      prune: null,
      study: null,
    },
  };
}

// Where configs differ: settings that are not the same in all of them, and what that does to parameters, compute and
// memory.
import { elements, tensors } from '../../core/layers.ts';
import { type Config, type Key, keys, settingsOf } from '../../experiment/config.ts';
import { type MemoryPlan, memoryOf, type Plan } from '../../experiment/plan.ts';
import { valueWords } from './change.ts';

export interface Difference {
  readonly key: Key;
  /** In the order of the configs; "–" where the setting has no effect. */
  readonly values: readonly string[];
}

/** Differing settings in catalog order, and how many are the same in all, or follow from those. */
export function diffOf(configs: readonly Config[]): {
  readonly differences: readonly Difference[];
  readonly same: number;
} {
  const active = configs.map((config) => ({
    config,
    defaults: new Map(settingsOf(config).map((one) => [one.key, one.default])),
  }));
  /** A setting that some have not, because of another choice, and that stands at one default in the others. */
  const followsOnly = (key: Key): boolean => {
    const holding = active.filter(({ defaults }) => defaults.has(key));
    const values = new Set(holding.map(({ defaults }) => defaults.get(key)));
    return (
      holding.length < configs.length &&
      values.size === 1 &&
      holding.every(({ config }) => values.has(config[key]))
    );
  };
  const all = keys.filter((key) => active.some(({ defaults }) => defaults.has(key)));
  const differences = all
    .filter((key) => !followsOnly(key))
    .map((key): Difference => ({ key, values: configs.map((config) => valueWords(key, config)) }))
    .filter(({ values }) => new Set(values).size > 1);
  return { differences, same: all.length - differences.length };
}

export interface Costs {
  readonly lift: number;
  readonly blocks: number;
  readonly head: number;
  readonly total: number;
  readonly macs: number;
  readonly flopsPerStep: number;
  readonly memory: MemoryPlan;
}

const kept = new WeakMap<Plan, Costs>();

/** Where parameters, compute and memory of a plan go. */
export function costsOf(config: Config, plan: Plan): Costs {
  const known = kept.get(plan);
  if (known) return known;
  const count = { lift: 0, block: 0, head: 0 };
  for (const { role, kind, shape } of tensors(plan.layers))
    if (kind === 'parameter') count[role] += elements(shape);
  const costs: Costs = {
    lift: count.lift,
    blocks: count.block,
    head: count.head,
    total: plan.parameters.total,
    macs: plan.macsPerExample,
    flopsPerStep: plan.flopsPerStep,
    memory: memoryOf(config, plan),
  };
  kept.set(plan, costs);
  return costs;
}

/** "1.02 ×", "0.2 ×": as many digits as tell it from 1. */
export function ratioWords(value: number, base: number): string {
  const ratio = value / base;
  if (!Number.isFinite(ratio)) return '–';
  return `${ratio >= 10 ? Math.round(ratio) : Number(ratio.toPrecision(Math.abs(ratio - 1) < 0.095 ? 3 : 2))} ×`;
}

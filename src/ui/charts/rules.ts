// References across charts: chance, and the lowest loss that smoothed targets allow.
import { tasks } from '../../catalog/tasks/index.ts';
import { formatNumber, formatPercent } from '../../core/format.ts';
import type { Config } from '../../experiment/config.ts';
import type { RuleLayer } from './layers.ts';

const isOnImages = ({ task }: Config): boolean => tasks[task].picture !== null;

/** The loss of the best possible answer where targets are smoothed: their entropy, in nats. */
function smoothedFloor(smoothing: number, classes: number): number {
  const other = smoothing / classes;
  const right = 1 - smoothing + other;
  return -right * Math.log(right) - (classes - 1) * other * Math.log(other);
}

/**
 * Chance, and the floor when all runs smooth alike; a task on images has neither. `classes` is 0 where nobody knows how
 * many there are: own data that is not there.
 */
export function lossRules(configs: readonly Config[], classes: number): readonly RuleLayer[] {
  const [first] = configs;
  if (!first || classes === 0 || configs.some(isOnImages)) return [];
  const chance = Math.log(classes);
  const words = `chance, ln ${classes} = ${chance.toFixed(2)}`;
  const rules: RuleLayer[] = [{ kind: 'rule', key: 'chance', at: { y: chance }, words, side: 'end' }];
  const smoothing = first['train.labelSmoothing'];
  if (smoothing > 0 && configs.every((config) => config['train.labelSmoothing'] === smoothing)) {
    const y = smoothedFloor(smoothing, classes);
    const floor = `lowest possible with smoothing ${formatNumber(smoothing)}: ${y.toFixed(2)}`;
    rules.push({ kind: 'rule', key: 'floor', at: { y }, words: floor, side: 'start' });
  }
  return rules;
}

export function scoreRules(configs: readonly Config[], classes: number): readonly RuleLayer[] {
  if (configs.length === 0 || classes === 0 || configs.some(isOnImages)) return [];
  const chance = 1 / classes;
  const words = `chance, ${formatPercent(chance, 0)}`;
  return [{ kind: 'rule', key: 'chance', at: { y: chance }, words, side: 'end' }];
}

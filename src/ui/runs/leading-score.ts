// The score that a run is known by: the first that its task names, of the newest scoring of the test images.
import { tasks } from '../../catalog/tasks/index.ts';
import { formatPercent } from '../../core/format.ts';
import { last, type MetricLog } from '../../core/metrics.ts';
import { type ScoreName, scoreWords } from '../../core/scores.ts';
import type { Config } from '../../experiment/config.ts';
import { halfWidth } from '../charts/interval.ts';

export interface LeadingScore {
  readonly name: ScoreName;
  readonly value: number;
}

/** Null before the first scoring. */
export function leadingScore({ task }: Config, log: MetricLog | null): LeadingScore | null {
  const [name] = tasks[task].scores;
  const value = log ? last(log, `test/${name}`) : null;
  return value === null ? null : { name, value };
}

/** "87.3 ± 0.7 %" with half the width of the 95 % interval of as many images, or "24.31 dB". */
export function scoreText({ name, value }: LeadingScore, images: number): string {
  if (name !== 'accuracy') return scoreWords[name].format(value);
  return `${(value * 100).toFixed(1)} ± ${formatPercent(halfWidth(value, images))}`;
}

/** What to call the column of these runs' scores: "Test acc.", or "Test score" where their tasks differ. */
export function scoreHeading(configs: readonly Config[]): string {
  const names = new Set(configs.map(({ task }) => tasks[task].scores[0]));
  const [name] = names;
  return name && names.size === 1 ? `Test ${scoreWords[name].short}` : 'Test score';
}

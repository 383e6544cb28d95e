// Lines of the figures of studies: means over seeds along an axis or along training, with their intervals.
import { type Arm, amounts, type BySeed, summaryOf } from '../../core/arms.ts';
import type { Group } from '../../core/measurement.ts';
import type { Fastest } from '../../core/steps-to-target.ts';
import type { CurvePoint, FigureLine, FigurePoint } from './study.ts';

/** Why an arm whose best lies at the edge of the search is drawn hollow. */
export const edgeDoubt = (arm: Arm | null): string | null =>
  arm && arm.edges.length > 0
    ? `the best ${arm.edges.map((key) => key.split('.').at(-1)).join(' and ')} is the first or the last that was tried`
    : null;

/** What a point shows beside its amount. */
interface PointOptions {
  /** 100 shows a share in percent. */
  readonly factor?: number;
  readonly doubt?: string | null;
  /** The cell whose runs stand behind it. */
  readonly group?: Group;
}

/** One point: the mean of an amount over seeds; none without seeds. */
export function pointAt(
  x: number,
  amount: BySeed,
  { factor = 1, doubt = null, group }: PointOptions = {},
): readonly FigurePoint[] {
  const summary = summaryOf(amount);
  if (!summary) return [];
  const { mean, interval, n } = summary;
  return [
    {
      x,
      y: factor * mean,
      interval: interval && [factor * interval[0], factor * interval[1]],
      runs: n,
      doubt,
      ...(group ? { keys: group.measurements.map(({ key }) => key) } : {}),
    },
  ];
}

const EDGE = 'the fastest learning rate is the first or the last that was tried';

/** What a target costs by batch size, a point each. */
export const targetPoints = (fastest: readonly Fastest[]): readonly FigurePoint[] =>
  fastest.flatMap(({ batch, cost, keys, isEdge }) =>
    pointAt(batch, cost, { doubt: isEdge ? EDGE : null }).map((point) => ({ ...point, keys })),
  );

/** How many of them a wider search may move; nothing where none. */
export function targetEdges(fastest: readonly Fastest[]): readonly string[] {
  const count = fastest.filter(({ isEdge }) => isEdge).length;
  return count === 0 ? [] : [`At ${count} of ${fastest.length} points ${EDGE}.`];
}

export const lineOf = (label: string, points: readonly FigurePoint[]): FigureLine => ({
  label,
  points: points.toSorted((a, b) => a.x - b.x),
  fit: null,
});

/** A line that was computed, not measured. */
export const curveLine = (label: string, curve: readonly CurvePoint[]): FigureLine => ({
  label,
  points: [],
  fit: null,
  curve: curve.toSorted((a, b) => a.x - b.x),
});

/** A metric of a cell along training: the mean over seeds at each scored step, in epochs. */
export function curveOf(label: string, group: Group, metric: string, factor = 1): FigureLine {
  const [first] = group.measurements;
  const steps = first?.evaluations[metric]?.steps ?? [];
  const perEpoch = first ? first.images / (first.examples / first.steps) : 1;
  const points = steps.flatMap((step) => {
    const at = amounts(group, ({ evaluations }) => {
      const { steps: own = [], values = [] } = evaluations[metric] ?? {};
      return values[own.indexOf(step)] ?? null;
    });
    return pointAt(step / perEpoch, at, { factor, group });
  });
  return lineOf(label, points);
}

// N*(C) = G (C/k)^a from training curves: at each compute the run with the lowest loss so far, and a power law through
// the sizes of those runs. The runs' schedules should match their horizons.
// Source: Hoffmann et al. 2022, approach 1.
import { LabError } from '../failure.ts';
import { throughOptima } from './iso-flop.ts';
import { flopsPerParameterExample, type Law, type Points } from './law.ts';

const PLACES = 1500;
/** A curve with more points than this is smoothed over `WINDOW` of them. */
const SPARSE = 20;
const WINDOW = 5;

interface Curve {
  readonly size: number;
  /** Log compute, rising, and the loss there. */
  readonly compute: Float64Array;
  readonly loss: Float64Array;
}

/** A place on the frontier. */
export interface FrontierPoint {
  readonly compute: number;
  readonly parameters: number;
  readonly loss: number;
}

/** One curve for every size of a configuration, ordered by compute; of equal computes the lowest loss. */
function curvesOf({ inputs, y, configuration }: Points, weights: Float64Array | undefined): readonly Curve[] {
  const byCurve = new Map<string, Map<number, number>>();
  for (const [row, loss] of y.entries()) {
    if (weights && weights[row] === 0) continue;
    const key = `${inputs[1]?.[row]} ${configuration[row]}`;
    const curve = byCurve.get(key) ?? new Map<number, number>();
    byCurve.set(key, curve);
    const compute = Math.log(inputs[0]?.[row] as number);
    curve.set(compute, Math.min(loss, curve.get(compute) ?? Number.POSITIVE_INFINITY));
  }
  return [...byCurve].map(([key, curve]) => {
    const sorted = [...curve].sort(([a], [b]) => a - b);
    return {
      size: Number(key.split(' ')[0]),
      compute: Float64Array.from(sorted, ([compute]) => compute),
      loss: smoothed(Float64Array.from(sorted, ([, loss]) => loss)),
    };
  });
}

/** The mean over a window of neighbours, narrower at the ends; sparse curves stay as they are. */
function smoothed(loss: Float64Array): Float64Array {
  if (loss.length <= SPARSE) return loss;
  return loss.map((_, i) => {
    const reach = Math.min(WINDOW >> 1, i, loss.length - 1 - i);
    const window = loss.subarray(i - reach, i + reach + 1);
    return window.reduce((sum, value) => sum + value, 0) / window.length;
  });
}

/** Loss at a log compute, linear between points; infinite outside the curve. */
function lossAt({ compute, loss }: Curve, at: number): number {
  const last = compute.length - 1;
  if (last < 0 || at < (compute[0] as number) || at > (compute[last] as number))
    return Number.POSITIVE_INFINITY;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((compute[middle] as number) <= at) low = middle;
    else high = middle;
  }
  const width = (compute[high] as number) - (compute[low] as number);
  const share = width > 0 ? (at - (compute[low] as number)) / width : 0;
  return (loss[low] as number) + share * ((loss[high] as number) - (loss[low] as number));
}

/** The run with the lowest loss at each of many computes, evenly spaced on a log axis. */
export function frontierOf(points: Points, weights?: Float64Array): readonly FrontierPoint[] {
  const curves = curvesOf(points, weights);
  const ends = curves.flatMap(({ compute }) => [compute[0] as number, compute.at(-1) as number]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  return Array.from({ length: PLACES }, (_, i) => {
    const at = low + ((high - low) * i) / (PLACES - 1);
    let best = { parameters: 0, loss: Number.POSITIVE_INFINITY };
    for (const curve of curves) {
      const loss = lossAt(curve, at);
      if (loss < best.loss) best = { parameters: curve.size, loss };
    }
    return { compute: Math.exp(at), ...best };
  }).filter(({ loss }) => loss < Number.POSITIVE_INFINITY);
}

/**
 * Frontier places whose size could have been beaten from both sides: the smallest and the largest size are best also
 * where a size beyond them would be, and pull the slope to 0. With fewer than four sizes on the frontier all are kept.
 */
function trusted(points: Points, weights: Float64Array | undefined) {
  const frontier = frontierOf(points, weights);
  const sizes = [...new Set(frontier.map(({ parameters }) => parameters))].sort((a, b) => a - b);
  if (sizes.length < 4) return { places: frontier, sizes };
  const inner = frontier.filter(
    ({ parameters }) => parameters > (sizes[0] as number) && parameters < (sizes.at(-1) as number),
  );
  return { places: inner, sizes };
}

const toPoints = (places: readonly FrontierPoint[]): Points => ({
  inputs: [Float64Array.from(places, ({ compute }) => compute)],
  y: Float64Array.from(places, ({ parameters }) => parameters),
  configuration: Int32Array.from(places, (_, index) => index),
  configurations: places.length,
});

export const envelope = {
  id: 'envelope',
  label: 'Envelope of training curves',
  form: 'N* = G (C/k)^a, D* = (C/k)^b / G',
  source: 'Hoffmann et al. 2022, approach 1',
  inputs: [
    { name: 'C', meaning: 'training FLOPs so far' },
    { name: 'N', meaning: 'parameters' },
  ],
  parameters: [
    { name: 'a', kind: 'exponent', meaning: 'N* grows as C^a' },
    { name: 'b', kind: 'exponent', meaning: 'D* grows as C^b' },
    { name: 'G', kind: 'amount', meaning: 'N* at C = k' },
  ],
  freedom: 2,
  solve(points, { weights, counting }) {
    const { places, sizes } = trusted(points, weights);
    if (sizes.length < 2) {
      throw new LabError(
        'dataset-invalid',
        `The envelope needs training curves of sizes that overtake one another; ${sizes.length === 0 ? 'none' : 'only one size'} is ever best here.`,
      );
    }
    return {
      ...throughOptima(toPoints(places), counting),
      method: `lowest of the interpolated curves at ${PLACES} computes; least squares through the best sizes on log axes`,
      warnings:
        sizes.length < 4
          ? [
              `Only ${sizes.length} sizes are ever best, the smallest and largest among them: the slope leans to 0. Add sizes.`,
            ]
          : [],
    };
  },
  predict: ([a = 0, , G = 0], [compute = 0], counting) =>
    G * (compute / flopsPerParameterExample(counting)) ** a,
  size: ([compute = 0]) => compute,
  identity: [1],
  draws: 2,
  /** One row for every size that is best somewhere: the middle of its reign. */
  reduce(points) {
    const { places } = trusted(points, undefined);
    const reigns = new Map<number, FrontierPoint[]>();
    for (const place of places)
      reigns.set(place.parameters, [...(reigns.get(place.parameters) ?? []), place]);
    return toPoints([...reigns.values()].map((reign) => reign[reign.length >> 1] as FrontierPoint));
  },
} as const satisfies Law;

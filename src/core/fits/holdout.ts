// How far a law may be trusted beyond its rows: the largest configurations are held out, predicted, and scored against
// three baselines. Never random rows: between its rows nearly any curve is right.
import { LabError } from '../failure.ts';
import { rmsle } from '../stats/score.ts';
import { type RankedForm, rankForms } from './forms.ts';
import type { Counting, Holdout, Law, Points } from './law.ts';
import { rowOf, selectRows } from './points.ts';
import { powerLaw } from './power-law.ts';

/** Every row's size under the law: x, or compute. */
function sizesOf(law: Law, inputs: readonly Float64Array[], rows: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => law.size(rowOf(inputs, row)));
}

export interface Split {
  /** Rows to fit. */
  readonly kept: Points;
  /** What is to be predicted: rows, or reduced rows. */
  readonly held: Points;
}

/**
 * Sets the `count` largest configurations aside; of a law that is reduced, the largest reduced rows, and all rows beyond
 * the last that stays.
 * @throws LabError `dataset-invalid` where too little would be left
 */
export function holdOut(law: Law, points: Points, count: number): Split {
  const reduced = law.reduce?.(points, {}) ?? points;
  const sizes = sizesOf(law, reduced.inputs, reduced.y.length);
  const largest = new Float64Array(reduced.configurations);
  for (const [row, size] of sizes.entries()) {
    const configuration = reduced.configuration[row] as number;
    largest[configuration] = Math.max(largest[configuration] as number, size);
  }
  const order = [...largest.keys()].sort((a, b) => (largest[b] as number) - (largest[a] as number));
  if (order.length - count < law.freedom) {
    throw new LabError(
      'dataset-invalid',
      `Holding out ${count} of ${order.length} configurations leaves too few for the ${law.freedom} parameters of this law: hold out at most ${Math.max(0, order.length - law.freedom)}.`,
    );
  }
  const isHeld = new Set(order.slice(0, count));
  const held = selectRows(reduced, (row) => isHeld.has(reduced.configuration[row] as number));
  if (!law.reduce) {
    return { kept: selectRows(points, (row) => !isHeld.has(points.configuration[row] as number)), held };
  }
  const last = largest[order[count] as number] as number;
  const first = largest[order[count - 1] as number] as number;
  const limit = Math.sqrt(last * first);
  const all = sizesOf(law, points.inputs, points.y.length);
  return { kept: selectRows(points, (row) => (all[row] as number) < limit), held };
}

/** Rows by size alone: what a law of one variable sees. */
const bySize = (law: Law, { inputs, ...rest }: Points): Points => ({
  ...rest,
  inputs: [sizesOf(law, inputs, rest.y.length)],
});

/** Scores a law's parameters, fitted to `kept`, on `held`. */
export function scoreHoldout(
  law: Law,
  parameters: readonly number[],
  { kept, held }: Split,
  counting?: Counting,
): Holdout {
  const seen = bySize(law, law.reduce?.(kept, {}) ?? kept);
  const unseen = bySize(law, held);
  const scored = (predict: (row: number) => number): number =>
    rmsle(
      Float64Array.from(held.y, (_, row) => predict(row)),
      held.y,
    );
  const top = seen.inputs[0]?.reduce((high, size) => Math.max(high, size), 0);
  const last = seen.y.filter((_, row) => seen.inputs[0]?.[row] === top);
  const lastValue = last.reduce((sum, y) => sum + y, 0) / last.length;
  const ranked = rankForms(seen);
  const byForm = ({ law: form, parameters: found }: RankedForm): number =>
    scored((row) => form.predict(found, rowOf(unseen.inputs, row)));
  const best = ranked[0] as RankedForm;
  return {
    rows: held.y.length,
    configurations: held.configurations,
    rmsle: scored((row) => law.predict(parameters, rowOf(held.inputs, row), counting)),
    baselines: {
      lastValue: scored(() => lastValue),
      powerLaw: byForm(ranked.find(({ law: form }) => form.id === powerLaw.id) as RankedForm),
      bestForm: { law: best.law.id, rmsle: byForm(best) },
    },
  };
}

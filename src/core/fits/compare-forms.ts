// Which form in one variable to believe: the one that predicts the largest configurations, held out; between equals, and
// without a holdout, the one with the lower AICc. Good interpolation alone is no reason to believe a form.
import { rmsle } from '../stats/score.ts';
import { rankForms } from './forms.ts';
import { holdOut } from './holdout.ts';
import { pointsOf, rowOf, type Sample } from './points.ts';
import { powerLaw } from './power-law.ts';

export interface ComparedForm {
  readonly law: string;
  /** On the configurations held out; null where none were. */
  readonly rmsle: number | null;
  /** On the configurations that were fitted. */
  readonly aicc: number;
}

/**
 * All forms in one variable that the rows can carry, the most credible first.
 * @param holdout so many of the largest configurations are predicted
 * @throws LabError `dataset-invalid` where too little would be left to fit
 */
export function compareForms(sample: Sample, holdout = 0): readonly ComparedForm[] {
  const { points } = pointsOf(powerLaw, sample);
  const { kept, held } = holdout > 0 ? holdOut(powerLaw, points, holdout) : { kept: points, held: null };
  return rankForms(kept)
    .map(({ law, parameters, aicc }) => {
      const predicted = held?.y.map((_, row) => law.predict(parameters, rowOf(held.inputs, row)));
      return { law: law.id, rmsle: held && predicted ? rmsle(predicted, held.y) : null, aicc };
    })
    .sort((a, b) => (a.rmsle ?? 0) - (b.rmsle ?? 0) || a.aicc - b.aicc);
}

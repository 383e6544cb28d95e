// The forms of one variable side by side: which describes its rows best for the parameters that it spends.
import { aicc } from '../stats/score.ts';
import { brokenPowerLaw } from './broken-power-law.ts';
import { computeLaw } from './compute-law.ts';
import { errorLaw } from './error-law.ts';
import type { Law, Points } from './law.ts';
import { rowOf } from './points.ts';
import { powerLaw } from './power-law.ts';
import { powerLawOffset } from './power-law-offset.ts';
import { powerLawShifted } from './power-law-shifted.ts';

const forms: readonly Law[] = [
  powerLaw,
  powerLawOffset,
  powerLawShifted,
  errorLaw,
  computeLaw,
  brokenPowerLaw,
];

/** AICc of a form on the means of configurations. */
function criterion(form: Law, parameters: readonly number[], points: Points): number {
  const sums = new Float64Array(points.configurations);
  const counts = new Float64Array(points.configurations);
  for (const [row, y] of points.y.entries()) {
    const at = points.configuration[row] as number;
    sums[at] = (sums[at] as number) + Math.log(form.predict(parameters, rowOf(points.inputs, row)) / y);
    counts[at] = (counts[at] as number) + 1;
  }
  const squares = sums.reduce((sum, value, i) => sum + (value / (counts[i] as number)) ** 2, 0);
  return aicc(squares, points.configurations, form.freedom);
}

export interface RankedForm {
  readonly law: Law;
  readonly parameters: readonly number[];
  readonly aicc: number;
}

/** The forms in one variable that these rows can carry, the best (lowest AICc) first; the power law always. */
export function rankForms(points: Points): readonly RankedForm[] {
  return forms
    .filter((form) => form === powerLaw || points.configurations > form.freedom + 2)
    .map((form) => {
      const { parameters } = form.solve(points, {});
      return { law: form, parameters, aicc: criterion(form, parameters, points) };
    })
    .sort((a, b) => a.aicc - b.aicc);
}

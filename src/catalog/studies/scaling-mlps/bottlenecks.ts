// What limits the error, parameters or images? The slope of the error on log axes along each, where the other is at its
// largest, on the runs of the study on the scaling law.
import { amounts, type BySeed, minus, scaled, slopeBySeed, summaryOf } from '../../../core/arms.ts';
import type { Group, Observed } from '../../../core/measurement.ts';
import { groupsAt, valuesOf } from '../../../core/observations.ts';
import { lineOf, pointAt } from '../lines.ts';
import { quantities } from '../quantities.ts';
import { scalingLaw } from '../scaling-law.ts';
import type { Figure, Quantity, Study } from '../study.ts';
import { verdictOn } from '../verdict.ts';

const x = quantities.trainingImages;
const y = quantities.testError;
const parameters = quantities.parameters;

const WIDTH = 'model.width';
const IMAGES = 'data.trainSize';
const EPOCHS = 'train.epochs';

const errorOf = (group: Group): BySeed =>
  amounts(group, ({ final }) => {
    const accuracy = final['test/accuracy'];
    return accuracy === undefined || accuracy >= 1 ? null : 100 * (1 - accuracy);
  });

const sizeOf = ({ measurements: [first] }: Group): number => first?.parameters.total ?? 1;

/** The exponent α of error ∝ size^(−α), by seed. */
const exponentOf = (groups: readonly Group[], size: (group: Group) => number): BySeed =>
  scaled(
    slopeBySeed(
      groups.map((group) => ({
        x: Math.log(size(group)),
        y: new Map([...errorOf(group)].map(([seed, error]) => [seed, Math.log(error)])),
      })),
    ),
    -1,
  );

const figureOf = (
  title: string,
  quantity: Quantity,
  groups: readonly Group[],
  size: (group: Group) => number,
): Figure => ({
  title,
  x: quantity,
  y,
  lines: [
    lineOf(
      'mean over seeds',
      groups.flatMap((group) => pointAt(size(group), errorOf(group), { group })),
    ),
  ],
});

function findingOf(rows: readonly Observed[]) {
  const [width, images, epochs] = [WIDTH, IMAGES, EPOCHS].map((axis) => valuesOf(rows, axis).at(-1));
  const longest = epochs === undefined ? [] : rows.filter(({ cell }) => cell[EPOCHS] === epochs);
  const byImages = width === undefined ? [] : groupsAt(longest, { [WIDTH]: width });
  const byWidth = images === undefined ? [] : groupsAt(longest, { [IMAGES]: images });
  const imagesOf = ({ cell }: Group): number => Number(cell[IMAGES] ?? 1);
  const ofImages = exponentOf(byImages, imagesOf);
  const ofParameters = exponentOf(byWidth, sizeOf);
  const parts = [
    {
      words: ['The exponent along the parameters is', 'above the one along the images'],
      amount: summaryOf(minus(ofParameters, ofImages)),
      claimed: [0, Number.POSITIVE_INFINITY],
    },
  ] as const;
  const words = (name: string, amount: BySeed): readonly string[] => {
    const summary = summaryOf(amount);
    if (!summary) return [];
    const ends = summary.interval?.map((end) => end.toFixed(2)).join(', ');
    return [
      `Along the ${name} the error falls to the power ${summary.mean.toFixed(2)}${ends ? ` [${ends}]` : ''}.`,
    ];
  };
  return {
    figures: [
      figureOf(`Test error against images, width ${width ?? '–'}`, x, byImages, imagesOf),
      figureOf(`Test error against parameters, ${images ?? '–'} images`, parameters, byWidth, sizeOf),
    ],
    verdict: verdictOn(parts, rows, [
      ...words('images', ofImages),
      ...words('parameters', ofParameters),
      'Slopes are of the error itself: a floor, which both share, makes them smaller than the exponents of a law with one.',
    ]),
  };
}

export const bottlenecks: Study = {
  label: 'Parameters or images',
  paper: 'scaling-mlps',
  question: 'What limits the error, parameters or images?',
  claim:
    'Error falls faster with parameters, where they are the limit, than with images: MLPs are limited by data.',
  source: 'Scaling MLPs, section 4.3 and figure 7',
  settings: scalingLaw.settings,
  x,
  y,
  law: 'power-law',
  scaledDown:
    'The runs of the study on the scaling law: at most 12,000 images and a width of 128; test error of the trained task instead of a linear probe. The paper has exponents of about 1 and 0.35.',
  answer: 'Test error against images at the largest width, and against parameters with all images.',
  finding: async (rows) => findingOf(rows),
};

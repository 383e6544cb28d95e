// Test-time augmentation: each test image in several versions, varied as in training, and one answer from their mean. One
// path for every runner: images are varied on the host and go in ready.
import { drawWords } from '../catalog/augmentations/augmentation.ts';
import { augmentations } from '../catalog/augmentations/index.ts';
import { features } from '../core/dataset.ts';
import { LabError } from '../core/failure.ts';
import { stream, streams } from '../core/rng.ts';
import type { Scores } from '../core/scores.ts';
import type { Scorer } from './evaluate.ts';
import { gather, pixels } from './gather.ts';
import type { Job, Runner } from './runner.ts';

/** A probability of 0 would make the loss infinite. */
const LEAST = 1e-300;

/** Adds what one version says of each row: the logits, or the probabilities they stand for (softmax). */
export function addAnswers(
  logits: Float32Array,
  classes: number,
  mean: 'probabilities' | 'logits',
  sums: Float64Array,
): void {
  for (let begin = 0; begin < logits.length; begin += classes) {
    const row = logits.subarray(begin, begin + classes);
    const top = row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const total = row.reduce((sum, value) => sum + Math.exp(value - top), 0);
    for (const [index, value] of row.entries()) {
      const answer = mean === 'logits' ? value : Math.exp(value - top) / total;
      sums[begin + index] = (sums[begin + index] as number) + answer;
    }
  }
}

/**
 * Scores the test rows by the mean over `evaluate.tta` versions of each: what is drawn for version v of row r depends on
 * (seed, v, r) alone. Bachmann et al. 2023, section 4.2 (mean of logits) and code (mean of probabilities). Null when
 * `between` says stop.
 */
export async function evaluateViews(
  runner: Runner,
  { config, dataset, mean, std }: Job,
  rows: Uint32Array<ArrayBuffer>,
  scorer: Scorer,
  atOnce: number,
  between: () => Promise<boolean>,
): Promise<Scores | null> {
  const { shape, test, classes } = dataset;
  const { variation } = augmentations[config.augment];
  if (!variation) throw new LabError('internal', `augment=${config.augment} makes no versions of an image.`);
  const draw = variation.draws(config, shape);
  const words = drawWords[variation.cut];
  const random = stream(config.seed, streams.views);
  const look = pixels(shape, mean, std);
  const views = config['evaluate.tta'];
  const kind = config['evaluate.ttaMean'];
  for (let begin = 0; begin < rows.length; begin += atOnce) {
    const part = rows.subarray(begin, begin + atOnce);
    const given = new Float32Array(part.length * features(shape));
    const draws = new Int32Array(part.length * words);
    const sums = new Float64Array(part.length * classes.length);
    for (let view = 0; view < views; view++) {
      if (await between()) return null;
      for (const [index, row] of part.entries()) draws.set(draw(random, view, row), index * words);
      gather(look, test.images, part, draws, given);
      const logits = await runner.outputs({ split: 'test', rows: part, given });
      addAnswers(logits, classes.length, kind, sums);
    }
    // The softmax of the logarithm of probabilities gives them back.
    const answer = (sum: number): number =>
      kind === 'logits' ? sum / views : Math.log(Math.max(sum / views, LEAST));
    scorer.add(Float32Array.from(sums, answer), part);
  }
  return scorer.scores();
}

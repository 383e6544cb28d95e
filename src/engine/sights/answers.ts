// What a network answers for the whole test split, from the same outputs as its scores; and its worst mistakes as images.
import { tasks } from '../../catalog/tasks/index.ts';
import type { Dataset } from '../../core/dataset.ts';
import { LabError } from '../../core/failure.ts';
import { softmax } from '../../core/softmax.ts';
import { worstMistakes } from '../../core/stats/confusion.ts';
import type { Answers } from '../../experiment/sight.ts';
import { createScorer, evaluate, rowsAtOnce, type Scorer } from '../evaluate.ts';
import { createBreather } from '../macrotask.ts';
import type { Job, Runner } from '../runner.ts';
import { testPictures } from './images.ts';

/** Mistakes that are shown at most. */
const MISTAKES = 24;

/** Of each row the most probable class and its probability. */
export interface Tops {
  readonly predicted: Uint8Array<ArrayBuffer>;
  readonly confidence: Float32Array<ArrayBuffer>;
}

/** Notes the tops of what `inner` scores: the first of equal logits, as accuracy counts. */
function topsOf(inner: Scorer, { predicted, confidence }: Tops): Scorer {
  return {
    add(logits, rows) {
      inner.add(logits, rows);
      const classes = logits.length / rows.length;
      for (const [index, row] of rows.entries()) {
        const probabilities = softmax(logits.subarray(index * classes, (index + 1) * classes));
        let best = 0;
        for (let k = 1; k < classes; k++)
          if ((probabilities[k] as number) > (probabilities[best] as number)) best = k;
        predicted[row] = best;
        confidence[row] = probabilities[best] as number;
      }
    },
    scores: inner.scores,
  };
}

/**
 * Null where the answer is an image. `dataset` is as it was loaded. Throws LabError `cancelled` where `isHurried`
 * came in between.
 */
export async function answers(
  runner: Runner,
  job: Job,
  { dataset, isHurried }: { readonly dataset: Dataset; readonly isHurried: () => boolean },
  widest: number,
): Promise<Answers | null> {
  if (tasks[job.config.task].picture) return null;
  const { labels } = job.dataset.test;
  const tops: Tops = {
    predicted: new Uint8Array(labels.length),
    confidence: new Float32Array(labels.length),
  };
  const breathe = createBreather(30);
  const between = async (): Promise<boolean> => {
    await breathe();
    return isHurried();
  };
  const scorer = topsOf(createScorer(job, 'test'), tops);
  const rows = Uint32Array.from(labels, (_, row) => row);
  const scores = await evaluate(runner, { split: 'test', rows }, scorer, rowsAtOnce(widest), between);
  if (!scores) throw new LabError('cancelled', 'The look was given up because the run stops. Look again.');
  const worst = worstMistakes({ labels, ...tops }, MISTAKES);
  const classes = job.dataset.classes.length;
  const logits =
    worst.length > 0
      ? await runner.outputs({ split: 'test', rows: Uint32Array.from(worst) })
      : new Float32Array(0);
  const probabilities = new Float32Array(logits.length);
  for (let at = 0; at < logits.length; at += classes)
    probabilities.set(softmax(logits.subarray(at, at + classes)), at);
  return {
    kind: 'answers',
    labels: labels.slice(),
    ...tops,
    mistakes: { rows: worst, probabilities, pictures: testPictures(job.config, dataset, worst) },
  };
}

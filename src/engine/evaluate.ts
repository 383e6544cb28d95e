// Scores a split by what its task names, from the network's outputs, in float64 on the CPU.
import { tasks } from '../catalog/tasks/index.ts';
import type { Scores } from '../core/scores.ts';
import { goalReader } from './pictures.ts';
import type { Job, Rows, Runner } from './runner.ts';
import { scoreImages } from './score-images.ts';

/** Takes the outputs of a split piece by piece; says at the end what they are worth. */
export interface Scorer {
  /** `outputs` are rows × outputs of these rows of the split. */
  add(outputs: Float32Array, rows: Uint32Array): void;
  scores(): Scores;
}

/**
 * Cross-entropy without smoothing, in nats, and the share of rows whose largest logit is the label's. A logit that is not
 * a number makes the loss NaN and the row wrong.
 */
function scoreClasses(labels: Uint8Array): Scorer {
  let loss = 0;
  let correct = 0;
  let count = 0;
  return {
    add(logits, rows) {
      const classes = logits.length / rows.length;
      for (let row = 0; row < rows.length; row++) {
        const begin = row * classes;
        const label = labels[rows[row] as number] as number;
        let best = 0;
        for (let k = 1; k < classes; k++)
          if ((logits[begin + k] as number) > (logits[begin + best] as number)) best = k;
        const top = logits[begin + best] as number;
        let sum = 0;
        for (let k = 0; k < classes; k++) sum += Math.exp((logits[begin + k] as number) - top);
        const own = logits[begin + label] as number;
        loss += Math.log(sum) - (own - top);
        if (best === label && Number.isFinite(sum)) correct++;
      }
      count += rows.length;
    },
    scores: () => ({ loss: loss / count, accuracy: correct / count }),
  };
}

export function createScorer({ config, dataset, prototypes }: Job, split: Rows['split']): Scorer {
  return tasks[config.task].picture
    ? scoreImages(goalReader(config, dataset[split], dataset.shape, prototypes), dataset.shape)
    : scoreClasses(dataset[split].labels);
}

/** Rows at once: bounded by what the widest layer keeps, 64 MB. */
export function rowsAtOnce(widest: number): number {
  return Math.max(16, Math.min(1000, Math.floor(64e6 / (4 * widest))));
}

/** Scores rows in pieces; null when `between` says stop. */
export async function evaluate(
  runner: Runner,
  wanted: Rows,
  scorer: Scorer,
  atOnce: number,
  between: () => Promise<boolean>,
): Promise<Scores | null> {
  const { rows } = wanted;
  for (let begin = 0; begin < rows.length; begin += atOnce) {
    if (await between()) return null;
    const part = rows.subarray(begin, begin + atOnce);
    scorer.add(await runner.outputs({ ...wanted, rows: part }), part);
  }
  return scorer.scores();
}

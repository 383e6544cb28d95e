// Scores a split: cross-entropy without smoothing, and accuracy, from logits, in float64 on the CPU.
import type { Rows, Runner } from './runner.ts';

export interface Score {
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  /** Share of rows whose largest logit is the label's. */
  readonly accuracy: number;
}

/** Sums over rows of rows × classes logits; a logit that is not a number makes the loss NaN and the row wrong. */
export function scoreLogits(
  logits: Float32Array,
  labels: Uint8Array,
  rows: Uint32Array,
): { readonly loss: number; readonly correct: number } {
  const classes = logits.length / rows.length;
  let loss = 0;
  let correct = 0;
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
  return { loss, correct };
}

/** Rows at once: bounded by what the widest layer keeps, 64 MB. */
export function rowsAtOnce(widest: number): number {
  return Math.max(16, Math.min(1000, Math.floor(64e6 / (4 * widest))));
}

/** Scores rows in pieces; null when `isStopped` says so in between. */
export async function evaluate(
  runner: Runner,
  { split, rows }: Rows,
  labels: Uint8Array,
  atOnce: number,
  between: () => Promise<boolean>,
): Promise<Score | null> {
  let loss = 0;
  let correct = 0;
  for (let begin = 0; begin < rows.length; begin += atOnce) {
    if (await between()) return null;
    const part = rows.subarray(begin, begin + atOnce);
    const sums = scoreLogits(await runner.logits({ split, rows: part }), labels, part);
    loss += sums.loss;
    correct += sums.correct;
  }
  return { loss: loss / rows.length, accuracy: correct / rows.length };
}

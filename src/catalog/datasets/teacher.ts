// Labels by a teacher network: noise images, labelled by a fixed two-layer ReLU network, in integers only.
// Balanced by design: the pixels are symmetric about the middle grey, the 16 hidden weight rows are orthogonal ±1 rows
// (so hidden units have one distribution and no correlation), and each class's 16 output weights are a row of a
// Hadamard matrix with as many +1 as −1 (so every class's score has mean 0, the same variance, and no correlation
// with the others). No class is ahead of another. Largest integer: 16 × 64 × 255 = 261,120, exact everywhere.
import type { Dataset, Split } from '../../core/dataset.ts';
import { sha256Hex } from '../../core/hash.ts';
import { stream, streams } from '../../core/rng.ts';
import type { DatasetEntry } from './dataset.ts';

const SEED = 0;
const PIXELS = 64;
const HIDDEN = 16;
const CLASSES = 10;
const TRAIN = 4096;
const TEST = 1024;
/** Lanes of the stream: one for the weights' signs, one for the pixels. */
const SIGNS = 0;
const IMAGES = 1;

const classes = Array.from({ length: CLASSES }, (_, label) => `class ${label}`);

/** Sylvester's Hadamard matrix: ±1 by the parity of the bits that both indices have. */
function hadamard(row: number, column: number): 1 | -1 {
  let bits = row & column;
  let sign: 1 | -1 = 1;
  for (; bits !== 0; bits &= bits - 1) sign = sign === 1 ? -1 : 1;
  return sign;
}

/** Hidden weights: Hadamard rows 1 to 16 with a random sign a pixel, which keeps them orthogonal. */
function hiddenWeights(): Int8Array {
  const random = stream(SEED, streams.teacher);
  const weights = new Int8Array(HIDDEN * PIXELS);
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    const sign = random.word(pixel, SIGNS) >>> 31 === 1 ? 1 : -1;
    for (let unit = 0; unit < HIDDEN; unit++)
      weights[unit * PIXELS + pixel] = sign * hadamard(unit + 1, pixel);
  }
  return weights;
}

/** The class whose score is largest; the lowest one where two are equal. */
function label(image: Uint8Array, weights: Int8Array, hidden: Int32Array): number {
  for (let unit = 0; unit < HIDDEN; unit++) {
    let sum = 0;
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      sum += (weights[unit * PIXELS + pixel] as number) * (2 * (image[pixel] as number) - 255);
    }
    hidden[unit] = Math.max(sum, 0);
  }
  let best = 0;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let candidate = 0; candidate < CLASSES; candidate++) {
    let score = 0;
    for (let unit = 0; unit < HIDDEN; unit++)
      score += hadamard(candidate + 1, unit) * (hidden[unit] as number);
    if (score > bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

function generateSplit(from: number, count: number, weights: Int8Array): Split {
  const random = stream(SEED, streams.teacher);
  const images = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  const hidden = new Int32Array(HIDDEN);
  for (let i = 0; i < images.length; i += 4) {
    const word = random.word((from * PIXELS + i) / 4, IMAGES);
    images[i] = word & 255;
    images[i + 1] = (word >>> 8) & 255;
    images[i + 2] = (word >>> 16) & 255;
    images[i + 3] = word >>> 24;
  }
  for (let row = 0; row < count; row++) {
    labels[row] = label(images.subarray(row * PIXELS, (row + 1) * PIXELS), weights, hidden);
  }
  return { images, labels };
}

function generate(): Dataset {
  const weights = hiddenWeights();
  const train = generateSplit(0, TRAIN, weights);
  const test = generateSplit(TRAIN, TEST, weights);
  return {
    id: 'teacher',
    order: 'generated',
    sha256: sha256Hex(train.images, train.labels, test.images, test.labels),
    shape: teacher.shape,
    classes,
    train,
    test,
  };
}

export const teacher: DatasetEntry = {
  label: 'Teacher',
  help: 'Noise images labelled by a small fixed network: exact, made in the page, nothing to fetch.',
  source: 'Computed here; the setting is that of Gardner and Derrida 1989',
  licence: 'none needed',
  shape: { channels: 1, height: 8, width: 8 },
  classes,
  train: TRAIN,
  test: TEST,
  // Of the 256 equally likely bytes, over 255: mean 1/2, variance (256² − 1) / 12 / 255².
  mean: [0.5],
  std: [0.28980729],
  origin: 'generated',
  generate,
};

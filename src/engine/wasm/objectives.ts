// The operations at both ends of a step: the batch, the loss, the gradient's length and the optimizers.
import * as codes from './opcodes.ts';
import type { Address, Operation } from './operations.ts';

const ofElements = (count: number): number => Math.max(1, Math.min(64, Math.ceil(count / 16384)));

export interface Gather {
  /** uint8 images, channel planes first; `table` has channels × 256 floats. */
  readonly images: Address;
  readonly table: Address;
  /** uint32, one a row. */
  readonly indices: Address;
  /** `words` int32 a row; none leaves images as they are. */
  readonly draws?: { readonly at: Address; readonly words: number };
  readonly out: Address;
  readonly rows: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export function gather(settings: Gather): Operation {
  const { images, indices, draws, table, out, rows, channels, height, width } = settings;
  const { at, words: drawWords } = draws ?? { at: 0, words: 0 };
  const words = [images, indices, at, table, out, rows, channels, height, width, drawWords];
  return { code: codes.GATHER, chunks: Math.max(1, Math.min(32, Math.ceil(rows / 8))), words, reals: [] };
}

/** MixUp in place: each of `rows` rows with the one before it; `share` points at λ, float32. */
export function mix(x: Address, share: Address, rows: number, columns: number): Operation {
  return { code: codes.MIX, chunks: ofElements(rows * columns), words: [x, share, rows, columns], reals: [] };
}

export interface CrossEntropy {
  readonly logits: Address;
  /** uint8; the label of row r is labels[indices[r]], or labels[r] without indices. */
  readonly labels: Address;
  readonly indices?: Address;
  /** float32, one a row. */
  readonly losses: Address;
  /** rows × classes: scale · (p − target), where asked. */
  readonly gradient?: Address;
  readonly rows: number;
  readonly classes: number;
  /** MixUp's λ, float32: rows share their label with that of the row before. */
  readonly share?: Address;
  readonly smoothing: number;
  /** 1 / rows gives the gradient of the mean loss. */
  readonly scale: number;
}

export function crossEntropy(settings: CrossEntropy): Operation {
  const { logits, labels, indices = 0, losses, gradient = 0, rows, classes, share = 0 } = settings;
  const { smoothing, scale } = settings;
  const words = [logits, labels, indices, losses, gradient, rows, classes, share];
  const chunks = Math.max(1, Math.min(16, Math.ceil((rows * classes) / 1024)));
  return { code: codes.CROSS_ENTROPY, chunks, words, reals: [smoothing, scale] };
}

/** out = mean of `count` floats. */
export function mean(x: Address, out: Address, count: number): Operation {
  return { code: codes.MEAN, chunks: 1, words: [x, out, count], reals: [] };
}

/** Bytes of `partials`, which `gradientNorm` needs; 8-byte aligned. */
export const partialsBytes = (count: number): number => Math.ceil(count / codes.SQUARES_CHUNK) * 8;

/**
 * Length of `count` floats to `norm`, and the factor that clips it to `limit` (0: none) to `factor`, float32 each.
 */
export function gradientNorm(
  x: Address,
  count: number,
  partials: Address,
  norm: Address,
  factor: Address,
  limit: number,
): Operation[] {
  const chunks = Math.ceil(count / codes.SQUARES_CHUNK);
  return [
    { code: codes.SQUARES, chunks, words: [x, partials, count], reals: [] },
    { code: codes.CLIP, chunks: 1, words: [partials, chunks, norm, factor], reals: [limit] },
  ];
}

export interface Accumulation {
  readonly x: Address;
  readonly total: Address;
  /** `partialsBytes` of them. */
  readonly partials: Address;
  readonly count: number;
  readonly share: number;
  readonly isFirst: boolean;
}

/** total += share · x, partials += sums of squares of x; where it is the first, both are written. */
export function accumulate({ x, total, partials, count, share, isFirst }: Accumulation): Operation {
  const chunks = Math.ceil(count / codes.SQUARES_CHUNK);
  const words = [x, total, partials, count, isFirst ? 1 : 0];
  return { code: codes.ACCUMULATE, chunks, words, reals: [share] };
}

/** One range of parameters that a rule updates in place; `factor` points at the clip's factor. */
export interface Update {
  readonly parameter: Address;
  readonly gradient: Address;
  readonly count: number;
  readonly factor?: Address;
}

export interface SgdNumbers {
  readonly rate: number;
  readonly momentum: number;
  readonly decay: number;
}

export const sgdReals = ({ rate, momentum, decay }: SgdNumbers): number[] => [rate, momentum, decay];

export function sgd(update: Update & { buffer: Address }, numbers: SgdNumbers): Operation {
  const { parameter, gradient, buffer, count, factor = 0 } = update;
  const words = [parameter, gradient, buffer, count, factor];
  return { code: codes.SGD, chunks: ofElements(count), words, reals: sgdReals(numbers) };
}

export interface AdamwNumbers {
  readonly rate: number;
  /** Counted from 1. */
  readonly step: number;
  readonly decay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export function adamwReals({ rate, step, decay, beta1, beta2, epsilon }: AdamwNumbers): number[] {
  return [
    1 - rate * decay,
    rate / (1 - beta1 ** step),
    1 / Math.sqrt(1 - beta2 ** step),
    beta1,
    beta2,
    epsilon,
  ];
}

export function adamw(
  update: Update & { average: Address; square: Address },
  numbers: AdamwNumbers,
): Operation {
  const { parameter, gradient, average, square, count, factor = 0 } = update;
  const words = [parameter, gradient, average, square, count, factor];
  return { code: codes.ADAMW, chunks: ofElements(count), words, reals: adamwReals(numbers) };
}

export interface LionNumbers {
  readonly rate: number;
  readonly decay: number;
  readonly beta1: number;
  readonly beta2: number;
}

export function lionReals({ rate, decay, beta1, beta2 }: LionNumbers): number[] {
  return [1 - rate * decay, rate, beta1, beta2];
}

export function lion(update: Update & { average: Address }, numbers: LionNumbers): Operation {
  const { parameter, gradient, average, count, factor = 0 } = update;
  const words = [parameter, gradient, average, count, factor];
  return { code: codes.LION, chunks: ofElements(count), words, reals: lionReals(numbers) };
}

/** average = old · average + fresh · parameter, with `shares` [old, fresh]. */
export function average(
  parameter: Address,
  mean: Address,
  count: number,
  shares: readonly number[],
): Operation {
  return { code: codes.AVERAGE, chunks: ofElements(count), words: [parameter, mean, count], reals: shares };
}

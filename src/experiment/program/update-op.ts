// The operations that follow the gradients: their length, the optimizers, what is averaged and reported. See `op.ts`.

/** partials[i] = Σ input² over elements i · chunk … : the first pass of a norm. */
export interface SquareSums<T> {
  readonly kind: 'square-sums';
  readonly count: number;
  readonly chunk: number;
  readonly input: T;
  readonly partials: T;
}

/**
 * total += share · input and partials[i] += Σ input² over elements i · chunk … : one micro-batch's gradient joins those
 * before it. `isFirst` writes instead of adding.
 */
export interface Accumulate<T> {
  readonly kind: 'accumulate';
  readonly count: number;
  readonly chunk: number;
  readonly share: number;
  readonly isFirst: boolean;
  readonly input: T;
  readonly total: T;
  readonly partials: T;
}

/** loss += Σ losses, hits += Σ correct: what one micro-batch adds to the row of readings. `isFirst` writes. */
export interface Tally<T> {
  readonly kind: 'tally';
  readonly isFirst: boolean;
  readonly losses: T;
  readonly correct: T;
  readonly loss: T;
  readonly hits: T;
}

/** norm = √Σ partials; scale = min(1, maximum / (norm + 1e-6)), or 1 where `maximum` is null (PyTorch's clip_grad_norm_). */
export interface ClipScale<T> {
  readonly kind: 'clip-scale';
  readonly partials: T;
  readonly maximum: number | null;
  readonly norm: T;
  readonly scale: T;
}

/** One flat update; element i of all operands belongs together. The gradient is multiplied by scale[0] where there is one. */
interface FlatUpdate<T> {
  readonly count: number;
  readonly parameters: T;
  readonly gradients: T;
  readonly settings: T;
  readonly scale: T | null;
}

/** g += decay · p; buffer = momentum · buffer + g; p −= rate · buffer. */
export interface SgdUpdate<T> extends FlatUpdate<T> {
  readonly kind: 'sgd';
  readonly momentum: number;
  readonly decay: number;
  readonly buffer: T;
}

/** m = β₁ m + (1 − β₁) g; v = β₂ v + (1 − β₂) g²; p = p · keep − size · m / (√v / root + epsilon). */
export interface AdamwUpdate<T> extends FlatUpdate<T> {
  readonly kind: 'adamw';
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly mean: T;
  readonly square: T;
}

/** p = p · keep − rate · sign(β₁ m + (1 − β₁) g); m = β₂ m + (1 − β₂) g. sign(0) = 0. */
export interface LionUpdate<T> extends FlatUpdate<T> {
  readonly kind: 'lion';
  readonly beta1: number;
  readonly beta2: number;
  readonly mean: T;
}

/** average = settings.old · average + settings.new · parameters: an exponential moving average of the weights. */
export interface Average<T> {
  readonly kind: 'average';
  readonly count: number;
  readonly settings: T;
  readonly parameters: T;
  readonly average: T;
}

/**
 * Row settings.row of readings = [Σ losses, Σ correct, norm, Σ squares], the first two over the first settings.rows
 * rows; 0 without squares.
 */
export interface Summary<T> {
  readonly kind: 'summary';
  readonly losses: T;
  readonly correct: T;
  readonly norm: T;
  readonly squares: T | null;
  readonly settings: T;
  readonly readings: T;
}

export type UpdateOp<T> =
  | SquareSums<T>
  | Accumulate<T>
  | Tally<T>
  | ClipScale<T>
  | SgdUpdate<T>
  | AdamwUpdate<T>
  | LionUpdate<T>
  | Average<T>
  | Summary<T>;

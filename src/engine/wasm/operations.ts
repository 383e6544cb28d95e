// The operations that a tape can hold, as plain records: the kernel's number, how many chunks threads share, addresses and
// sizes, float64 numbers. Chunk counts depend on sizes alone, never on the number of threads.
import * as codes from './opcodes.ts';

/** Byte address in the kernels' memory; 0 stands for "none". */
export type Address = number;

export interface Operation {
  readonly code: number;
  readonly chunks: number;
  readonly words: readonly number[];
  readonly reals: readonly number[];
}

const activations = { none: codes.IDENTITY, relu: codes.RELU, gelu: codes.GELU } as const;

/** What follows a linear map or a norm at once. */
export type Follower = keyof typeof activations;

const clamp = (value: number, low: number, high: number): number =>
  Math.max(low, Math.min(high, Math.ceil(value)));
const ofElements = (count: number): number => clamp(count / 8192, 1, 64);
const ofRows = (rows: number, width: number): number => clamp((rows * width) / 8192, 1, Math.min(64, rows));
const ofColumns = (rows: number, width: number): number =>
  clamp((rows * width) / 8192, 1, Math.min(64, Math.ceil(width / 16)));

/** A matrix in row-major order; `transposed` uses it as its transpose, without moving it. */
export interface Matrix {
  readonly at: Address;
  readonly transposed?: boolean;
}

export interface Product {
  /** op(A) is rows × depth, op(B) is depth × columns, C is rows × columns. */
  readonly a: Matrix;
  readonly b: Matrix;
  readonly c: Address;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** `packedBytes(rows, depth)` bytes that nothing else uses until the product is done. */
  readonly packed: Address;
  /** C += instead of C =. */
  readonly accumulates?: boolean;
  /** One value a column, added to the sum. */
  readonly bias?: Address;
  /** Then the activation; `before` keeps its argument (rows × columns) where asked. */
  readonly activation?: Follower;
  readonly before?: Address;
  /** Instead of the activation: times its derivative at `before`. */
  readonly backward?: boolean;
  /** rows × columns, added last. */
  readonly residual?: Address;
}

/** Bytes of the packed left operand. */
export function packedBytes(rows: number, depth: number): number {
  return Math.ceil(rows / codes.TILE_ROWS) * codes.TILE_ROWS * depth * 4;
}

/** Packs op(A) for one or more products. */
export function pack({
  a,
  rows,
  depth,
  packed,
}: Pick<Product, 'a' | 'rows' | 'depth' | 'packed'>): Operation {
  const isTransposed = a.transposed === true;
  const words = [a.at, isTransposed ? rows : depth, isTransposed ? 1 : 0, packed, rows, depth];
  const chunks = clamp((rows * depth) / 16384, 1, Math.min(16, Math.ceil(rows / codes.TILE_ROWS)));
  return { code: codes.PACK, chunks, words, reals: [] };
}

/** The product with op(A) packed already. */
export function multiply(product: Omit<Product, 'a'>): Operation {
  const { b, c, rows, columns, depth, packed } = product;
  const panels = Math.ceil(columns / codes.TILE_COLUMNS);
  const columnChunks = Math.max(Math.ceil(panels / 8), Math.min(panels, 8));
  const rowChunks = columnChunks >= 4 ? 1 : Math.min(4, Math.ceil(rows / codes.TILE_ROWS));
  const isTransposed = b.transposed === true;
  const words = [
    packed,
    b.at,
    isTransposed ? depth : columns,
    isTransposed ? 1 : 0,
    c,
    rows,
    columns,
    depth,
    rowChunks,
    product.accumulates ? 1 : 0,
    product.bias ?? 0,
    activations[product.activation ?? 'none'],
    product.backward ? 1 : 0,
    product.before ?? 0,
    product.residual ?? 0,
  ];
  return { code: codes.MULTIPLY, chunks: columnChunks * rowChunks, words, reals: [] };
}

/** C = op(A) op(B) and what follows, as its two operations. */
export function product(settings: Product): Operation[] {
  return [pack(settings), multiply(settings)];
}

/** y = σ(x). */
export function activate(x: Address, y: Address, count: number, activation: Follower): Operation {
  const words = [x, y, count, activations[activation]];
  return { code: codes.ACTIVATE, chunks: ofElements(count), words, reals: [] };
}

export interface Pointwise {
  readonly x: Address;
  readonly out: Address;
  readonly count: number;
  /** `clock` points at seed, step and micro-batch, uint32 each; see `core/dropout.ts`. */
  readonly dropout?: {
    readonly clock: Address;
    readonly key: number;
    readonly threshold: number;
    readonly scale: number;
  };
  /** Times the activation's derivative at `before`. */
  readonly activation?: Follower;
  readonly before?: Address;
  readonly residual?: Address;
}

/** out = x · factor · σ′(before) + residual. */
export function pointwise(settings: Pointwise): Operation {
  const { x, out, count, dropout, activation = 'none', before = 0, residual = 0 } = settings;
  const { clock = 0, key = 0, threshold = 0, scale = 1 } = dropout ?? {};
  const words = [x, out, count, clock, key, threshold, activations[activation], before, residual];
  return { code: codes.POINTWISE, chunks: ofElements(count), words, reals: [scale] };
}

/** out[c] = Σ_r x[r, c]. */
export function columnSums(x: Address, out: Address, rows: number, width: number): Operation {
  return { code: codes.COLUMN_SUMS, chunks: ofColumns(rows, width), words: [x, out, rows, width], reals: [] };
}

export interface Norm {
  readonly x: Address;
  readonly rows: number;
  readonly width: number;
  /** One value a row (LayerNorm) or a column (BatchNorm): μ and 1/√(σ² + ε). */
  readonly mean: Address;
  readonly root: Address;
}

export interface NormForward extends Norm {
  /** σ(y), rows × width; `before` keeps y where asked. */
  readonly out: Address;
  readonly before?: Address;
  readonly activation?: Follower;
  readonly epsilon: number;
}

export interface NormBackward extends Norm {
  readonly dy: Address;
  readonly dx: Address;
  /** dx += instead of dx =. */
  readonly accumulates?: boolean;
}

export function layerNorm(norm: NormForward & { gamma: Address; beta: Address }): Operation {
  const { x, gamma, beta, before = 0, out, mean, root, rows, width, activation = 'none', epsilon } = norm;
  const words = [x, gamma, beta, before, out, mean, root, rows, width, activations[activation]];
  return { code: codes.LAYER_NORM, chunks: ofRows(rows, width), words, reals: [epsilon] };
}

export function layerNormBackward(norm: NormBackward & { gamma: Address }): Operation {
  const { dy, x, gamma, mean, root, dx, rows, width, accumulates } = norm;
  const words = [dy, x, gamma, mean, root, dx, rows, width, accumulates ? 1 : 0];
  return { code: codes.LAYER_NORM_BACKWARD, chunks: ofRows(rows, width), words, reals: [] };
}

/** dγ and dβ, `width` values each. */
export function layerNormGradient(norm: Norm & { dy: Address; dGamma: Address; dBeta: Address }): Operation {
  const { dy, x, mean, root, dGamma, dBeta, rows, width } = norm;
  const words = [dy, x, mean, root, dGamma, dBeta, rows, width];
  return { code: codes.LAYER_NORM_GRADIENT, chunks: ofColumns(rows, width), words, reals: [] };
}

export interface Running {
  readonly runningMean: Address;
  readonly runningVariance: Address;
}

/** Training form; without `running` statistics none are moved. */
export function batchNorm(norm: NormForward & { running?: Running; momentum: number }): Operation {
  const {
    x,
    before = 0,
    out,
    mean,
    root,
    running,
    rows,
    width,
    activation = 'none',
    epsilon,
    momentum,
  } = norm;
  const moved = [running?.runningMean ?? 0, running?.runningVariance ?? 0];
  const words = [x, before, out, mean, root, ...moved, rows, width, activations[activation]];
  return { code: codes.BATCH_NORM, chunks: ofColumns(rows, width), words, reals: [epsilon, momentum] };
}

export function batchNormEvaluate(
  norm: Omit<NormForward, 'mean' | 'root' | 'before'> & { running: Running },
): Operation {
  const { x, out, running, rows, width, activation = 'none', epsilon } = norm;
  const words = [x, out, running.runningMean, running.runningVariance, rows, width, activations[activation]];
  return { code: codes.BATCH_NORM_EVALUATE, chunks: ofColumns(rows, width), words, reals: [epsilon] };
}

/** `normalised` is x̂, which the forward pass left in `before`, or in `out` without an activation. */
export function batchNormBackward(
  norm: Omit<NormBackward, 'x' | 'mean'> & { normalised: Address },
): Operation {
  const { dy, normalised, root, dx, rows, width, accumulates } = norm;
  const words = [dy, normalised, root, dx, rows, width, accumulates ? 1 : 0];
  return { code: codes.BATCH_NORM_BACKWARD, chunks: ofColumns(rows, width), words, reals: [] };
}

// μP, the maximal update parametrisation: the start and the learning rate of each tensor against the width, so that all
// widths share one learning rate. Sources: Yang et al. 2022 (Tensor Programs V), table 3; the zeros and the slow lift are
// those of Qiu et al. 2024 (Compute Better Spent), code.
import type { Init, Layer, Linear, TensorSpec } from './layers.ts';

const zero: Init = { kind: 'constant', value: 0 };

/** The lift learns at a tenth of the rate: of Compute Better Spent, a constant that does not depend on the width. */
const LIFT_RATE = 0.1;

/** Matrices start as N(0, 1/fan-in), the last of a branch and the head at zero; biases at zero. A start that a matrix has already stays. */
function startOf(matrix: Linear, isZero: boolean): Linear {
  if (!matrix.trainable || matrix.weightInit) return matrix;
  const normal = { kind: 'normal', deviation: 1 / Math.sqrt(matrix.inputs), within: null } as const;
  return { ...matrix, weightInit: isZero ? zero : normal, biasInit: zero };
}

/** The same network with μP's start. */
export function maximalStart(layers: readonly Layer[], isBranch = false): readonly Layer[] {
  const last = isBranch ? layers.findLastIndex(({ kind }) => kind === 'linear') : -1;
  return layers.map((layer, index) => {
    if (layer.kind === 'residual') return { ...layer, branch: maximalStart(layer.branch, true) };
    return layer.kind === 'linear' ? startOf(layer, layer.role === 'head' || index === last) : layer;
  });
}

/**
 * What multiplies a tensor's learning rate; `ratio` is width over base width. Rules that only see a gradient's sign or its
 * size relative to its own average ('adam': AdamW, Lion) and those that see the gradient itself ('sgd') differ.
 */
export function maximalRate(
  { role, shape }: Pick<TensorSpec, 'role' | 'shape'>,
  kind: 'adam' | 'sgd',
  ratio: number,
): number {
  const isMatrix = shape.length > 1;
  if (role === 'lift') return LIFT_RATE * (kind === 'adam' ? 1 : ratio);
  if (kind === 'adam') return isMatrix ? 1 / ratio : 1;
  if (role === 'head') return isMatrix ? 1 / ratio : 1;
  return isMatrix ? 1 : ratio;
}

// A network evaluated straight from its layer list with nested arrays: no fusion, no plan, no backward pass. The
// programs are compared with it, and its finite differences are their gradients.
import { dropoutMask } from '../../src/core/dropout.ts';
import type { Layer } from '../../src/core/layers.ts';
import { gelu } from './erf.ts';
import { SEED, STEP } from './plain-executor.ts';

/** Tensors by their names in the state dict, row-major. */
export type Weights = Readonly<Record<string, readonly number[] | Float64Array>>;

type Rows = readonly (readonly number[])[];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const standardise = (values: readonly number[]): number[] => {
  const mean = sum(values) / values.length;
  const variance = sum(values.map((value) => (value - mean) ** 2)) / values.length;
  return values.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
};
const transpose = (rows: Rows): number[][] =>
  (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] as number));

/** rows × classes logits. `train` normalises by the batch in BatchNorm, `evaluate` by running statistics. */
export function plainLogits(
  layers: readonly Layer[],
  weights: Weights,
  input: Rows,
  mode: 'train' | 'evaluate',
): Rows {
  const tensor = (name: string): readonly number[] => Array.from(weights[name] as ArrayLike<number>);
  let rows = input;
  for (const layer of layers) {
    switch (layer.kind) {
      case 'linear': {
        const weight = tensor(`${layer.name}.weight`);
        const bias = layer.bias ? tensor(`${layer.name}.bias`) : null;
        rows = rows.map((row) =>
          Array.from({ length: layer.outputs }, (_, unit) => {
            const own = weight.slice(unit * layer.inputs, (unit + 1) * layer.inputs);
            return sum(own.map((w, i) => w * (row[i] as number))) + (bias?.[unit] ?? 0);
          }),
        );
        break;
      }
      case 'layer-norm': {
        const [weight, bias] = [tensor(`${layer.name}.weight`), tensor(`${layer.name}.bias`)];
        rows = rows.map((row) =>
          standardise(row).map((value, i) => value * (weight[i] as number) + (bias[i] as number)),
        );
        break;
      }
      case 'batch-norm': {
        const mean = tensor(`${layer.name}.running_mean`);
        const variance = tensor(`${layer.name}.running_var`);
        rows =
          mode === 'train'
            ? transpose(transpose(rows).map(standardise))
            : rows.map((row) =>
                row.map((x, i) => (x - (mean[i] as number)) / Math.sqrt((variance[i] as number) + 1e-5)),
              );
        break;
      }
      case 'activation':
        rows = rows.map((row) => row.map((x) => (layer.function === 'gelu' ? gelu(x) : Math.max(0, x))));
        break;
      case 'dropout': {
        if (mode === 'evaluate') break;
        const width = rows[0]?.length ?? 0;
        const factor = dropoutMask(SEED, STEP, layer, rows.length * width);
        rows = rows.map((row, i) => row.map((x, j) => x * (factor[i * width + j] as number)));
        break;
      }
      case 'residual': {
        const branch = plainLogits(layer.branch, weights, rows, mode);
        rows = rows.map((row, i) => row.map((x, j) => x + (branch[i]?.[j] as number)));
        break;
      }
      case 'patch-embedding':
      case 'transpose':
      case 'gate':
      case 'token-mean':
        throw new Error(`A program holds no ${layer.kind}.`);
      default:
        throw layer satisfies never;
    }
  }
  return rows;
}

/** Mean cross-entropy with PyTorch's label smoothing. */
export function plainLoss(logits: Rows, labels: readonly number[], smoothing: number): number {
  const losses = logits.map((row, i) => {
    const logSum = Math.log(sum(row.map(Math.exp)));
    const logProbabilities = row.map((z) => z - logSum);
    const ownLoss = -(logProbabilities[labels[i] as number] as number);
    return (1 - smoothing) * ownLoss - (smoothing / row.length) * sum(logProbabilities);
  });
  return sum(losses) / losses.length;
}

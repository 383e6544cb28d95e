// A second referee: the network in plain float64 arrays, one example and one number at a time. Slow and obvious.
import { dropoutMask } from '../../src/core/dropout.ts';
import type { Layer } from '../../src/core/layers.ts';

export type Weights = ReadonlyMap<string, Float64Array>;
type Rows = readonly (readonly number[])[];

/** What dropout is drawn by here. */
export const [SEED, STEP] = [3, 5];

/** The error function by its Maclaurin series: exact to float64 for |x| < 4. */
export function erf(x: number): number {
  let sum = 0;
  let term = x;
  for (let n = 0; n < 150; n++) {
    sum += term / (2 * n + 1);
    term *= (-x * x) / (n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function normalised(values: readonly number[]): number[] {
  const centre = mean(values);
  const variance = mean(values.map((value) => (value - centre) ** 2));
  return values.map((value) => (value - centre) / Math.sqrt(variance + 1e-5));
}

const transposed = (rows: Rows): number[][] =>
  (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] as number));

/** So many rows at a time: those of one example. */
const inGroups = (rows: Rows, size: number): Rows[] =>
  Array.from({ length: rows.length / size }, (_, i) => rows.slice(i * size, (i + 1) * size));

function apply(layer: Layer, weights: Weights, x: Rows): Rows {
  switch (layer.kind) {
    case 'linear': {
      const weight = weights.get(`${layer.name}.weight`) as Float64Array;
      const bias = weights.get(`${layer.name}.bias`);
      return x.map((row) =>
        Array.from({ length: layer.outputs }, (_, out) => {
          const start = bias?.[out] ?? 0;
          return row.reduce(
            (sum, value, index) => sum + value * (weight[out * layer.inputs + index] as number),
            start,
          );
        }),
      );
    }
    case 'layer-norm': {
      const weight = weights.get(`${layer.name}.weight`) as Float64Array;
      const bias = weights.get(`${layer.name}.bias`) as Float64Array;
      return x.map((row) =>
        normalised(row).map((value, i) => value * (weight[i] as number) + (bias[i] as number)),
      );
    }
    case 'batch-norm':
      return transposed(transposed(x).map(normalised));
    case 'activation':
      return x.map((row) =>
        row.map((value) =>
          layer.function === 'relu' ? Math.max(0, value) : (value * (1 + erf(value / Math.SQRT2))) / 2,
        ),
      );
    case 'dropout': {
      const factor = dropoutMask(SEED, STEP, layer, x.length * (x[0]?.length ?? 0));
      return x.map((row, i) => row.map((value, j) => value * (factor[i * row.length + j] as number)));
    }
    case 'residual': {
      const branch = layer.branch.reduce<Rows>((value, inner) => apply(inner, weights, value), x);
      return x.map((row, i) => row.map((value, j) => value + (branch[i]?.[j] as number)));
    }
    case 'patch-embedding': {
      const weight = weights.get(`${layer.name}.weight`) as Float64Array;
      const bias = weights.get(`${layer.name}.bias`) as Float64Array;
      const { channels, height, width, patch, outputs } = layer;
      return x.flatMap((image) =>
        Array.from({ length: (height / patch) * (width / patch) }, (_, token) => {
          const top = patch * Math.floor(token / (width / patch));
          const left = patch * (token % (width / patch));
          return Array.from({ length: outputs }, (_, out) => {
            let sum = bias[out] as number;
            for (let c = 0; c < channels; c++)
              for (let i = 0; i < patch; i++)
                for (let j = 0; j < patch; j++)
                  sum +=
                    (image[(c * height + top + i) * width + left + j] as number) *
                    (weight[((out * channels + c) * patch + i) * patch + j] as number);
            return sum;
          });
        }),
      );
    }
    case 'transpose':
      return inGroups(x, layer.rows).flatMap(transposed);
    case 'token-mean':
      return inGroups(x, layer.tokens).map((tokens) => transposed(tokens).map(mean));
    case 'gate': {
      const half = x.map((row) => row.slice(layer.width));
      const gate = layer.branch.reduce<Rows>((value, inner) => apply(inner, weights, value), half);
      return gate.map((row, i) => row.map((value, j) => value * (x[i]?.[j] as number)));
    }
    default:
      throw layer satisfies never;
  }
}

/** Mean cross-entropy with smoothing, batch statistics in BatchNorm. */
export function plainLoss(
  layers: readonly Layer[],
  weights: Weights,
  x: Rows,
  labels: readonly number[],
  smoothing: number,
): number {
  const logits = layers.reduce<Rows>((value, layer) => apply(layer, weights, value), x);
  return mean(
    logits.map((row, i) => {
      const log = Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));
      const spread = mean(row.map((value) => log - value));
      return (1 - smoothing) * (log - (row[labels[i] as number] as number)) + smoothing * spread;
    }),
  );
}

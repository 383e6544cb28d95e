// Runs any program with plain loops in double precision: what each operation means, and the referee of the fast
// executors. Memory starts as NaN where a program may not read before it writes.
import { dropoutMask } from '../../src/core/dropout.ts';
import type { Activation } from '../../src/core/layers.ts';
import type { MatrixProduct, Op } from '../../src/experiment/program/op.ts';
import type { Program } from '../../src/experiment/program/program.ts';
import type { BufferName, Ref } from '../../src/experiment/program/ref.ts';
import { gelu, geluSlope } from './erf.ts';

/** Fills the batch: rows × features values, and one class a row. */
export type FillBatch = (input: Float64Array, labels: Float64Array) => void;

/** What an executor of tasks on images knows: noise of a batch's elements, and a prototype image a class. */
export interface Pictures {
  readonly noise: (index: number, isFixed: boolean) => number;
  readonly prototypes: ArrayLike<number>;
}

const noPictures: Pictures = { noise: () => Number.NaN, prototypes: [] };

/** What dropout is drawn by here. */
export const [SEED, STEP] = [0, 0];

export interface PlainExecutor {
  /** All elements of a tensor, as a view. */
  view(ref: Ref): Float64Array;
  readonly memory: Readonly<Record<BufferName, Float64Array>>;
  run(ops: readonly Op[]): void;
}

const activate = (kind: Activation | null, x: number): number =>
  kind === null ? x : kind === 'gelu' ? gelu(x) : Math.max(0, x);
const slope = (kind: Activation, x: number): number => (kind === 'gelu' ? geluSlope(x) : x > 0 ? 1 : 0);
const at = (array: Float64Array, index: number): number => {
  const value = array[index];
  if (value === undefined) throw new Error(`Index ${index} is outside of ${array.length} elements.`);
  return value;
};

export function createPlainExecutor(
  program: Program,
  fill: FillBatch,
  pictures: Pictures = noPictures,
): PlainExecutor {
  const memory = Object.fromEntries(
    Object.entries(program.bytes).map(([name, bytes]) => [name, new Float64Array(bytes / 4)]),
  ) as Record<BufferName, Float64Array>;
  memory.arena.fill(Number.NaN);
  const view = ({ buffer, byteOffset, shape }: Ref): Float64Array => {
    const count = shape.reduce((product, size) => product * size, 1);
    return memory[buffer].subarray(byteOffset / 4, byteOffset / 4 + count);
  };
  const maybe = (ref: Ref | null): Float64Array | null => ref && view(ref);

  const matmul = (op: MatrixProduct<Ref>): void => {
    const { m, n, k, layout } = op;
    const [a, b, output] = [view(op.a), view(op.b), view(op.output)];
    const [bias, pre, residual] = [maybe(op.bias), maybe(op.preActivation), maybe(op.residual)];
    const of = op.derivative && view(op.derivative.of);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let l = 0; l < k; l++) {
          const left = layout === 'TN' ? at(a, l * m + i) : at(a, i * k + l);
          const right = layout === 'NT' ? at(b, j * k + l) : at(b, l * n + j);
          sum += left * right;
        }
        const index = i * n + j;
        if (bias) sum += at(bias, j);
        if (pre) pre[index] = sum;
        sum = activate(op.activation, sum);
        if (residual) sum += at(residual, index);
        if (op.derivative && of) sum *= slope(op.derivative.function, at(of, index));
        output[index] = op.accumulate ? at(output, index) + sum : sum;
      }
    }
  };

  const run = (op: Op): void => {
    switch (op.kind) {
      case 'gather':
        fill(view(op.input), view(op.labels));
        break;
      case 'noise': {
        const [image, output] = [view(op.image), view(op.output)];
        image.forEach((value, i) => {
          output[i] = Math.min(1, Math.max(0, value + pictures.noise(i, op.isFixed)));
        });
        break;
      }
      case 'halve':
        halveInto(view(op.image), view(op.output), op);
        break;
      case 'prototype': {
        const [labels, output] = [view(op.labels), view(op.output)];
        for (let i = 0; i < output.length; i++) {
          const label = at(labels, Math.floor(i / op.features));
          output[i] = pictures.prototypes[label * op.features + (i % op.features)] ?? Number.NaN;
        }
        break;
      }
      case 'matmul':
        matmul(op);
        break;
      case 'pointwise': {
        const [input, output, residual] = [view(op.input), view(op.output), maybe(op.residual)];
        const of = op.derivative && view(op.derivative.of);
        const factor = op.dropout && dropoutMask(SEED, STEP, op.dropout, input.length);
        input.forEach((x, i) => {
          let value = factor ? x * (factor[i] as number) : x;
          if (op.derivative && of) value *= slope(op.derivative.function, at(of, i));
          output[i] = residual ? value + at(residual, i) : value;
        });
        break;
      }
      case 'column-sum': {
        const [input, output] = [view(op.input), view(op.output)];
        output.fill(0);
        input.forEach((value, i) => {
          output[i % op.columns] = at(output, i % op.columns) + value;
        });
        break;
      }
      case 'layer-norm': {
        const [input, output, weight, bias] = [
          view(op.input),
          view(op.output),
          view(op.weight),
          view(op.bias),
        ];
        const [pre, means, rstds] = [maybe(op.preActivation), maybe(op.mean), maybe(op.rstd)];
        for (let row = 0; row < op.rows; row++) {
          const x = input.subarray(row * op.columns, (row + 1) * op.columns);
          const { mean, variance } = moments(x);
          const rstd = 1 / Math.sqrt(variance + op.epsilon);
          if (means) means[row] = mean;
          if (rstds) rstds[row] = rstd;
          for (let j = 0; j < op.columns; j++) {
            const value = (at(x, j) - mean) * rstd * at(weight, j) + at(bias, j);
            if (pre) pre[row * op.columns + j] = value;
            output[row * op.columns + j] = activate(op.activation, value);
          }
        }
        break;
      }
      case 'layer-norm-backward': {
        const { rows, columns } = op;
        const [dy, x, weight, dx] = [
          view(op.gradient),
          view(op.input),
          view(op.weight),
          view(op.inputGradient),
        ];
        const [mean, rstd] = [view(op.mean), view(op.rstd)];
        for (let row = 0; row < rows; row++) {
          const g = Float64Array.from(
            { length: columns },
            (_, j) => at(dy, row * columns + j) * at(weight, j),
          );
          const xHat = Float64Array.from(
            { length: columns },
            (_, j) => (at(x, row * columns + j) - at(mean, row)) * at(rstd, row),
          );
          normBackward(g, xHat, at(rstd, row)).forEach((value, j) => {
            const index = row * columns + j;
            dx[index] = op.accumulate ? at(dx, index) + value : value;
          });
        }
        break;
      }
      case 'layer-norm-parameters': {
        const { rows, columns } = op;
        const [dy, x, mean, rstd] = [view(op.gradient), view(op.input), view(op.mean), view(op.rstd)];
        const [dWeight, dBias] = [view(op.weightGradient), view(op.biasGradient)];
        dWeight.fill(0);
        dBias.fill(0);
        for (let i = 0; i < rows * columns; i++) {
          const [row, j] = [Math.floor(i / columns), i % columns];
          dWeight[j] = at(dWeight, j) + at(dy, i) * (at(x, i) - at(mean, row)) * at(rstd, row);
          dBias[j] = at(dBias, j) + at(dy, i);
        }
        break;
      }
      case 'batch-norm': {
        const { rows, columns, momentum } = op;
        const [input, normalised, output] = [view(op.input), view(op.normalised), maybe(op.output)];
        const [rstds, runningMean, runningVariance] = [
          view(op.rstd),
          view(op.runningMean),
          view(op.runningVariance),
        ];
        for (let j = 0; j < columns; j++) {
          const { mean, variance } = moments(
            Float64Array.from({ length: rows }, (_, i) => at(input, i * columns + j)),
          );
          rstds[j] = 1 / Math.sqrt(variance + op.epsilon);
          runningMean[j] = (1 - momentum) * at(runningMean, j) + momentum * mean;
          runningVariance[j] =
            (1 - momentum) * at(runningVariance, j) + (momentum * variance * rows) / (rows - 1);
          for (let i = j; i < rows * columns; i += columns) {
            normalised[i] = (at(input, i) - mean) * at(rstds, j);
            if (output) output[i] = activate(op.activation, at(normalised, i));
          }
        }
        break;
      }
      case 'batch-norm-evaluation': {
        const [input, output] = [view(op.input), view(op.output)];
        const [mean, variance] = [view(op.runningMean), view(op.runningVariance)];
        for (let i = 0; i < input.length; i++) {
          const j = i % op.columns;
          const value = (at(input, i) - at(mean, j)) / Math.sqrt(at(variance, j) + op.epsilon);
          output[i] = activate(op.activation, value);
        }
        break;
      }
      case 'batch-norm-backward': {
        const { rows, columns } = op;
        const [dy, xHats, dx, rstd] = [
          view(op.gradient),
          view(op.normalised),
          view(op.inputGradient),
          view(op.rstd),
        ];
        for (let j = 0; j < columns; j++) {
          const column = (of: Float64Array): Float64Array =>
            Float64Array.from({ length: rows }, (_, i) => at(of, i * columns + j));
          normBackward(column(dy), column(xHats), at(rstd, j)).forEach((value, i) => {
            const index = i * columns + j;
            dx[index] = op.accumulate ? at(dx, index) + value : value;
          });
        }
        break;
      }
      case 'softmax-cross-entropy': {
        const { rows, classes, smoothing, scale } = op;
        const [logits, labels] = [view(op.logits), view(op.labels)];
        const [losses, correct, gradient] = [view(op.losses), view(op.correct), maybe(op.gradient)];
        for (let row = 0; row < rows; row++) {
          const z = Array.from(logits.subarray(row * classes, (row + 1) * classes));
          const label = at(labels, row);
          const top = Math.max(...z);
          const logSum = top + Math.log(z.reduce((sum, one) => sum + Math.exp(one - top), 0));
          const target = (c: number): number => (c === label ? 1 - smoothing : 0) + smoothing / classes;
          losses[row] = z.reduce((sum, one, c) => sum - target(c) * (one - logSum), 0);
          correct[row] = z.indexOf(top) === label ? 1 : 0;
          z.forEach((one, c) => {
            if (gradient) gradient[row * classes + c] = (Math.exp(one - logSum) - target(c)) * scale;
          });
        }
        break;
      }
      case 'squared-error': {
        const { rows, features, scale } = op;
        const [logits, goal, losses] = [view(op.logits), view(op.goal), view(op.losses)];
        const [output, gradient] = [maybe(op.output), maybe(op.gradient)];
        losses.fill(0);
        for (let i = 0; i < rows * features; i++) {
          const y = 1 / (1 + Math.exp(-at(logits, i)));
          const off = y - at(goal, i);
          const row = Math.floor(i / features);
          losses[row] = at(losses, row) + off ** 2 / features;
          if (output) output[i] = y;
          if (gradient) gradient[i] = off * y * (1 - y) * scale;
        }
        break;
      }
      case 'square-sums': {
        const [input, partials] = [view(op.input), view(op.partials)];
        partials.fill(0);
        for (let i = 0; i < op.count; i++) {
          const part = Math.floor(i / op.chunk);
          partials[part] = at(partials, part) + at(input, i) ** 2;
        }
        break;
      }
      case 'clip-scale': {
        const norm = Math.sqrt(view(op.partials).reduce((sum, part) => sum + part, 0));
        view(op.norm)[0] = norm;
        view(op.scale)[0] = op.maximum === null ? 1 : Math.min(1, op.maximum / (norm + 1e-6));
        break;
      }
      case 'sgd':
      case 'adamw':
      case 'lion': {
        const [rate = 0, keep = 0, size = 0, root = 0] = view(op.settings);
        const factor = op.scale ? at(view(op.scale), 0) : 1;
        const [p, gradients] = [view(op.parameters), view(op.gradients)];
        const mean = view(op.kind === 'sgd' ? op.buffer : op.mean);
        const square = op.kind === 'adamw' ? view(op.square) : mean;
        for (let i = 0; i < op.count; i++) {
          const g = at(gradients, i) * factor;
          const m = at(mean, i);
          if (op.kind === 'sgd') {
            mean[i] = op.momentum * m + g + op.decay * at(p, i);
            p[i] = at(p, i) - rate * at(mean, i);
          } else if (op.kind === 'lion') {
            p[i] = at(p, i) * keep - rate * Math.sign(op.beta1 * m + (1 - op.beta1) * g);
            mean[i] = op.beta2 * m + (1 - op.beta2) * g;
          } else {
            mean[i] = op.beta1 * m + (1 - op.beta1) * g;
            square[i] = op.beta2 * at(square, i) + (1 - op.beta2) * g * g;
            p[i] = at(p, i) * keep - (size * at(mean, i)) / (Math.sqrt(at(square, i)) / root + op.epsilon);
          }
        }
        break;
      }
      case 'accumulate': {
        const [input, total, partials] = [view(op.input), view(op.total), view(op.partials)];
        if (op.isFirst) for (const array of [total, partials]) array.fill(0);
        for (let i = 0; i < op.count; i++) {
          const part = Math.floor(i / op.chunk);
          total[i] = at(total, i) + op.share * at(input, i);
          partials[part] = at(partials, part) + at(input, i) ** 2;
        }
        break;
      }
      case 'tally': {
        const add = (total: Float64Array, values: Float64Array): void => {
          total[0] = (op.isFirst ? 0 : at(total, 0)) + values.reduce((sum, one) => sum + one, 0);
        };
        add(view(op.loss), view(op.losses));
        add(view(op.hits), view(op.correct));
        break;
      }
      case 'average': {
        const [, , old = 0, fresh = 0] = view(op.settings);
        const [mean, parameters] = [view(op.average), view(op.parameters)];
        for (let i = 0; i < op.count; i++) mean[i] = old * at(mean, i) + fresh * at(parameters, i);
        break;
      }
      case 'summary': {
        const settings = view(op.settings);
        const [row, rows] = [at(settings, 0), at(settings, 1)];
        const total = (ref: Ref): number =>
          view(ref)
            .subarray(0, rows)
            .reduce((sum, one) => sum + one, 0);
        const squares = op.squares ? view(op.squares).reduce((sum, one) => sum + one, 0) : 0;
        const values = [total(op.losses), total(op.correct), at(view(op.norm), 0), squares];
        view(op.readings).set(values, row * values.length);
        break;
      }
      default:
        throw op satisfies never;
    }
  };
  return { memory, view, run: (ops) => ops.forEach(run) };
}

/** Cubic convolution with a = −3/4 at the middle between pixels, by its definition. */
function halveInto(
  image: Float64Array,
  output: Float64Array,
  { channels, rows, height, width }: { channels: number; rows: number; height: number; width: number },
): void {
  const a = -0.75;
  const near = (x: number): number => (a + 2) * x ** 3 - (a + 3) * x ** 2 + 1;
  const far = (x: number): number => a * x ** 3 - 5 * a * x ** 2 + 8 * a * x - 4 * a;
  const weights = [far(1.5), near(0.5), near(0.5), far(1.5)];
  const clamped = (i: number, size: number): number => Math.min(size - 1, Math.max(0, i));
  let to = 0;
  for (let plane = 0; plane < rows * channels; plane++)
    for (let y = 0; y < height; y += 2)
      for (let x = 0; x < width; x += 2) {
        let sum = 0;
        for (let i = 0; i < 16; i++) {
          const [dy, dx] = [i >> 2, i & 3];
          const line = plane * height + clamped(y - 1 + dy, height);
          const value = at(image, line * width + clamped(x - 1 + dx, width));
          sum += (weights[dy] ?? 0) * (weights[dx] ?? 0) * value;
        }
        output[to++] = sum;
      }
}

/** Mean and biased variance. */
function moments(x: Float64Array): { mean: number; variance: number } {
  const mean = x.reduce((sum, one) => sum + one, 0) / x.length;
  return { mean, variance: x.reduce((sum, one) => sum + (one - mean) ** 2, 0) / x.length };
}

/** rstd · (g − mean(g) − x̂ mean(g x̂)). */
function normBackward(g: Float64Array, xHat: Float64Array, rstd: number): Float64Array {
  const n = g.length;
  const meanG = g.reduce((sum, one) => sum + one, 0) / n;
  const meanGx = g.reduce((sum, one, i) => sum + one * at(xHat, i), 0) / n;
  return g.map((one, i) => rstd * (one - meanG - at(xHat, i) * meanGx));
}

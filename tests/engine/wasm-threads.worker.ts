// Runs one small training step on a given number of threads, many times, and posts what it left; a page may not sleep.
import * as objectives from '../../src/engine/wasm/objectives.ts';
import * as operations from '../../src/engine/wasm/operations.ts';
import { createPool } from '../../src/engine/wasm/pool.ts';
import { loose } from '../../src/engine/wasm/tape.ts';

export interface Outcome {
  readonly threads: number;
  readonly values: Float32Array;
}

/** A deterministic step of an odd size: product, norm, loss, backward products, sums, clip, update. */
async function outcome(threads: number): Promise<Outcome> {
  const kernels = await createPool(2 ** 25, threads);
  const [rows, width, classes] = [61, 301, 10];
  let seed = 0;
  const floats = (count: number, scale = 1): number => {
    seed++;
    const at = kernels.allocate(count * 4);
    const view = kernels.floats(at, count);
    for (let i = 0; i < count; i++) view[i] = scale * Math.sin(i * 1.37 + seed);
    return at;
  };
  const x = floats(rows * width);
  const parameters = floats(width * width + width * classes, 0.1);
  const gradient = floats(width * width + width * classes);
  const average = floats(width * width + width * classes);
  const [h, y, dh] = [floats(rows * width), floats(rows * width), floats(rows * width)];
  const [gamma, beta, mean, root] = [floats(width), floats(width), floats(rows), floats(rows)];
  const [logits, dLogits, losses, extra] = [
    floats(rows * classes),
    floats(rows * classes),
    floats(rows),
    floats(4),
  ];
  const labels = kernels.allocate(rows);
  const packed = () => kernels.allocate(operations.packedBytes(512, 512));
  const partials = kernels.allocate(objectives.partialsBytes(width * width + width * classes));
  const head = parameters + width * width * 4;
  const list = [
    ...operations.product({
      a: { at: x },
      b: { at: parameters, transposed: true },
      c: h,
      rows,
      columns: width,
      depth: width,
      packed: packed(),
      bias: beta,
    }),
    operations.layerNorm({
      x: h,
      gamma,
      beta,
      out: y,
      mean,
      root,
      rows,
      width,
      activation: 'gelu',
      epsilon: 1e-5,
    }),
    ...operations.product({
      a: { at: y },
      b: { at: head, transposed: true },
      c: logits,
      rows,
      columns: classes,
      depth: width,
      packed: packed(),
    }),
    objectives.crossEntropy({
      logits,
      labels,
      losses,
      gradient: dLogits,
      rows,
      classes,
      smoothing: 0.1,
      scale: 1 / rows,
    }),
    loose(
      operations.pack({ a: { at: dLogits, transposed: true }, rows: classes, depth: rows, packed: packed() }),
    ),
    ...operations.product({
      a: { at: dLogits, transposed: true },
      b: { at: y },
      c: gradient + width * width * 4,
      rows: classes,
      columns: width,
      depth: rows,
      packed: packed(),
    }),
    ...operations.product({
      a: { at: dLogits },
      b: { at: head },
      c: dh,
      rows,
      columns: width,
      depth: classes,
      packed: packed(),
      activation: 'gelu',
      backward: true,
      before: y,
    }),
    loose(operations.columnSums(dh, extra, rows, 4)),
    ...operations.product({
      a: { at: dh, transposed: true },
      b: { at: x },
      c: gradient,
      rows: width,
      columns: width,
      depth: rows,
      packed: packed(),
    }),
    ...objectives.gradientNorm(gradient, width * width + width * classes, partials, mean, root, 1),
    objectives.lion(
      { parameter: parameters, gradient, average, count: width * width + width * classes, factor: root },
      { rate: 1e-3, decay: 0.1, beta1: 0.9, beta2: 0.99 },
    ),
  ];
  const tape = kernels.tape(list);
  for (let step = 0; step < 30; step++) kernels.run(tape);
  const values = kernels.floats(parameters, width * width + width * classes).slice();
  kernels.dispose();
  return { threads: kernels.threads, values };
}

self.onmessage = ({ data }: MessageEvent<number>) => {
  outcome(data).then(
    (result) => self.postMessage(result),
    (error: unknown) => self.postMessage({ error: String(error) }),
  );
};

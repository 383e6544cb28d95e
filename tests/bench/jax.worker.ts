// jax-js: the same network, its value and gradient and Adam in one jitted function, as its own examples train.
import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  type Array as Tensor,
  valueAndGrad,
} from '@jax-js/jax';
import { type Layer, NORM_EPSILON } from '../../src/core/layers.ts';
import { AGREEMENT_STEPS } from './cases.ts';
import { type Peer, servePeer } from './peer.ts';
import { LEARNING_RATE, startOf } from './start.ts';

/** Ownership: whoever reads a tensor takes `.ref`; the tables are disposed of by whoever was given them. */
type Table = { [name: string]: Tensor };

const of = (table: Table, name: string): Tensor => (table[name] as Tensor).ref;

function apply(layers: readonly Layer[], table: Table, input: Tensor): Tensor {
  let x = input;
  for (const layer of layers) x = applyOne(layer, table, x);
  return x;
}

/** Consumes x. */
function applyOne(layer: Layer, table: Table, x: Tensor): Tensor {
  switch (layer.kind) {
    case 'linear': {
      const product = np.matmul(x, of(table, `${layer.name}.weight`));
      return layer.bias ? product.add(of(table, `${layer.name}.bias`)) : product;
    }
    case 'layer-norm': {
      const centred = x.ref.sub(np.mean(x, 1, { keepdims: true }));
      const variance = np.mean(np.square(centred.ref), 1, { keepdims: true });
      const normal = centred.div(np.sqrt(variance.add(NORM_EPSILON)));
      return normal.mul(of(table, `${layer.name}.weight`)).add(of(table, `${layer.name}.bias`));
    }
    case 'activation':
      return layer.function === 'relu' ? nn.relu(x) : x.ref.mul(lax.erf(x.mul(Math.SQRT1_2)).add(1)).mul(0.5);
    case 'residual':
      return x.ref.add(apply(layer.branch, table, x));
    default:
      throw new Error(`The bench has no ${layer.kind} in jax-js.`);
  }
}

const disposeAll = (table: Table): void => {
  for (const tensor of Object.values(table)) tensor.dispose();
};

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

servePeer(async ({ config, batch, engine }): Promise<Peer> => {
  const { layers, weights, inputs, classes, images, labels } = startOf(config, batch, engine.rule);
  const device = engine.backend === 'webgpu' ? 'webgpu' : 'wasm';
  await init(device);
  defaultDevice(device);
  const isFixed = (name: string): boolean =>
    layers.some((layer) => layer.kind === 'linear' && !layer.trainable && name.startsWith(`${layer.name}.`));
  const fixed: Table = {};
  let parameters: Table = {};
  let means: Table = {};
  let squares: Table = {};
  for (const { name, shape, values } of weights) {
    const placed =
      shape.length === 2
        ? np.array(transposed(values, shape)).reshape([...shape].reverse())
        : np.array(values).reshape([...shape]);
    (isFixed(name) ? fixed : parameters)[name] = placed;
    if (isFixed(name)) continue;
    means[name] = np.zeros(placed.shape);
    squares[name] = np.zeros(placed.shape);
  }
  const x = np.array(images).reshape([batch, inputs]);
  const chosen = new Float32Array(batch * classes);
  labels.forEach((label, row) => {
    chosen[row * classes + label] = 1;
  });
  const targets = np.array(chosen).reshape([batch, classes]);

  const objective = (trainable: Table, rest: Table, input: Tensor, wanted: Tensor): Tensor => {
    const logits = apply(layers, { ...trainable, ...rest }, input);
    disposeAll(trainable);
    disposeAll(rest);
    return np.sum(nn.logSoftmax(logits, 1).mul(wanted)).mul(-1 / batch);
  };
  const update = jit(
    (
      p: Table,
      m: Table,
      v: Table,
      rest: Table,
      input: Tensor,
      wanted: Tensor,
      size: Tensor,
      root: Tensor,
    ) => {
      const trainable: Table = Object.fromEntries(
        Object.entries(p).map(([name, tensor]) => [name, tensor.ref]),
      );
      const [loss, gradients] = valueAndGrad(objective)(trainable, rest, input, wanted) as [Tensor, Table];
      const [nextP, nextM, nextV]: [Table, Table, Table] = [{}, {}, {}];
      for (const name of Object.keys(p)) {
        const gradient = gradients[name] as Tensor;
        const mean = (m[name] as Tensor).mul(BETA1).add(gradient.ref.mul(1 - BETA1));
        const square = (v[name] as Tensor).mul(BETA2).add(np.square(gradient).mul(1 - BETA2));
        const scale = np.sqrt(square.ref).div(root.ref).add(EPSILON);
        nextP[name] = (p[name] as Tensor).sub(mean.ref.mul(size.ref).div(scale));
        nextM[name] = mean;
        nextV[name] = square;
      }
      size.dispose();
      root.dispose();
      return [loss, nextP, nextM, nextV];
    },
  );
  let count = 0;
  const step = (): Tensor => {
    count++;
    const size = np.array(LEARNING_RATE / (1 - BETA1 ** count));
    const root = np.array(Math.sqrt(1 - BETA2 ** count));
    const rest: Table = Object.fromEntries(Object.entries(fixed).map(([name, tensor]) => [name, tensor.ref]));
    const [loss, p, m, v] = update(parameters, means, squares, rest, x.ref, targets.ref, size, root) as [
      Tensor,
      Table,
      Table,
      Table,
    ];
    [parameters, means, squares] = [p, m, v];
    return loss;
  };
  const losses: number[] = [];
  let stepMs = 0;
  for (let index = 0; index < AGREEMENT_STEPS; index++) {
    const began = performance.now();
    losses.push(((await step().data()) as Float32Array)[0] as number);
    stepMs = performance.now() - began;
  }
  return {
    ready: { losses, stepMs },
    async time(steps) {
      const began = performance.now();
      for (let index = 0; index < steps - 1; index++) step().dispose();
      await step().data();
      for (const tensor of Object.values(parameters))
        await blockUntilReady(tensor.ref).then((ready) => ready.dispose());
      return { ms: (performance.now() - began) / steps };
    },
  };
});

function transposed(values: Float32Array, shape: readonly number[]): Float32Array<ArrayBuffer> {
  const [rows = 0, columns = 0] = shape;
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = values[row * columns + column] as number;
  return out;
}

// Stock tfjs: the same network from its own operations, gradients by its tape, its own Adam (Lion, which it lacks, is
// written with its operations). `override` replaces the gradient of its matrix product, as a user who knows could.
import '@tensorflow/tfjs-backend-webgpu';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { type Layer, NORM_EPSILON } from '../../src/core/layers.ts';
import { AGREEMENT_STEPS, type Setup } from './cases.ts';
import { type Peer, servePeer } from './peer.ts';
import { LEARNING_RATE, type Start, startOf } from './start.ts';

type Tensors = ReadonlyMap<string, tf.Tensor>;

function apply(layers: readonly Layer[], tensors: Tensors, x: tf.Tensor2D): tf.Tensor2D {
  let output = x;
  for (const layer of layers) output = applyOne(layer, tensors, output);
  return output;
}

function applyOne(layer: Layer, tensors: Tensors, x: tf.Tensor2D): tf.Tensor2D {
  switch (layer.kind) {
    case 'linear': {
      const product: tf.Tensor2D = tf.matMul(x, tensors.get(`${layer.name}.weight`) as tf.Tensor2D);
      if (!layer.bias) return product;
      return tf.add(product, tensors.get(`${layer.name}.bias`) as tf.Tensor) as tf.Tensor2D;
    }
    case 'layer-norm': {
      const { mean, variance } = tf.moments(x, 1, true);
      const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, NORM_EPSILON)));
      const scaled = tf.mul(normal, tensors.get(`${layer.name}.weight`) as tf.Tensor);
      return tf.add(scaled, tensors.get(`${layer.name}.bias`) as tf.Tensor);
    }
    case 'activation':
      return layer.function === 'relu'
        ? tf.relu(x)
        : tf.mul(x, tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5));
    case 'residual':
      return tf.add(x, apply(layer.branch, tensors, x));
    default:
      throw new Error(`The bench has no ${layer.kind} in tfjs.`);
  }
}

/** Weights as [inputs, outputs], tfjs's own order; a fixed lift is a constant. */
function variables({ layers, weights }: Start): Tensors {
  const frozen = new Set(
    layers.flatMap((layer) =>
      layer.kind === 'linear' && !layer.trainable ? [`${layer.name}.weight`, `${layer.name}.bias`] : [],
    ),
  );
  return new Map(
    weights.map(({ name, shape, values }) => {
      const tensor = tf.tensor(values, [...shape]);
      const placed = shape.length === 2 ? tf.transpose(tensor) : tensor;
      return [name, frozen.has(name) ? placed : tf.variable(placed)];
    }),
  );
}

type Update = (loss: () => tf.Scalar) => tf.Scalar;

function adam(): Update {
  const optimizer = tf.train.adam(LEARNING_RATE, 0.9, 0.999, 1e-8);
  return (loss) => optimizer.minimize(loss, true) as tf.Scalar;
}

/** Chen et al. 2023, with the betas of the lab's default. */
function lion(): Update {
  const means = new Map<string, tf.Variable>();
  return (loss) =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss);
      for (const [name, gradient] of Object.entries(grads)) {
        const parameter = tf.engine().registeredVariables[name] as tf.Variable;
        let mean = means.get(name);
        if (!mean) {
          mean = tf.variable(tf.zerosLike(gradient), false);
          means.set(name, mean);
        }
        const direction = tf.sign(tf.add(tf.mul(mean, 0.9), tf.mul(gradient, 0.1)));
        parameter.assign(tf.sub(parameter, tf.mul(direction, LEARNING_RATE)));
        mean.assign(tf.add(tf.mul(mean, 0.99), tf.mul(gradient, 0.01)));
      }
      return tf.keep(value);
    });
}

/** On wasm a product with a transposed operand is slow, and its gradient is made of them. */
function overrideGradient(): void {
  tf.unregisterGradient('BatchMatMul');
  tf.registerGradient({
    kernelName: 'BatchMatMul',
    inputsToSave: ['a', 'b'],
    gradFunc: (upstream, saved) => {
      const [a, b] = saved as [tf.Tensor2D, tf.Tensor2D];
      const dy = upstream as tf.Tensor2D;
      return {
        a: () => tf.matMul(dy, tf.transpose(b)),
        b: () => tf.matMul(tf.transpose(a), dy),
      };
    },
  });
}

async function open({ engine }: Setup): Promise<void> {
  tf.enableProdMode();
  if (engine.backend === 'wasm') {
    setWasmPaths({
      'tfjs-backend-wasm.wasm': plain,
      'tfjs-backend-wasm-simd.wasm': simd,
      'tfjs-backend-wasm-threaded-simd.wasm': threaded,
    });
    setThreadsCount(navigator.hardwareConcurrency);
  }
  if (!(await tf.setBackend(engine.backend))) throw new Error(`tfjs has no ${engine.backend} here.`);
  await tf.ready();
  if (engine.variant === 'override') overrideGradient();
}

servePeer(async (setup): Promise<Peer> => {
  await open(setup);
  const start = startOf(setup.config, setup.batch, setup.engine.rule);
  const tensors = variables(start);
  const x = tf.tensor2d(start.images, [setup.batch, start.inputs]);
  const targets = tf.oneHot(tf.tensor1d(start.labels, 'int32'), start.classes) as tf.Tensor2D;
  const update = setup.engine.rule === 'lion' ? lion() : adam();
  const loss = (): tf.Scalar => {
    const logits = apply(start.layers, tensors, x);
    return tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1))) as tf.Scalar;
  };
  const step = async (isRead: boolean): Promise<number> => {
    const value = update(loss);
    const [read] = isRead ? await value.data() : [0];
    value.dispose();
    return read as number;
  };
  const losses: number[] = [];
  let stepMs = 0;
  for (let index = 0; index < AGREEMENT_STEPS; index++) {
    const began = performance.now();
    losses.push(await step(true));
    stepMs = performance.now() - began;
  }
  return {
    ready: { losses, stepMs },
    async time(steps) {
      const began = performance.now();
      for (let index = 0; index < steps; index++) await step(index === steps - 1);
      return { ms: (performance.now() - began) / steps };
    },
  };
});

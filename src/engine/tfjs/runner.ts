// Runs a network with tfjs operations on the active backend: the reference, and the path for every layer.
import * as tf from '@tensorflow/tfjs-core';
import { optimizers } from '../../catalog/optimizers/index.ts';
import type { NamedTensor } from '../../core/safetensors.ts';
import { updateGroups } from '../../experiment/update-groups.ts';
import { gather, pixels, targets } from '../gather.ts';
import type { Job, Rows, Runner } from '../runner.ts';
import { slotName } from '../runner.ts';
import { createGauge } from './gauge.ts';
import type { Context } from './layers.ts';
import { crossEntropy, forward } from './network.ts';
import { createScalars } from './scalars.ts';
import { createState } from './state.ts';
import { clipFactor, globalNorm, rules } from './update.ts';

/** A runner of the job from `initial`; the backend must be the one it runs on for its whole life. */
export async function createTfjsRunner(job: Job, initial: ReadonlyMap<string, NamedTensor>): Promise<Runner> {
  const { config, layers, dataset, batches } = job;
  const features = dataset.train.images.length / Math.max(1, dataset.train.labels.length);
  const classes = dataset.classes.length;
  const slots: readonly string[] = optimizers[config.optimizer].slots;
  const groups = updateGroups(config, layers);
  const scalars = createScalars();
  const state = createState(layers, slots, initial);
  const losses = createGauge();
  const norms = createGauge();
  const look = pixels(dataset.shape, job.mean, job.std);
  const images = new Float32Array(batches.size * features);
  const probabilities = new Float32Array(batches.size * classes);
  const clipNorm = config['train.clipNorm'];

  const context = (gradients: Map<string, tf.Tensor> | null): Context => ({
    scalars,
    isTraining: gradients !== null,
    tensor: state.get,
    gradient: (name, value) => gradients?.set(name, value),
    buffer: (name, value) => state.replace(name, value),
  });

  function apply(
    step: number,
    rate: number,
    gradients: Map<string, tf.Tensor>,
    factor: tf.Tensor | null,
  ): void {
    for (const group of groups) {
      const decay = group.decays ? config['optimizer.weightDecay'] : 0;
      const numbers = { step: step + 1, rate: rate * group.rate, decay };
      const update = rules[config.optimizer](config, scalars, numbers);
      for (const name of group.names) {
        const raw = gradients.get(name) as tf.Tensor;
        const gradient = factor ? tf.mul(raw, factor) : raw;
        const held = slots.map((slot) => state.get(slotName(slot, name)));
        const [parameter, ...next] = update(state.get(name), gradient, held);
        state.replace(name, parameter);
        slots.forEach((slot, index) => {
          state.replace(slotName(slot, name), next[index] as tf.Tensor);
        });
      }
    }
  }

  return {
    execution: { runner: 'tfjs', threads: 1 },
    step(step, rate, wantsNorm) {
      const rows = batches.rows(step);
      gather(look, dataset.train.images, rows, batches.draws(step), images);
      targets(dataset.train.labels, rows, classes, config['train.labelSmoothing'], probabilities);
      tf.tidy(() => {
        const x = tf.tensor2d(images, [batches.size, features]);
        const goal = tf.tensor2d(probabilities, [batches.size, classes]);
        const gradients = new Map<string, tf.Tensor>();
        const pass = forward(context(gradients), layers, x);
        const { loss, gradient } = crossEntropy(scalars, pass.output, goal);
        pass.backward(gradient);
        const norm = wantsNorm || clipNorm > 0 ? globalNorm(gradients.values()) : null;
        apply(step, rate, gradients, norm && clipNorm > 0 ? clipFactor(scalars, norm, clipNorm) : null);
        losses.push(loss);
        if (wantsNorm && norm) norms.push(norm);
      });
    },
    async read() {
      return { losses: await losses.read(), norms: await norms.read() };
    },
    async logits({ split, rows }: Rows) {
      const out = new Float32Array(rows.length * features);
      gather(look, dataset[split].images, rows, null, out);
      const scores = tf.tidy(
        () => forward(context(null), layers, tf.tensor2d(out, [rows.length, features])).output,
      );
      try {
        return new Float32Array(await scores.data<'float32'>());
      } finally {
        scores.dispose();
      }
    },
    exportState: () => state.export(),
    bytes() {
      const memory = tf.memory() as tf.MemoryInfo & { numBytesInGPU?: number };
      return memory.numBytesInGPU ?? memory.numBytes;
    },
    dispose() {
      losses.dispose();
      norms.dispose();
      state.dispose();
      scalars.dispose();
    },
  };
}

// Runs a network with tfjs operations on the active backend: the reference, and the path for every layer.
import * as tf from '@tensorflow/tfjs-core';
import { optimizers } from '../../catalog/optimizers/index.ts';
import { dropoutMask } from '../../core/dropout.ts';
import type { NamedTensor } from '../../core/safetensors.ts';
import { microBatchCount, microBatchSize } from '../../experiment/micro-batches.ts';
import { averageShares } from '../../experiment/program/update-rule.ts';
import { AVERAGE, slotName, slotsOf } from '../../experiment/state-names.ts';
import { updateGroups } from '../../experiment/update-groups.ts';
import type { Job, Rows, Runner } from '../runner.ts';
import { createEnds } from './ends.ts';
import { createGauge } from './gauge.ts';
import type { Context } from './layers.ts';
import { forward } from './network.ts';
import { accumulate, type Gradients, type Pass } from './pass.ts';
import { createScalars } from './scalars.ts';
import { createState } from './state.ts';
import { clipFactor, globalNorm, rules } from './update.ts';

const matrix = (values: Float32Array, rows: number): tf.Tensor2D =>
  tf.tensor2d(values, [rows, values.length / rows]);

/** A runner of the job from `initial`; the backend must be the one it runs on for its whole life. */
export async function createTfjsRunner(job: Job, initial: ReadonlyMap<string, NamedTensor>): Promise<Runner> {
  const { config, layers } = job;
  const [rows, microBatches] = [microBatchSize(config), microBatchCount(config)];
  const slots: readonly string[] = optimizers[config.optimizer].slots;
  const averageDecay = config['train.ema'];
  const groups = updateGroups(config, layers);
  const scalars = createScalars();
  const state = createState(layers, slotsOf(config), initial);
  const losses = createGauge();
  const norms = createGauge();
  const squares = createGauge();
  const ends = createEnds(job);
  const clipNorm = config['train.clipNorm'];

  /** Of a step where there are gradients to take, else of an evaluation. */
  const context = (gradients: Record<string, tf.Tensor> | null, step = 0, microBatch = 0): Context => ({
    scalars,
    isTraining: gradients !== null,
    tensor: state.get,
    gradient: (name, value) => {
      if (gradients) gradients[name] = value;
    },
    dropout: (layer, count) => dropoutMask(config.seed, step, layer, count, microBatch),
    buffer: (name, value) => state.replace(name, value),
  });

  const averaged = new Set(averageDecay > 0 ? state.trainable.map(({ name }) => name) : []);
  const scoring = (isAveraged: boolean): Context => ({
    ...context(null),
    tensor: (name) => state.get(isAveraged && averaged.has(name) ? slotName(AVERAGE, name) : name),
  });

  function pass(step: number, microBatch: number): Pass {
    const batch = ends.batch(step, microBatch);
    const gradients: Record<string, tf.Tensor> = {};
    const through = forward(context(gradients, step, microBatch), layers, matrix(batch.input, rows));
    const { loss, gradient } = ends.objective(scalars, through.output, matrix(batch.goal, rows));
    through.backward(gradient);
    return { loss, gradients };
  }

  function apply(step: number, rate: number, gradients: Gradients, factor: tf.Tensor | null): void {
    for (const group of groups) {
      const decay = group.decays ? config['optimizer.weightDecay'] : 0;
      const numbers = { step: step + 1, rate: rate * group.rate, decay };
      const update = rules[config.optimizer](config, scalars, numbers);
      for (const name of group.names) {
        const raw = gradients[name] as tf.Tensor;
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

  function updateAverage(step: number): void {
    const [old, fresh] = averageShares(averageDecay, step + 1);
    for (const { name } of state.trainable) {
      const held = slotName(AVERAGE, name);
      const kept = tf.mul(state.get(held), scalars(old));
      state.replace(held, tf.add(kept, tf.mul(state.get(name), scalars(fresh))));
    }
  }

  return {
    execution: { runner: 'tfjs', threads: 1 },
    step(step, rate, wantsNorm) {
      tf.tidy(() => {
        const whole =
          microBatches === 1
            ? { ...pass(step, 0), squares: null }
            : accumulate(scalars, microBatches, (index) => pass(step, index));
        const { loss, gradients } = whole;
        const norm = wantsNorm || clipNorm > 0 ? globalNorm(Object.values(gradients)) : null;
        apply(step, rate, gradients, norm && clipNorm > 0 ? clipFactor(scalars, norm, clipNorm) : null);
        if (averageDecay > 0) updateAverage(step);
        losses.push(loss);
        if (wantsNorm && norm) norms.push(norm);
        if (whole.squares) squares.push(whole.squares);
      });
    },
    async read() {
      return { losses: await losses.read(), norms: await norms.read(), squares: await squares.read() };
    },
    async outputs(scored: Rows) {
      const given = tf.tidy(() => {
        const x = matrix(scored.given ?? ends.scored(scored), scored.rows.length);
        return ends.outputs(forward(scoring(scored.isAveraged === true), layers, x).output);
      });
      try {
        return new Float32Array(await given.data<'float32'>());
      } finally {
        given.dispose();
      }
    },
    exportState: state.export,
    bytes() {
      const memory = tf.memory() as tf.MemoryInfo & { numBytesInGPU?: number };
      return memory.numBytesInGPU ?? memory.numBytes;
    },
    dispose() {
      losses.dispose();
      norms.dispose();
      squares.dispose();
      state.dispose();
      scalars.dispose();
    },
  };
}

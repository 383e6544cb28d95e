// Each runner's update from the same gradient against the catalog's plain arithmetic, to 1e-6.
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { optimizers } from '../../src/catalog/optimizers/index.ts';
import { stream } from '../../src/core/rng.ts';
import { createScalars } from '../../src/engine/tfjs/scalars.ts';
import { clipFactor, globalNorm, rules } from '../../src/engine/tfjs/update.ts';
import { makeConfig } from '../../src/experiment/config.ts';
import { backends, deviceOf, relative } from './material.ts';

const SIZE = 600;
const random = stream(3, 50);
const values = (lane: number, size: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: SIZE }, (_, index) => (random.uniform(index, lane) - 0.5) * size);

describe.each(backends)('tfjs on %s', (backend) => {
  test.each(['sgd', 'adamw', 'lion'] as const)('%s updates as the catalog says', async (optimizer) => {
    await deviceOf(backend);
    const config = makeConfig({ optimizer, 'optimizer.weightDecay': 0.1 });
    const entry = optimizers[optimizer];
    const scalars = createScalars();
    let parameter = tf.tensor1d(values(0, 2));
    let slots: tf.Tensor[] = entry.slots.map(() => tf.zeros([SIZE]));
    const plain = values(0, 2);
    const plainSlots = entry.slots.map(() => new Float32Array(SIZE));
    // Gradients over fifteen orders of magnitude: an optimizer may not treat small ones as zero.
    for (const [step, size] of [1, 1e-3, 1e-9, 1e-12].entries()) {
      const gradient = values(step + 1, size);
      const [next, ...held] = tf.tidy(() =>
        [
          ...rules[optimizer](config, scalars, { step: step + 1, rate: 0.01, decay: 0.1 })(
            parameter,
            tf.tensor1d(gradient),
            slots,
          ),
        ].map(tf.keep),
      );
      for (const old of [parameter, ...slots]) old.dispose();
      parameter = next as tf.Tensor1D;
      slots = held;
      (entry.update as typeof optimizers.adamw.update)(config, 0.01, step + 1, plain, gradient, plainSlots);
      expect(relative(await parameter.data(), plain), `parameter after ${step + 1}`).toBeLessThan(1e-6);
      for (const [index, slot] of slots.entries())
        expect(
          relative(await slot.data(), plainSlots[index] as Float32Array),
          entry.slots[index],
        ).toBeLessThan(1e-6);
    }
    for (const tensor of [parameter, ...slots]) tensor.dispose();
    scalars.dispose();
  });

  test('the gradient is clipped to its global length', async () => {
    await deviceOf(backend);
    const scalars = createScalars();
    const gradients = [tf.tensor2d(values(1, 1), [30, 20]), tf.tensor1d(values(2, 3))];
    const norm = globalNorm(gradients);
    const plain = Math.hypot(...values(1, 1), ...values(2, 3));
    expect((await norm.data())[0]).toBeCloseTo(plain, 4);
    expect((await clipFactor(scalars, norm, 2).data())[0]).toBeCloseTo(2 / (plain + 1e-6), 6);
    expect((await clipFactor(scalars, norm, 1e6).data())[0]).toBe(1);
    for (const tensor of [...gradients, norm]) tensor.dispose();
    scalars.dispose();
  });
});

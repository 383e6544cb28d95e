// The tuner on the browser's adapter: that it measures and holds candidates to the safest variant. No times are compared:
// on a software adapter they rank nothing.
import { expect, test } from 'vitest';
import { tune } from '../../src/engine/webgpu/tuner.ts';
import { tuningDevice } from '../../src/engine/webgpu/tuning-device.ts';
import { layouts, product } from '../engine-pure/webgpu-cases.ts';
import { fullGpu } from './webgpu-device.ts';

test('candidates of every layout pass the gate, and samples are positive or failed', async () => {
  const { device, errors } = await fullGpu();
  const tuning = tuningDevice(device, { isIdle: () => true });
  for (const layout of layouts)
    for (const variant of ['tile32', 'reg44', 'kgroup'] as const) {
      const made = await tuning.compile(product(layout, 64, 64, 64), { variant });
      if (!made) throw new Error('It does not compile.');
      expect(await tuning.error(made)).toBeLessThan(1e-5);
      const ms = await tuning.time(made, 2);
      expect(ms === null || ms > 0).toBe(true);
      tuning.release(made);
    }
  tuning.dispose();
  expect(errors).toEqual([]);
});

test('a whole tuning ends in time with a choice among the candidates or none', async () => {
  const { device, errors } = await fullGpu();
  const tuning = tuningDevice(device, { isIdle: () => true });
  const candidates = [{ variant: 'tile32' }, { variant: 'reg44' }] as const;
  const result = await tune(tuning, [{ key: 'one', product: product('NT', 64, 64, 64), candidates }]);
  expect(['complete', 'out of time']).toContain(result.end);
  for (const { choice } of result.tuned) expect(candidates).toContainEqual(choice);
  tuning.dispose();
  expect(errors).toEqual([]);
});

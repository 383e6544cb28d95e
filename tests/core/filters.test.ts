// Filters as images: which tensor they are, how local they are, and their bytes.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evenLocality, filterBytes, filterLayer, locality, localityWindow } from '../../src/core/filters.ts';
import { shufflePixels, unshuffled } from '../../src/core/shuffle-pixels.ts';
import { makeConfig } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';

const cifar = { channels: 3, height: 32, width: 32 };
const grey = { channels: 1, height: 8, width: 12 };

test('the window is a quarter of each side', () => {
  expect(localityWindow(cifar)).toEqual({ height: 8, width: 8 });
  expect(localityWindow({ channels: 1, height: 28, width: 28 })).toEqual({ height: 7, width: 7 });
  expect(localityWindow({ channels: 1, height: 2, width: 1 })).toEqual({ height: 1, width: 1 });
});

test('a filter inside one window scores 1, an even one the share of the window, one of zeros nothing', () => {
  const inside = new Float32Array(3072);
  for (let channel = 0; channel < 3; channel++)
    for (let y = 20; y < 28; y++)
      inside.fill(channel - 1.5, channel * 1024 + y * 32 + 24, channel * 1024 + y * 32 + 32);
  expect(locality(inside, cifar)).toBeCloseTo(1, 12);
  expect(locality(new Float32Array(3072).fill(-0.3), cifar)).toBeCloseTo(evenLocality(cifar), 12);
  expect(evenLocality(cifar)).toBe(1 / 16);
  expect(locality(new Float32Array(3072), cifar)).toBeNaN();
});

test('the score is the best of all windows, summed plainly', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 96, maxLength: 96 }),
      (values) => {
        const square = (y: number, x: number): number => (values[y * 12 + x] as number) ** 2;
        const whole = values.reduce((sum, value) => sum + value ** 2, 0);
        fc.pre(whole > 1e-3);
        let best = 0;
        for (let top = 0; top <= 6; top++)
          for (let left = 0; left <= 9; left++) {
            let sum = 0;
            for (let y = top; y < top + 2; y++) for (let x = left; x < left + 3; x++) sum += square(y, x);
            best = Math.max(best, sum);
          }
        expect(locality(values, grey)).toBeCloseTo(best / whole, 9);
      },
    ),
    { numRuns: 30 },
  );
});

test('zero is the middle grey and the largest weight an end', () => {
  expect([...filterBytes([0, 0.5, -0.25])]).toEqual([128, 255, 65]);
  expect([...filterBytes([0, -2])]).toEqual([128, 1]);
  expect([...filterBytes([0, 0])]).toEqual([128, 128]);
});

test('filters are the rows of the first matrix, or patches, where it looks at pixels', () => {
  const first = (settings: Parameters<typeof makeConfig>[0]) => {
    const { layers } = plan(makeConfig(settings));
    return filterLayer(layers, { channels: 1, height: 28, width: 28 });
  };
  expect(first({})).toMatchObject({
    tensor: 'linear_in.weight',
    count: 128,
    isTrainable: true,
    isPatch: false,
  });
  expect(first({ 'model.lift': 'fixed' })).toMatchObject({ isTrainable: false });
  expect(first({ model: 'mlp-mixer' })?.isPatch).toBe(true);
  expect(filterLayer(plan(makeConfig()).layers, cifar)).toBe(null);
});

test('shuffled pixels go back to their places', () => {
  const order = Uint32Array.of(2, 0, 3, 1);
  const image = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  expect([...unshuffled(Float32Array.from(shufflePixels(image, order)), order)]).toEqual([...image]);
});

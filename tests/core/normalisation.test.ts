import { expect, test } from 'vitest';
import { measuredNormalisation } from '../../src/core/normalisation.ts';

test('each channel by itself, without Bessel’s correction; one value alone gets a deviation of 1', () => {
  const shape = { channels: 3, height: 1, width: 2 };
  const images = Uint8Array.of(0, 255, 51, 51, 7, 7, 255, 0, 102, 102, 7, 7);
  const { mean, std } = measuredNormalisation({ images, labels: Uint8Array.of(0, 1) }, shape);
  expect(mean[0]).toBeCloseTo(0.5, 15);
  expect(std[0]).toBeCloseTo(0.5, 15);
  expect(mean[1]).toBeCloseTo(0.3, 15);
  expect(std[1]).toBeCloseTo(0.1, 15);
  expect([mean[2], std[2]]).toEqual([7 / 255, 1]);
});

// Halved images, SSIM and PSNR against PyTorch's numbers.
import { expect, test } from 'vitest';
import { halve } from '../../src/core/halve.ts';
import { createSsim, psnr, ssimWindow } from '../../src/core/image-quality.ts';
import { floats } from '../engine/golden.ts';
import { tasksGolden } from '../reference/tasks.ts';

const [, channels = 0, height = 0, width = 0] = tasksGolden.halved.shape;
const shape = { channels, height, width };
const images = floats(tasksGolden.halved.images);
const size = channels * height * width;

test('halving is F.interpolate, bicubic without antialiasing', () => {
  const wanted = floats(tasksGolden.halved.values);
  const out = new Float32Array(wanted.length);
  halve(images, out, shape);
  expect(Math.max(...out.map((value, i) => Math.abs(value - (wanted[i] as number))))).toBeLessThan(5e-7);
});

test('a ramp stays a ramp inside, and a flat image stays flat', () => {
  const one = { channels: 1, height: 8, width: 8 };
  const ramp = Float32Array.from({ length: 64 }, (_, i) => (i % 8) / 8);
  const out = new Float32Array(16);
  halve(ramp, out, one);
  expect([out[5], out[6]]).toEqual([2.5 / 8, 4.5 / 8]);
  halve(new Float32Array(64).fill(0.25), out, one);
  expect([...out]).toEqual(new Array(16).fill(0.25));
});

test('SSIM by the 11 × 11 Gaussian window, and by a smaller one for smaller images', () => {
  const other = floats(tasksGolden.ssim.other);
  const ssim = createSsim(shape);
  for (const [index, wanted] of tasksGolden.ssim.values.entries()) {
    const part = (all: Float32Array): Float32Array => all.subarray(index * size, (index + 1) * size);
    expect(ssim(part(images), part(other))).toBeCloseTo(wanted, 9);
    expect(ssim(part(images), part(images))).toBeCloseTo(1, 12);
  }
  expect(ssimWindow(shape)).toBe(11);
  expect(ssimWindow({ channels: 1, height: 8, width: 8 })).toBe(7);
});

test('PSNR of a mean squared error', () => {
  expect(psnr(0.01)).toBeCloseTo(20, 12);
  expect(psnr(0)).toBe(120);
});

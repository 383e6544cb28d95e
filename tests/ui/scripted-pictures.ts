// A made-up gallery: sample images with noise on them, and something in between as the output.

import type { DatasetCard } from '../../src/core/dataset.ts';
import { addNoise, noiseTable, trainingNoise } from '../../src/core/noise.ts';
import type { Gallery } from '../../src/experiment/sight.ts';

export function scriptedGallery({ samples, shape }: DatasetCard): Gallery {
  const size = samples.length / 10;
  const clean = Float32Array.from(samples, (byte) => byte / 255);
  const noisy = new Float32Array(clean.length);
  addNoise(clean, noisy, size, noiseTable(0.25), trainingNoise(0, 0));
  const output = clean.map((value, i) => 0.04 + 0.85 * value + 0.1 * (noisy[i] as number));
  const pictures = (values: Float32Array) => ({
    shape,
    pixels: Uint8Array.from(values, (value) => 255 * Math.min(1, value)),
  });
  const psnr = (values: Float32Array): number[] =>
    Array.from({ length: 10 }, (_, image) => {
      let sum = 0;
      for (let i = image * size; i < (image + 1) * size; i++)
        sum += ((values[i] as number) - (clean[i] as number)) ** 2;
      return -10 * Math.log10(sum / size);
    });
  const rows = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  return {
    kind: 'gallery',
    rows,
    labels: rows,
    input: pictures(noisy),
    output: pictures(output),
    target: pictures(clean),
    psnr: psnr(output),
    inputPsnr: psnr(noisy),
  };
}

// Scores images that a network gave out against the images asked for: mean squared error, PSNR and SSIM.
import type { ImageShape } from '../core/dataset.ts';
import { createSsim, psnr, SSIM_IMAGES } from '../core/image-quality.ts';
import type { Scorer } from './evaluate.ts';

/**
 * PSNR is that of each batch of so many images, averaged by their number: what the code of Rethinking the shape
 * convention of an MLP reports. It differs from the PSNR of the whole split's error by hundredths of a dB.
 */
const PSNR_IMAGES = 128;

/** `goalOf` gives the image asked for of a row of the split. SSIM is the mean over the first `SSIM_IMAGES` rows. */
export function scoreImages(goalOf: (row: number) => ArrayLike<number>, shape: ImageShape): Scorer {
  const ssim = createSsim(shape);
  const errors: number[] = [];
  let similarity = 0;
  let compared = 0;
  return {
    add(outputs, rows) {
      const size = outputs.length / rows.length;
      for (let index = 0; index < rows.length; index++) {
        const goal = goalOf(rows[index] as number);
        const begin = index * size;
        let sum = 0;
        for (let i = 0; i < size; i++) {
          const off = (outputs[begin + i] as number) - (goal[i] as number);
          sum += off * off;
        }
        errors.push(sum / size);
        if (compared === SSIM_IMAGES) continue;
        similarity += ssim(outputs.subarray(begin, begin + size), goal);
        compared++;
      }
    },
    scores() {
      const count = errors.length;
      const mean = (some: readonly number[]): number => some.reduce((sum, one) => sum + one, 0) / some.length;
      let decibels = 0;
      for (let from = 0; from < count; from += PSNR_IMAGES) {
        const batch = errors.slice(from, from + PSNR_IMAGES);
        decibels += psnr(mean(batch)) * batch.length;
      }
      return { loss: mean(errors), psnr: decibels / count, ssim: similarity / compared };
    },
  };
}

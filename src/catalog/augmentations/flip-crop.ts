// torchvision's RandomCrop(size, padding=4) then RandomHorizontalFlip(0.5), on raw pixels: the padding is black, and
// normalisation comes after.
import { augmentation } from './augmentation.ts';

/** Black pixels around the image before the window is cut. */
export const PADDING = 4;

export const flipCrop = augmentation({
  label: 'Flip and crop',
  help: 'A window shifted by up to 4 pixels, mirrored half of the time.',
  source: 'torchvision’s RandomCrop(padding=4) and RandomHorizontalFlip',
  fields: {},
  variation: {
    cut: 'shifted',
    draws: () => (random, step, row) => {
      const span = 2 * PADDING + 1;
      const flip = random.word(4 * row, step) >>> 31;
      return [
        flip === 1 ? 1 : 0,
        random.integer(span, 4 * row + 1, step) - PADDING,
        random.integer(span, 4 * row + 2, step) - PADDING,
      ];
    },
  },
});

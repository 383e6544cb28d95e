// Each image mirrored left to right half of the time and, independently, top to bottom half of the time. The hourglass
// paper enlarges the dataset by all four combinations: the same images, each as often, in other batches.
import { augmentation } from './augmentation.ts';

export const flips = augmentation({
  label: 'Flips',
  help: 'Mirrored left to right half of the time, and top to bottom half of the time.',
  source: 'Rethinking the shape convention of an MLP, code (augmentation × 4)',
  fields: {},
  variation: {
    cut: 'shifted',
    draws: () => (random, step, row) => [flipOf(random.word(4 * row, step)), 0, 0],
  },
});

/** The top bit mirrors left to right (1), the next one top to bottom (2). */
function flipOf(word: number): 0 | 1 | 2 | 3 {
  const across = word >>> 31 === 1;
  const down = ((word >>> 30) & 1) === 1;
  if (across) return down ? 3 : 1;
  return down ? 2 : 0;
}

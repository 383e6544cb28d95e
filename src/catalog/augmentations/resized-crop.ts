// torchvision's RandomResizedCrop to the image's own size, then RandomHorizontalFlip(0.5): FFCV's decoder draws the same
// windows. The resize is bilinear, without antialias and without rounding to whole bytes (`engine/gather.ts`).
import { real } from '../../core/fields.ts';
import { augmentation } from './augmentation.ts';

/** After so many windows that do not fit, the largest one in the middle with a legal ratio is taken. */
const TRIES = 10;
/** Words of the generator that belong to one row: flip, two a try, then two for the place. */
const ROW_WORDS = 32;
const PLACE = 1 + 2 * TRIES;

export const resizedCrop = augmentation({
  label: 'Resized crop',
  help: 'A window of random area, shape and place, scaled to the whole image, mirrored half of the time.',
  source: 'Scaling MLPs, code; torchvision’s RandomResizedCrop',
  fields: {
    'augment.scale': real([0.01, 1], {
      label: 'Smallest crop',
      unit: 'of the area',
      scale: 'linear',
      help: 'The area of a window is drawn evenly between this share of the image and all of it.',
      source: 'Scaling MLPs’ code (0.08; fine-tuning 0.4)',
      default: 0.08,
    }),
    'augment.ratio': real([1, 4], {
      label: 'Largest aspect',
      unit: 'to 1',
      scale: 'linear',
      help: 'Width to height of a window is drawn between this and its inverse, evenly on a logarithmic scale.',
      source: 'torchvision (4/3); Scaling MLPs, fine-tuning (1)',
      default: 4 / 3,
    }),
  },
  variation: {
    cut: 'resized',
    draws: (settings, { height, width }) => {
      const smallest = settings['augment.scale'];
      const ratio = settings['augment.ratio'];
      const logRatio = Math.log(ratio);
      const area = height * width;
      const middle = largestInTheMiddle(height, width, ratio);
      return (random, step, row) => {
        const base = ROW_WORDS * row;
        const flip = random.word(base, step) >>> 31 === 1 ? 1 : 0;
        for (let attempt = 0; attempt < TRIES; attempt++) {
          const target = area * (smallest + (1 - smallest) * random.uniform(base + 1 + 2 * attempt, step));
          const aspect = Math.exp(logRatio * (2 * random.uniform(base + 2 + 2 * attempt, step) - 1));
          const w = Math.round(Math.sqrt(target * aspect));
          const h = Math.round(Math.sqrt(target / aspect));
          if (w < 1 || w > width || h < 1 || h > height) continue;
          const x = random.integer(width - w + 1, base + PLACE, step);
          const y = random.integer(height - h + 1, base + PLACE + 1, step);
          return [flip, x, y, w, h];
        }
        return [flip, ...middle];
      };
    },
  },
});

/** torchvision's fallback: x, y, width and height of the largest window in the middle that is not too narrow or wide. */
function largestInTheMiddle(
  height: number,
  width: number,
  ratio: number,
): readonly [x: number, y: number, w: number, h: number] {
  const shape = width / height;
  const w = shape > ratio ? Math.max(1, Math.round(height * ratio)) : width;
  const h = shape < 1 / ratio ? Math.max(1, Math.round(width * ratio)) : height;
  return [Math.floor((width - w) / 2), Math.floor((height - h) / 2), w, h];
}

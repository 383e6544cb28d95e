// Images in another resolution, as PyTorch's F.interpolate(mode='bilinear', align_corners=False, antialias=True) has it:
// a triangle filter as wide as the scale when images shrink, plain bilinear when they grow. Rounded to whole bytes.
import { features, type ImageShape } from './dataset.ts';
import { roundToEven } from './round-to-even.ts';

/** The shape at a height of `resolution` pixels with the same aspect; 0 leaves it as it is. */
export function resizedShape(shape: ImageShape, resolution: number): ImageShape {
  if (resolution === 0) return shape;
  const width = Math.max(1, Math.round((resolution * shape.width) / shape.height));
  return { ...shape, height: resolution, width };
}

/** Weights of the pixels that one pixel of the result is made of; they add up to 1. */
interface Tap {
  readonly first: number;
  readonly weights: readonly number[];
}

function taps(from: number, to: number): readonly Tap[] {
  const scale = from / to;
  const support = Math.max(1, scale);
  return Array.from({ length: to }, (_, index) => {
    const centre = scale * (index + 0.5);
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    const raw = Array.from({ length: end - first }, (_, at) =>
      Math.max(0, 1 - Math.abs((first + at - centre + 0.5) / support)),
    );
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: raw.map((weight) => weight / total) };
  });
}

/** Makes resized copies: of `images` (NCHW, any number of them) in shape `from`, in shape `to`. */
export type Resizer = (images: Uint8Array, target: Uint8Array) => void;

/** `target` of the answer holds as many images as `images`, in shape `to`. */
export function resizer(from: ImageShape, to: ImageShape): Resizer {
  const across = taps(from.width, to.width);
  const down = taps(from.height, to.height);
  const narrow = new Float64Array(from.height * to.width);
  return (images, target) => {
    const planes = (images.length / features(from)) * from.channels;
    for (let plane = 0; plane < planes; plane++) {
      const source = plane * from.height * from.width;
      for (let y = 0; y < from.height; y++)
        for (const [x, { first, weights }] of across.entries()) {
          const at = source + y * from.width + first;
          let sum = 0;
          for (let i = 0; i < weights.length; i++) sum += (weights[i] as number) * (images[at + i] as number);
          narrow[y * to.width + x] = sum;
        }
      const result = plane * to.height * to.width;
      for (const [y, { first, weights }] of down.entries())
        for (let x = 0; x < to.width; x++) {
          let sum = 0;
          for (let i = 0; i < weights.length; i++)
            sum += (weights[i] as number) * (narrow[(first + i) * to.width + x] as number);
          target[result + y * to.width + x] = roundToEven(sum);
        }
    }
  };
}

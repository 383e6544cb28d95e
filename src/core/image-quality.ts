// How close an image comes to the one asked for, for pixels in [0, 1]: PSNR, and SSIM as torchmetrics and scikit-image
// compute it (Wang, Bovik, Sheikh and Simoncelli 2004).
import type { ImageShape } from './dataset.ts';

/** Peak signal-to-noise ratio in dB of a mean squared error, for a data range of 1; at most 120 dB, so that it is finite. */
export const psnr = (squaredError: number): number => -10 * Math.log10(Math.max(squaredError, 1e-12));

/** SSIM takes time: of a larger split only the first so many images are compared. */
export const SSIM_IMAGES = 1000;

const WINDOW = 11;
const SIGMA = 1.5;
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

/** A Gaussian window of `size` weights that sum to 1. */
function gaussian(size: number): number[] {
  const weights = Array.from({ length: size }, (_, i) =>
    Math.exp(-0.5 * ((i - (size - 1) / 2) / SIGMA) ** 2),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Pixels along each side of the window: 11, or the largest odd number that fits a smaller image. */
export const ssimWindow = ({ height, width }: ImageShape): number => {
  const fits = Math.min(WINDOW, height, width);
  return fits % 2 === 1 ? fits : fits - 1;
};

/**
 * Mean structural similarity of images of one shape, channel planes first. Gaussian window of sigma 1.5, K1 = 0.01,
 * K2 = 0.03, biased (co)variances, averaged over channels and over the places where the whole window lies inside the
 * image. Returns a function for one pair of images, which allocates nothing.
 */
export function createSsim(
  shape: ImageShape,
): (image: ArrayLike<number>, target: ArrayLike<number>) => number {
  const { channels, height, width } = shape;
  const size = ssimWindow(shape);
  const weights = gaussian(size);
  const wide = width - size + 1;
  const tall = height - size + 1;
  /** Filtered along rows: image, target, image², target², image · target. */
  const along = Array.from({ length: 5 }, () => new Float64Array(height * wide));
  const [xs, ys, xxs, yys, xys] = along as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return (image, target) => {
    let total = 0;
    for (let from = 0; from < channels * height * width; from += height * width) {
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < wide; column++) {
          let [x, y, xx, yy, xy] = [0, 0, 0, 0, 0];
          for (let i = 0; i < size; i++) {
            const at = from + row * width + column + i;
            const [a, b, weight] = [image[at] as number, target[at] as number, weights[i] as number];
            x += weight * a;
            y += weight * b;
            xx += weight * a * a;
            yy += weight * b * b;
            xy += weight * a * b;
          }
          const to = row * wide + column;
          [xs[to], ys[to], xxs[to], yys[to], xys[to]] = [x, y, xx, yy, xy];
        }
      }
      const down = (map: Float64Array, at: number): number => {
        let sum = 0;
        for (let i = 0; i < size; i++) sum += (weights[i] as number) * (map[at + i * wide] as number);
        return sum;
      };
      for (let at = 0; at < tall * wide; at++) {
        const [x, y] = [down(xs, at), down(ys, at)];
        const varianceX = down(xxs, at) - x * x;
        const varianceY = down(yys, at) - y * y;
        const covariance = down(xys, at) - x * y;
        total +=
          ((2 * x * y + C1) * (2 * covariance + C2)) / ((x * x + y * y + C1) * (varianceX + varianceY + C2));
      }
    }
    return total / (channels * tall * wide);
  };
}

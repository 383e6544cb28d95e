// Mean and standard deviation of pixels, measured on bytes: their sums and sums of squares are whole numbers, so the order
// of images changes nothing.
import { features, type ImageShape, type Normalisation, type Split } from './dataset.ts';

/**
 * Of each channel over all images of a split, for pixels in [0, 1], without Bessel's correction, as the published
 * figures of datasets are. A channel of one value gets a deviation of 1, so that it becomes 0.
 */
export function measuredNormalisation({ images, labels }: Split, shape: ImageShape): Normalisation {
  const plane = shape.height * shape.width;
  const count = labels.length * plane;
  const sums = new Float64Array(shape.channels);
  const squares = new Float64Array(shape.channels);
  for (let row = 0; row < labels.length; row++) {
    for (let channel = 0; channel < shape.channels; channel++) {
      const from = row * features(shape) + channel * plane;
      let [sum, square] = [0, 0];
      for (let i = from; i < from + plane; i++) {
        const byte = images[i] as number;
        sum += byte;
        square += byte * byte;
      }
      sums[channel] = (sums[channel] as number) + sum;
      squares[channel] = (squares[channel] as number) + square;
    }
  }
  const variance = (sum: number, channel: number): number =>
    (count * (squares[channel] as number) - sum * sum) / (count * count);
  return {
    mean: Array.from(sums, (sum) => sum / count / 255),
    std: Array.from(sums, (sum, channel) => Math.sqrt(variance(sum, channel)) / 255 || 1),
  };
}

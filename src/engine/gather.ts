// Bytes of a dataset to a float32 batch: pick rows, flip and crop, normalise. The values of PyTorch's
// ToTensor and Normalize bit for bit: a table of 256 values a channel, computed in float32.
import type { Draw } from '../catalog/augmentations/augmentation.ts';
import type { ImageShape } from '../core/dataset.ts';

export interface Pixels {
  readonly shape: ImageShape;
  /** channels × 256: (byte / 255 − mean) / std, each operation rounded to float32. */
  readonly table: Float32Array<ArrayBuffer>;
}

/** `mean` and `std` a channel, for pixels in [0, 1]. */
export function pixels(shape: ImageShape, mean: readonly number[], std: readonly number[]): Pixels {
  const table = new Float32Array(shape.channels * 256);
  for (let channel = 0; channel < shape.channels; channel++) {
    const centre = Math.fround(mean[channel] ?? 0);
    const spread = Math.fround(std[channel] ?? 1);
    for (let byte = 0; byte < 256; byte++)
      table[channel * 256 + byte] = Math.fround(Math.fround(byte / 255) - centre) / spread;
  }
  return { shape, table };
}

/**
 * Writes rows × features normalised values to `out`, flattened channel-first. With a draw, the window that starts at
 * (dx, dy) is cut from the image in black, then mirrored when flip is 1.
 */
export function gather(
  { shape, table }: Pixels,
  images: Uint8Array,
  rows: Uint32Array,
  draws: readonly Draw[] | null,
  out: Float32Array,
): void {
  const { channels, height, width } = shape;
  const plane = height * width;
  const size = channels * plane;
  for (let row = 0; row < rows.length; row++) {
    const from = (rows[row] as number) * size;
    const to = row * size;
    const [flip, dx, dy] = draws?.[row] ?? [0, 0, 0];
    for (let channel = 0; channel < channels; channel++) {
      const base = channel * 256;
      const source = from + channel * plane;
      const target = to + channel * plane;
      if (flip === 0 && dx === 0 && dy === 0) {
        for (let i = 0; i < plane; i++)
          out[target + i] = table[base + (images[source + i] as number)] as number;
        continue;
      }
      for (let y = 0; y < height; y++) {
        const sourceY = y + dy;
        const isRow = sourceY >= 0 && sourceY < height;
        for (let x = 0; x < width; x++) {
          const sourceX = (flip === 1 ? width - 1 - x : x) + dx;
          const isInside = isRow && sourceX >= 0 && sourceX < width;
          const byte = isInside ? (images[source + sourceY * width + sourceX] as number) : 0;
          out[target + y * width + x] = table[base + byte] as number;
        }
      }
    }
  }
}

/**
 * Writes rows × classes target probabilities to `out`: PyTorch's label smoothing, (1 − ε) on the label plus ε / classes
 * on every class.
 */
export function targets(
  labels: Uint8Array,
  rows: Uint32Array,
  classes: number,
  smoothing: number,
  out: Float32Array,
): void {
  out.fill(smoothing / classes, 0, rows.length * classes);
  for (let row = 0; row < rows.length; row++)
    out[row * classes + (labels[rows[row] as number] as number)] = 1 - smoothing + smoothing / classes;
}

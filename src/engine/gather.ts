// Bytes of a dataset to a float32 batch: pick rows, cut windows, normalise, mix. Unvaried pixels are the values of
// PyTorch's ToTensor and Normalize bit for bit: a table of 256 values a channel, computed in float32.
import { drawWords } from '../catalog/augmentations/augmentation.ts';
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

type Three = [number, number, number];
type Five = [...Three, number, number];
type Line = (source: number, target: number, base: number, draw: number) => void;

/**
 * Writes rows × features normalised values to `out`, flattened channel-first. `draws` holds the integers of `drawWords`
 * for each row. With a `share`, each row is then mixed with the one before it (the first with the last).
 * Normalisation is affine and all weights add up to one, so combining normalised values is combining raw pixels.
 */
export function gather(
  { shape, table }: Pixels,
  images: Uint8Array,
  rows: Uint32Array,
  draws: Int32Array | null,
  out: Float32Array,
  share: number | null = null,
): void {
  const { channels, height, width } = shape;
  const plane = height * width;
  const size = channels * plane;
  const words = draws ? draws.length / rows.length : 0;
  const value = (base: number, at: number): number => table[base + (images[at] as number)] as number;

  const plain: Line = (source, target, base) => {
    for (let i = 0; i < plane; i++) out[target + i] = value(base, source + i);
  };
  const shifted: Line = (source, target, base, draw) => {
    const [flip, dx, dy] = [0, 1, 2].map((word) => draws?.[draw + word]) as Three;
    if (flip === 0 && dx === 0 && dy === 0) return plain(source, target, base, draw);
    const black = table[base] as number;
    for (let y = 0; y < height; y++) {
      const sourceY = (flip & 2 ? height - 1 - y : y) + dy;
      const isRow = sourceY >= 0 && sourceY < height;
      for (let x = 0; x < width; x++) {
        const sourceX = (flip & 1 ? width - 1 - x : x) + dx;
        const isInside = isRow && sourceX >= 0 && sourceX < width;
        out[target + y * width + x] = isInside ? value(base, source + sourceY * width + sourceX) : black;
      }
    }
  };
  const resized: Line = (source, target, base, draw) => {
    const [flip, left, top, w, h] = [0, 1, 2, 3, 4].map((word) => draws?.[draw + word]) as Five;
    const across = Array.from({ length: width }, (_, x) =>
      sampleAt(flip === 1 ? width - 1 - x : x, width, w),
    );
    for (let y = 0; y < height; y++) {
      const vertical = sampleAt(y, height, h);
      const upper = source + (top + vertical.first) * width + left;
      const lower = source + (top + vertical.second) * width + left;
      for (let x = 0; x < width; x++) {
        const { first, second, share: right } = across[x] as Sample;
        const above = blend(value(base, upper + first), value(base, upper + second), right);
        const below = blend(value(base, lower + first), value(base, lower + second), right);
        out[target + y * width + x] = blend(above, below, vertical.share);
      }
    }
  };

  const line = words === 0 ? plain : words === drawWords.shifted ? shifted : resized;
  for (let row = 0; row < rows.length; row++) {
    for (let channel = 0; channel < channels; channel++) {
      const source = (rows[row] as number) * size + channel * plane;
      line(source, row * size + channel * plane, channel * 256, row * words);
    }
  }
  if (share !== null) mixRows(out, rows.length, size, share);
}

interface Sample {
  readonly first: number;
  readonly second: number;
  /** Of the second pixel. */
  readonly share: number;
}

/**
 * Where pixel `at` of a line of `size` looks in a window of `length` pixels, and the share of the second pixel, float32:
 * (at + ½) · length / size − ½, not below 0, as F.interpolate(mode='bilinear', align_corners=False, antialias=False)
 * has it; in whole numbers of 1 / (2 · size), so that every backend finds the same pixels and shares.
 */
export function sampleAt(at: number, size: number, length: number): Sample {
  const place = Math.max(0, (2 * at + 1) * length - size);
  const first = Math.floor(place / (2 * size));
  const share = Math.fround((place % (2 * size)) * Math.fround(1 / (2 * size)));
  return { first, second: Math.min(first + 1, length - 1), share };
}

/** (1 − share) · a + share · b, each operation rounded to float32. */
function blend(a: number, b: number, share: number): number {
  return Math.fround(Math.fround(Math.fround(1 - share) * a) + Math.fround(share * b));
}

/** row ← share · row + (1 − share) · row before, the first row taking the last, in float32. */
function mixRows(values: Float32Array, rows: number, size: number, share: number): void {
  const last = values.slice((rows - 1) * size, rows * size);
  const other = Math.fround(1 - share);
  for (let row = rows - 1; row >= 0; row--) {
    for (let i = 0; i < size; i++) {
      const before = (row > 0 ? values[(row - 1) * size + i] : last[i]) as number;
      const at = row * size + i;
      values[at] = Math.fround(share * (values[at] as number)) + Math.fround(other * before);
    }
  }
}

/**
 * Writes rows × classes target probabilities to `out`: PyTorch's label smoothing, (1 − ε) on the label plus ε / classes
 * on every class. With a `share`, the (1 − ε) is divided between the label and that of the row before.
 */
export function targets(
  labels: Uint8Array,
  rows: Uint32Array,
  classes: number,
  smoothing: number,
  out: Float32Array,
  share: number | null = null,
): void {
  const rest = smoothing / classes;
  const labelOf = (row: number): number => labels[rows[row] as number] as number;
  out.fill(rest, 0, rows.length * classes);
  for (let row = 0; row < rows.length; row++) {
    const own = labelOf(row);
    const before = labelOf((row + rows.length - 1) % rows.length);
    const at = row * classes;
    if (share === null || own === before) out[at + own] = 1 - smoothing + rest;
    else {
      out[at + own] = (1 - smoothing) * share + rest;
      out[at + before] = (1 - smoothing) * (1 - share) + rest;
    }
  }
}

// Rows of the first matrix as images, and how local they are.
// Source: Scaling MLPs, figures 11 and 12 show the rows; the score puts their "more local" into a number.
import { features, type ImageShape } from './dataset.ts';
import { type Layer, walk } from './layers.ts';

export interface FilterLayer {
  /** The tensor in the state dict: filters × features. */
  readonly tensor: string;
  /** Of one filter. */
  readonly shape: ImageShape;
  readonly count: number;
  readonly isTrainable: boolean;
  /** The filters look at one patch each, not at the image. */
  readonly isPatch: boolean;
}

/** The first matrix, where each of its rows has the shape of what enters the network; else null. */
export function filterLayer(layers: readonly Layer[], input: ImageShape): FilterLayer | null {
  for (const layer of walk(layers)) {
    if (layer.kind === 'linear') {
      if (layer.inputs !== features(input)) return null;
      const { name, outputs, trainable } = layer;
      const tensor = `${name}.weight`;
      return { tensor, shape: input, count: outputs, isTrainable: trainable, isPatch: false };
    }
    if (layer.kind === 'patch-embedding') {
      const { name, channels, patch, outputs } = layer;
      const shape = { channels, height: patch, width: patch };
      return { tensor: `${name}.weight`, shape, count: outputs, isTrainable: true, isPatch: true };
    }
  }
  return null;
}

/** The window of the score: a quarter of each side, so 8 × 8 of CIFAR's 32 × 32. */
export function localityWindow({ height, width }: ImageShape): {
  readonly height: number;
  readonly width: number;
} {
  return { height: Math.max(1, Math.round(height / 4)), width: Math.max(1, Math.round(width / 4)) };
}

/** What an even filter scores: the window's share of the image. */
export function evenLocality(shape: ImageShape): number {
  const window = localityWindow(shape);
  return (window.height * window.width) / (shape.height * shape.width);
}

/**
 * The largest share of the filter's squared weights, over all channels, that lies in one window of a quarter of each
 * side: 1 for a filter inside such a window. NaN for a filter of zeros.
 */
export function locality(filter: ArrayLike<number>, shape: ImageShape): number {
  const { channels, height, width } = shape;
  const window = localityWindow(shape);
  const plane = height * width;
  // above[(y, x)]: sum of the squares above and left of pixel (y, x).
  const across = width + 1;
  const above = new Float64Array((height + 1) * across);
  for (let y = 0; y < height; y++) {
    let line = 0;
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++)
        line += (filter[channel * plane + y * width + x] as number) ** 2;
      above[(y + 1) * across + x + 1] = (above[y * across + x + 1] as number) + line;
    }
  }
  let best = 0;
  for (let y = 0; y + window.height <= height; y++)
    for (let x = 0; x + window.width <= width; x++) {
      const [top, bottom] = [y * across, (y + window.height) * across];
      const [left, right] = [x, x + window.width];
      const inside =
        (above[bottom + right] as number) -
        (above[bottom + left] as number) -
        (above[top + right] as number) +
        (above[top + left] as number);
      if (inside > best) best = inside;
    }
  const whole = above[above.length - 1] as number;
  return whole > 0 ? Math.min(1, best / whole) : Number.NaN;
}

/** Weights as bytes: 0 is the middle grey 128, the largest magnitude of the filter 1 or 255. */
export function filterBytes(filter: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  let largest = 0;
  for (let i = 0; i < filter.length; i++) largest = Math.max(largest, Math.abs(filter[i] as number));
  const scale = largest > 0 ? 127 / largest : 0;
  return Uint8Array.from(filter, (weight) => Math.round(128 + scale * weight));
}

// An image from anywhere in the shape of a dataset: a centred cut of the same aspect, resized as datasets are, grey or
// colour as the dataset is. Whole bytes all the way, so that the same picture gives the same answer everywhere.
import { features, type ImageShape } from './dataset.ts';
import { resizer } from './resize-images.ts';
import { roundToEven } from './round-to-even.ts';

/** Channel planes of one image. */
export interface Planes {
  readonly shape: ImageShape;
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/** Of four bytes a pixel (red, green, blue, alpha), three planes over white. */
export function planesOfRgba(rgba: ArrayLike<number>, height: number, width: number): Planes {
  const plane = height * width;
  const pixels = new Uint8Array(3 * plane);
  for (let at = 0; at < plane; at++) {
    const alpha = (rgba[4 * at + 3] as number) / 255;
    for (let channel = 0; channel < 3; channel++)
      pixels[channel * plane + at] = roundToEven(255 - alpha * (255 - (rgba[4 * at + channel] as number)));
  }
  return { shape: { channels: 3, height, width }, pixels };
}

/** The largest cut of an aspect in the middle of an image. */
export function centredCut(
  { height, width }: ImageShape,
  like: ImageShape,
): { readonly top: number; readonly left: number; readonly height: number; readonly width: number } {
  const wide = Math.min(width, Math.max(1, Math.round((height * like.width) / like.height)));
  const high = Math.min(height, Math.max(1, Math.round((width * like.height) / like.width)));
  return {
    top: Math.floor((height - high) / 2),
    left: Math.floor((width - wide) / 2),
    height: high,
    width: wide,
  };
}

function cut({ shape, pixels }: Planes, like: ImageShape): Planes {
  const { top, left, height, width } = centredCut(shape, like);
  const out = new Uint8Array(shape.channels * height * width);
  for (let channel = 0; channel < shape.channels; channel++)
    for (let y = 0; y < height; y++) {
      const from = (channel * shape.height + top + y) * shape.width + left;
      out.set(pixels.subarray(from, from + width), (channel * height + y) * width);
    }
  return { shape: { ...shape, height, width }, pixels: out };
}

/** Luma of ITU-R BT.601 where grey is wanted of colour; the same plane thrice where colour is wanted of grey. */
function inChannels({ shape, pixels }: Planes, channels: number): Planes {
  if (shape.channels === channels) return { shape, pixels };
  const plane = shape.height * shape.width;
  const out = new Uint8Array(channels * plane);
  for (let at = 0; at < plane; at++) {
    const value = (channel: number): number => pixels[channel * plane + at] as number;
    const grey =
      shape.channels === 1 ? value(0) : roundToEven(0.299 * value(0) + 0.587 * value(1) + 0.114 * value(2));
    for (let channel = 0; channel < channels; channel++) out[channel * plane + at] = grey;
  }
  return { shape: { ...shape, channels }, pixels: out };
}

/** The image in `shape`; `isInverted`: dark becomes light, as where a dataset shows light strokes on black. */
export function fitImage(image: Planes, shape: ImageShape, isInverted: boolean): Planes {
  const taken = cut(inChannels(image, shape.channels), shape);
  const pixels = new Uint8Array(features(shape));
  resizer(taken.shape, shape)(taken.pixels, pixels);
  if (isInverted) for (let i = 0; i < pixels.length; i++) pixels[i] = 255 - (pixels[i] as number);
  return { shape, pixels };
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Draws a round stroke from place to place into one plane, lighter only: its edge fades over one pixel. */
export function drawStroke(pixels: Uint8Array, width: number, from: Place, to: Place, radius: number): void {
  const height = pixels.length / width;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const reach = radius + 1;
  const [left, right] = [Math.min(from.x, to.x) - reach, Math.max(from.x, to.x) + reach];
  const [top, bottom] = [Math.min(from.y, to.y) - reach, Math.max(from.y, to.y) + reach];
  for (let y = Math.max(0, Math.floor(top)); y <= Math.min(height - 1, bottom); y++)
    for (let x = Math.max(0, Math.floor(left)); x <= Math.min(width - 1, right); x++) {
      const along = length === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / length;
      const share = Math.min(1, Math.max(0, along));
      const distance = Math.hypot(x - from.x - share * dx, y - from.y - share * dy);
      const light = Math.round(255 * Math.min(1, Math.max(0, radius + 0.5 - distance)));
      const at = y * width + x;
      if (light > (pixels[at] as number)) pixels[at] = light;
    }
}

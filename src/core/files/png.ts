// A PNG as channel planes, by fast-png: never through a canvas, because some browsers add noise to what a canvas reads.
import { convertIndexedToRgb, type DecodedPng, decode } from 'fast-png';
import { Unzlib } from 'fflate';
import type { ImageShape } from '../dataset.ts';
import { messageOf } from './invalid.ts';
import { ascii } from './sniff.ts';

/** What a PNG may have beside its pixels: colour profiles, texts. */
const SPARE_BYTES = 1 << 16;
const HEADER_BYTES = 33;

/** Channels by colour type: grey, RGB, palette, grey with alpha, RGB with alpha. */
const CHANNELS: Readonly<Record<number, 1 | 3>> = { 0: 1, 2: 3, 3: 3, 4: 1, 6: 3 };

/** Shape of the picture as its header says, or why it is none that can be read, as a clause. */
export function pngShape(bytes: Uint8Array): ImageShape | string {
  if (ascii(bytes, 0, 8) !== '\x89PNG\r\n\x1a\n') return 'the picture is no PNG';
  if (bytes.length < HEADER_BYTES || ascii(bytes, 12, 4) !== 'IHDR') return 'the PNG ends within its header';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [depth, colour] = [bytes[24], bytes[25] as number];
  const channels = CHANNELS[colour];
  const isPalette = colour === 3 && [1, 2, 4, 8].includes(depth as number);
  if (channels === undefined || !(depth === 8 || isPalette))
    return `the PNG is not plain 8-bit grey or RGB (bit depth ${depth}, colour type ${colour})`;
  return { channels, height: view.getUint32(20), width: view.getUint32(16) };
}

/**
 * Decodes an 8-bit picture of exactly `shape` into `target` as planes (NCHW). An alpha channel must be opaque.
 * @returns why not, as a clause, or null when the picture is in `target`
 */
export function decodePng(bytes: Uint8Array, shape: ImageShape, target: Uint8Array): string | null {
  const found = pngShape(bytes);
  if (typeof found === 'string') return found;
  const { channels, height, width } = found;
  if (width !== shape.width || height !== shape.height)
    return `the PNG has ${height} × ${width} pixels and not ${shape.height} × ${shape.width}`;
  if (channels !== shape.channels)
    return `the PNG is ${channels === 3 ? 'in colour' : 'grey'} and not ${shape.channels === 3 ? 'in colour' : 'grey'}`;
  const pixels = width * height;
  // Packed rows with a filter byte each; with alpha a picture has one channel more.
  const raw = pixels * (channels + 1) + height;
  if (bytes.length > raw + SPARE_BYTES)
    return `the PNG has ${bytes.length} bytes, more than a picture of its size needs`;
  try {
    if (bytes.length > SPARE_BYTES && inflatesBeyond(bytes, raw))
      return 'the PNG inflates to more than its pixels';
    return place(planesOf(decode(bytes, { checkCrc: true })), channels, pixels, target);
  } catch (thrown) {
    return `the PNG is damaged (${messageOf(thrown)})`;
  }
}

interface Planes {
  readonly data: ArrayLike<number>;
  /** Values a pixel; the last one is alpha where there is one more than channels. */
  readonly values: number;
}

function planesOf(png: DecodedPng): Planes {
  if (!png.palette) return { data: png.data, values: png.channels };
  return { data: convertIndexedToRgb(png), values: png.palette[0]?.length ?? 3 };
}

function place(
  { data, values }: Planes,
  channels: number,
  pixels: number,
  target: Uint8Array,
): string | null {
  if (data.length !== pixels * values || (values !== channels && values !== channels + 1))
    return `the PNG holds ${data.length} values and not ${pixels * channels}`;
  for (let pixel = 0; pixel < pixels; pixel++) {
    if (values > channels && data[pixel * values + channels] !== 255)
      return 'the PNG is transparent in places: save it without an alpha channel';
    for (let channel = 0; channel < channels; channel++)
      target[channel * pixels + pixel] = data[pixel * values + channel] as number;
  }
  return null;
}

/** Whether the packed pixels hold more than `most` bytes; looks no further than that. */
function inflatesBeyond(bytes: Uint8Array, most: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let inflated = 0;
  const inflater = new Unzlib((piece) => {
    inflated += piece.length;
  });
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    if (ascii(bytes, at + 4, 4) !== 'IDAT') continue;
    const end = Math.min(bytes.length, at + 8 + view.getUint32(at));
    for (let from = at + 8; from < end; from += SPARE_BYTES) {
      inflater.push(bytes.subarray(from, Math.min(end, from + SPARE_BYTES)));
      if (inflated > most) return true;
    }
  }
  return false;
}

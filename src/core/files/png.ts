// A PNG as channel planes, by fast-png: never through a canvas, because some browsers add noise to what a canvas reads.
import { decode } from 'fast-png';
import type { ImageShape } from '../dataset.ts';
import { ascii } from './sniff.ts';

/** Far above any 32 × 32 picture; bounds what a hostile one can inflate to. */
const MAX_BYTES = 1 << 16;

/**
 * Decodes an 8-bit grey or RGB picture of exactly `shape` into `target` as planes (NCHW).
 * @returns why not, as a clause, or null when the picture is in `target`
 */
export function decodePng(bytes: Uint8Array, shape: ImageShape, target: Uint8Array): string | null {
  if (ascii(bytes, 0, 8) !== '\x89PNG\r\n\x1a\n') return 'the picture is no PNG';
  if (bytes.length > MAX_BYTES)
    return `the PNG has ${bytes.length} bytes, more than the ${MAX_BYTES} allowed`;
  if (bytes.length < 33 || ascii(bytes, 12, 4) !== 'IHDR') return 'the PNG ends within its header';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  if (width !== shape.width || height !== shape.height) {
    return `the PNG has ${height} × ${width} pixels and not ${shape.height} × ${shape.width}`;
  }
  const colour = shape.channels === 3 ? 2 : 0;
  if (bytes[24] !== 8 || bytes[25] !== colour) {
    return `the PNG is not plain 8-bit ${colour === 2 ? 'RGB' : 'grey'} (bit depth ${bytes[24]}, colour type ${bytes[25]})`;
  }
  try {
    const { data } = decode(bytes, { checkCrc: true });
    const pixels = width * height;
    if (data.length !== pixels * shape.channels)
      return `the PNG holds ${data.length} values and not ${pixels * shape.channels}`;
    for (let channel = 0; channel < shape.channels; channel++) {
      for (let pixel = 0; pixel < pixels; pixel++) {
        target[channel * pixels + pixel] = data[pixel * shape.channels + channel] as number;
      }
    }
    return null;
  } catch (thrown) {
    return `the PNG is damaged (${thrown instanceof Error ? thrown.message : String(thrown)})`;
  }
}

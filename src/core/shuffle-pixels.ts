// One seeded order of the pixels for all images: what is lost is where a pixel is, nothing else.
import type { ImageShape } from './dataset.ts';
import { permutation, streams } from './rng.ts';

/** Where the pixel at place p of a shuffled image comes from: a permutation of the height × width places. */
export function pixelOrder({ height, width }: ImageShape, seed: number): Uint32Array<ArrayBuffer> {
  return permutation(height * width, seed, streams.shufflePixels, 0);
}

/** Copies of all images (NCHW) with pixels in `order`; the channels of a pixel stay together. */
export function shufflePixels(images: Uint8Array, order: Uint32Array): Uint8Array<ArrayBuffer> {
  const shuffled = new Uint8Array(images.length);
  for (let plane = 0; plane < images.length; plane += order.length) {
    for (let place = 0; place < order.length; place++)
      shuffled[plane + place] = images[plane + (order[place] as number)] as number;
  }
  return shuffled;
}

/** One image or filter, channel planes first, with its pixels where they were before they were put in `order`. */
export function unshuffled(values: Float32Array, order: Uint32Array): Float32Array<ArrayBuffer> {
  const back = new Float32Array(values.length);
  for (let plane = 0; plane < values.length; plane += order.length) {
    for (let place = 0; place < order.length; place++)
      back[plane + (order[place] as number)] = values[plane + place] as number;
  }
  return back;
}

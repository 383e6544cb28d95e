// Half the resolution by bicubic interpolation without antialiasing: PyTorch's F.interpolate(size, mode='bicubic',
// align_corners=False, antialias=False) on float32 images. Nothing is clamped, so values a little outside [0, 1] occur.
import type { ImageShape } from './dataset.ts';

/**
 * Weights of the four neighbours at −1.5, −0.5, 0.5 and 1.5 pixels: Keys' cubic kernel with PyTorch's a = −3/4. Halving
 * always samples midway between pixels; both are exact in float32.
 */
export const OUTER = -3 / 32;
export const INNER = 19 / 32;

/** The shape of the halved image; height and width must be even. */
export const halved = ({ channels, height, width }: ImageShape): ImageShape => ({
  channels,
  height: height / 2,
  width: width / 2,
});

/** Writes rows × features / 4 to `out`: along a row first, then down; neighbours past the border repeat it. */
export function halve(images: Float32Array, out: Float32Array, shape: ImageShape): void {
  const { height, width } = shape;
  const { height: tall, width: wide } = halved(shape);
  const planes = images.length / (height * width);
  const across = new Float32Array(4);
  for (let plane = 0; plane < planes; plane++) {
    const from = plane * height * width;
    for (let y = 0; y < tall; y++) {
      for (let x = 0; x < wide; x++) {
        for (let i = 0; i < 4; i++) {
          const line = from + Math.min(height - 1, Math.max(0, 2 * y - 1 + i)) * width;
          const pixel = (j: number): number =>
            images[line + Math.min(width - 1, Math.max(0, 2 * x - 1 + j))] as number;
          across[i] = weighted(pixel(0), pixel(1), pixel(2), pixel(3));
        }
        const [a = 0, b = 0, c = 0, d = 0] = across;
        out[(plane * tall + y) * wide + x] = weighted(a, b, c, d);
      }
    }
  }
}

const { fround } = Math;

/** (a + d) · outer + (b + c) · inner, each operation rounded to float32. */
function weighted(a: number, b: number, c: number, d: number): number {
  return fround(fround(fround(a + d) * OUTER) + fround(fround(b + c) * INNER));
}

// Images of one's own in a dataset's shape.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { centredCut, drawStroke, fitImage, planesOfRgba } from '../../src/core/own-image.ts';

const grey = (height: number, width: number) => ({ channels: 1, height, width });

test('an image of the right shape stays what it is, or is inverted', () => {
  const image = { shape: grey(2, 2), pixels: Uint8Array.of(0, 10, 200, 255) };
  expect([...fitImage(image, grey(2, 2), false).pixels]).toEqual([0, 10, 200, 255]);
  expect([...fitImage(image, grey(2, 2), true).pixels]).toEqual([255, 245, 55, 0]);
});

test('the middle is cut out before it is resized', () => {
  expect(centredCut(grey(4, 10), grey(2, 2))).toEqual({ top: 0, left: 3, height: 4, width: 4 });
  const image = { shape: grey(1, 5), pixels: Uint8Array.of(9, 9, 77, 9, 9) };
  expect([...fitImage(image, grey(1, 1), false).pixels]).toEqual([77]);
});

test('colour becomes luma, grey becomes three planes, what is transparent is white', () => {
  const colour = planesOfRgba([255, 0, 0, 255, 0, 0, 0, 0], 1, 2);
  expect([...colour.pixels]).toEqual([255, 255, 0, 255, 0, 255]);
  expect([...fitImage(colour, grey(1, 2), false).pixels]).toEqual([76, 255]);
  const thrice = fitImage(
    { shape: grey(1, 1), pixels: Uint8Array.of(5) },
    { ...grey(1, 1), channels: 3 },
    false,
  );
  expect([...thrice.pixels]).toEqual([5, 5, 5]);
});

test('any image fits any shape, within the range of its values', () => {
  const side = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(
      side,
      side,
      side,
      side,
      fc.constantFrom(1, 3),
      fc.constantFrom(1, 3),
      (h, w, height, width, from, to) => {
        const pixels = Uint8Array.from({ length: from * h * w }, (_, i) => 40 + ((i * 37) % 100));
        const fitted = fitImage(
          { shape: { channels: from, height: h, width: w }, pixels },
          { channels: to, height, width },
          false,
        );
        expect(fitted.pixels).toHaveLength(to * height * width);
        expect(Math.min(...fitted.pixels)).toBeGreaterThanOrEqual(40);
        expect(Math.max(...fitted.pixels)).toBeLessThanOrEqual(139);
      },
    ),
  );
});

test('a stroke lights what is near it, and never darkens', () => {
  const pixels = new Uint8Array(100).fill(3);
  drawStroke(pixels, 10, { x: 2, y: 5 }, { x: 7, y: 5 }, 1);
  expect(pixels[55]).toBe(255);
  expect(pixels[45]).toBe(128);
  expect(pixels[5]).toBe(3);
  drawStroke(pixels, 10, { x: -50, y: 5 }, { x: -40, y: 5 }, 2);
  expect(pixels[50]).toBe(3);
});

// First image of each class, drawn from bytes.
import { useEffect, useRef } from 'react';
import type { DatasetCard } from '../../core/dataset.ts';

const GAP = 4;

/** NCHW bytes of ten images as one strip of RGBA pixels. */
function paint(canvas: HTMLCanvasElement, { samples, shape }: DatasetCard): void {
  const { channels, height, width } = shape;
  const size = channels * height * width;
  const count = Math.floor(samples.length / size);
  canvas.width = count * (width + GAP) - GAP;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context || count === 0) return;
  for (let image = 0; image < count; image++) {
    const pixels = context.createImageData(width, height);
    for (let at = 0; at < height * width; at++) {
      for (let channel = 0; channel < 3; channel++) {
        const plane = channels === 3 ? channel : 0;
        pixels.data[4 * at + channel] = samples[image * size + plane * height * width + at] as number;
      }
      pixels.data[4 * at + 3] = 255;
    }
    context.putImageData(pixels, image * (width + GAP), 0);
  }
}

export function Thumbnails({ card }: { readonly card: DatasetCard }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) paint(canvas.current, card);
  }, [card]);
  return (
    <canvas
      ref={canvas}
      className="thumbnails"
      role="img"
      aria-label={`One image each of ${card.classes.slice(0, 10).join(', ')}`}
    />
  );
}

// One image of a row of images, drawn from its bytes.
import { useEffect, useRef } from 'react';
import { features } from '../../core/dataset.ts';
import type { Pictures } from '../../experiment/sight.ts';

function paint(canvas: HTMLCanvasElement, { shape, pixels }: Pictures, index: number): void {
  const { channels, height, width } = shape;
  const begin = index * features(shape);
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(width, height);
  for (let at = 0; at < height * width; at++) {
    for (let channel = 0; channel < 3; channel++) {
      const plane = channels === 3 ? channel : 0;
      image.data[4 * at + channel] = pixels[begin + plane * height * width + at] as number;
    }
    image.data[4 * at + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

export function Picture({
  of,
  index,
  label,
}: {
  readonly of: Pictures;
  readonly index: number;
  readonly label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) paint(canvas.current, of, index);
  }, [of, index]);
  return <canvas ref={canvas} className="picture" role="img" aria-label={label} />;
}

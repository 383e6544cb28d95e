// A black field to draw on with light strokes, by mouse, pen or finger. What is drawn is kept here as bytes; the canvas
// only shows it, since some browsers add noise to what is read back from one.
import { type PointerEvent, useEffect, useRef } from 'react';
import { drawStroke, type Place } from '../../core/own-image.ts';

interface Props {
  readonly height: number;
  readonly width: number;
  /** What is drawn: one plane; changed by strokes. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** Bumped when `pixels` changed. */
  readonly version: number;
  readonly onStroke: () => void;
}

/** Of a stroke, as a share of the field's width: about that of handwritten digits. */
const RADIUS = 0.045;

export function DrawPad({ height, width, pixels, version, onStroke }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<Place | null>(null);

  useEffect(() => {
    void version;
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const shown = context.createImageData(width, height);
    for (const [at, light] of pixels.entries()) {
      shown.data.fill(light, 4 * at, 4 * at + 3);
      shown.data[4 * at + 3] = 255;
    }
    context.putImageData(shown, 0, 0);
  }, [pixels, version, height, width]);

  function placeOf(event: PointerEvent<HTMLCanvasElement>): Place {
    const box = event.currentTarget.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * width - 0.5,
      y: ((event.clientY - box.top) / box.height) * height - 0.5,
    };
  }
  function draw(event: PointerEvent<HTMLCanvasElement>): void {
    const to = placeOf(event);
    drawStroke(pixels, width, last.current ?? to, to, RADIUS * width);
    last.current = to;
    onStroke();
  }
  return (
    <canvas
      ref={canvas}
      className="draw-pad"
      width={width}
      height={height}
      role="img"
      aria-label="Field to draw on with mouse, pen or finger; by keyboard choose a file instead"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        last.current = null;
        draw(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons > 0) draw(event);
      }}
    />
  );
}

// The surface over a plot: points, zooms and pans, by pointer, wheel and keys. It is a slider to those who do not see
// it. Drag: a range. Shift and drag: pan. Ctrl or ⌘ with the wheel: zoom; Shift with the wheel: pan. Double click: all.
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import type { Frame } from './draw-layer.tsx';
import { type Axis, unproject } from './scale.ts';
import { panned, rangeBetween, useZoom, zoomed } from './zoom.ts';

interface Props {
  readonly frame: Frame;
  readonly x: Axis;
  readonly label: string;
  /** What a screen reader says of the slider. */
  readonly value: {
    readonly low: number;
    readonly high: number;
    readonly now: number;
    readonly words: string;
  };
  /** Where the keys zoom, in pixels. */
  readonly anchor: number;
  /** Somebody points here, in pixels of the plot. */
  readonly onPoint: (x: number, y: number) => void;
  readonly onLeave: () => void;
  /** −1 or 1, and whether to go far. */
  readonly onArrow: (direction: -1 | 1, far: boolean) => void;
  readonly onEnd: (end: 'first' | 'last') => void;
  /** What is pointed at was clicked, or Enter was pressed. */
  readonly onChoose?: (() => void) | undefined;
}

/** Shorter drags are clicks. */
const DRAG_PIXELS = 5;
const WHEEL_RATE = 0.002;

interface Drag {
  readonly from: number;
  readonly to: number;
  /** Shift: move the part that is seen. */
  readonly isPan: boolean;
}

export function PlotControl(props: Props) {
  const { frame, x: axis, label, value, anchor, onPoint, onLeave, onArrow, onEnd, onChoose } = props;
  const zoom = useZoom();
  const area = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const { left, right, top, bottom } = frame;
  const toValue = unproject(axis, left, right);
  const isBrush = drag !== null && !drag.isPan && Math.abs(drag.to - drag.from) >= DRAG_PIXELS;

  function place(event: PointerEvent<HTMLDivElement>): number {
    const box = event.currentTarget.getBoundingClientRect();
    const x = Math.min(right, Math.max(left, left + event.clientX - box.left));
    onPoint(x, top + event.clientY - box.top);
    return x;
  }

  function press(event: PointerEvent<HTMLDivElement>): void {
    const at = place(event);
    if (!zoom || event.pointerType === 'touch' || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ from: at, to: at, isPan: event.shiftKey });
  }

  function move(event: PointerEvent<HTMLDivElement>): void {
    const at = place(event);
    if (!drag || !zoom) return;
    if (drag.isPan) zoom.set(panned(axis.domain, (drag.to - at) / (right - left), zoom.whole));
    setDrag({ ...drag, to: at });
  }

  function release(): void {
    if (isBrush && zoom) zoom.set(rangeBetween(toValue(drag.from), toValue(drag.to), zoom.whole));
    else if (!drag?.isPan) onChoose?.();
    setDrag(null);
  }

  function key(event: KeyboardEvent<HTMLDivElement>): void {
    const at = toValue(anchor);
    const changes: Readonly<Record<string, () => void>> = {
      Escape: () => (drag ? setDrag(null) : onLeave()),
      ArrowLeft: () => onArrow(-1, event.shiftKey),
      ArrowRight: () => onArrow(1, event.shiftKey),
      Home: () => onEnd('first'),
      End: () => onEnd('last'),
      ...(onChoose && { Enter: onChoose }),
      ...(zoom && {
        '+': () => zoom.set(zoomed(axis.domain, 0.5, at, zoom.whole)),
        '=': () => zoom.set(zoomed(axis.domain, 0.5, at, zoom.whole)),
        '-': () => zoom.set(zoomed(axis.domain, 2, at, zoom.whole)),
        '0': () => zoom.set(null),
        PageUp: () => zoom.set(panned(axis.domain, -0.5, zoom.whole)),
        PageDown: () => zoom.set(panned(axis.domain, 0.5, zoom.whole)),
      }),
    };
    const change = event.ctrlKey || event.metaKey || event.altKey ? undefined : changes[event.key];
    if (!change) return;
    event.preventDefault();
    event.stopPropagation();
    change();
  }

  // React listens to the wheel passively: what keeps the page from scrolling must listen by itself.
  useEffect(() => {
    const element = area.current;
    if (!element || !zoom) return;
    const wheel = (event: WheelEvent): void => {
      const isZoom = event.ctrlKey || event.metaKey;
      if (!isZoom && !event.shiftKey) return;
      event.preventDefault();
      const by = event.deltaY || event.deltaX;
      const at = unproject(axis, left, right)(left + event.clientX - element.getBoundingClientRect().left);
      zoom.set(
        isZoom
          ? zoomed(axis.domain, Math.exp(by * WHEEL_RATE), at, zoom.whole)
          : panned(axis.domain, by / (right - left), zoom.whole),
      );
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [axis, left, right, zoom]);

  return (
    <>
      <div
        ref={area}
        className={drag?.isPan ? 'cross panning' : 'cross'}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-keyshortcuts={zoom ? '+ - 0 PageUp PageDown' : undefined}
        aria-valuemin={value.low}
        aria-valuemax={value.high}
        aria-valuenow={Math.min(value.high, Math.max(value.low, value.now))}
        aria-valuetext={value.words}
        style={{ left, top, width: right - left, height: bottom - top }}
        onPointerMove={move}
        onPointerDown={press}
        onPointerUp={release}
        onPointerCancel={() => setDrag(null)}
        onPointerLeave={() => {
          if (!drag) onLeave();
        }}
        onDoubleClick={() => zoom?.set(null)}
        onKeyDown={key}
        onBlur={onLeave}
      >
        {isBrush && (
          <span
            className="brush"
            style={{ left: Math.min(drag.from, drag.to) - left, width: Math.abs(drag.to - drag.from) }}
          />
        )}
      </div>
      {zoom?.isZoomed && (
        <button
          type="button"
          className="quiet acc reset-zoom"
          style={{ top: top + 2, right: 14 }}
          onClick={() => zoom.set(null)}
        >
          Reset zoom
        </button>
      )}
    </>
  );
}

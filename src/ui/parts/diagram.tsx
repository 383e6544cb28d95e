// The network drawn to scale. Pointing at a matrix, or moving to it with the arrow keys, names it.
import { useState } from 'react';
import { formatCount } from '../../core/format.ts';
import type { Plan } from '../../experiment/plan.ts';
import { useWidth } from '../hooks/use-width.ts';
import { type Drawing, drawing, type Matrix, type Span, type Stroke } from './diagram-layout.ts';

const TOP = 30;
const HEIGHT = 124;
const TOTAL = 178;
const MIDDLE = TOP + HEIGHT / 2;

function outline({ from, to }: Span): string {
  return `M${from.x} ${MIDDLE - from.half}L${to.x} ${MIDDLE - to.half}V${MIDDLE + to.half}L${from.x} ${MIDDLE + from.half}Z`;
}

function skipPath(from: Stroke, to: Stroke, y: number): string {
  return `M${from.x + 1.5} ${MIDDLE - from.half - 3}V${y}H${to.x - 1.5}V${MIDDLE - to.half - 3}`;
}

/** "512", or "64 × 128" where there are tokens. */
const widthWords = ({ tokens, features }: Stroke): string =>
  tokens === 1 ? formatCount(features) : `${formatCount(tokens)} × ${formatCount(features)}`;

/** Widths of the first strokes, set so that they do not run into each other. */
function Widths({ strokes, width }: { readonly strokes: readonly Stroke[]; readonly width: number }) {
  const [first, second, third] = strokes;
  const last = strokes[strokes.length - 1];
  return (
    <>
      {first && (
        <text x={0} y={11}>
          {formatCount(first.width)} inputs
        </text>
      )}
      {second && strokes.length > 2 && (
        <text
          className="halo"
          x={second.x}
          y={Math.min(TOTAL - 22, MIDDLE + second.half + 14)}
          textAnchor="middle"
        >
          {widthWords(second)}
        </text>
      )}
      {third && strokes.length > 3 && third.width !== second?.width && third.tokens === 1 && (
        <text className="halo" x={third.x} y={MIDDLE + third.half + 14} textAnchor="middle">
          {widthWords(third)}
        </text>
      )}
      {last && (
        <text x={width} y={MIDDLE + last.half + 16} textAnchor="end">
          {formatCount(last.width)}
        </text>
      )}
    </>
  );
}

/** Shape and count of one matrix in words, and how often an example passes it. */
function matrixWords({ layer }: Matrix): string {
  const { outputs, inputs, uses, over } = layer;
  const size = `${formatCount(outputs)} × ${formatCount(inputs)} = ${formatCount(outputs * inputs)} parameters`;
  switch (over) {
    case 'example':
      return size;
    case 'tokens':
      return `${size}, for each of ${formatCount(uses)} tokens`;
    case 'features':
      return `${size} across tokens, for each of ${formatCount(uses)} features`;
    default:
      throw over satisfies never;
  }
}

function Shapes({
  draw,
  hot,
  onHot,
}: {
  readonly draw: Drawing;
  readonly hot: number;
  readonly onHot: (index: number) => void;
}) {
  const top = MIDDLE - Math.max(...draw.strokes.slice(1).map((stroke) => stroke.half));
  return (
    <>
      {draw.matrices.map((matrix, index) => (
        <path
          key={matrix.name}
          className={`matrix ${matrix.layer.over}${index === hot ? ' hot' : ''}${matrix.layer.trainable ? '' : ' fixed'}`}
          d={outline(matrix)}
          onPointerEnter={() => onHot(index)}
        />
      ))}
      {draw.means.map((mean) => (
        <path key={mean.from.x} className="mean" d={outline(mean)} />
      ))}
      {draw.strokes.map((stroke) => (
        <path
          key={stroke.x}
          className="layer"
          d={`M${stroke.x} ${MIDDLE - stroke.half}V${MIDDLE + stroke.half}`}
        />
      ))}
      {draw.skips.map(({ from, to }) => (
        <g key={from.x} className="skip">
          <path d={skipPath(from, to, Math.max(16, top - 7))} />
          <path d={`M${to.x - 3.5} ${MIDDLE - to.half - 6}l2 3 2-3`} />
        </g>
      ))}
      {draw.ellipsis && (
        <text x={draw.ellipsis.x} y={MIDDLE + 4} textAnchor="middle">
          …
        </text>
      )}
    </>
  );
}

export function Diagram({ plan, name }: { readonly plan: Plan; readonly name: string }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const [chosen, setChosen] = useState(1);
  const draw = drawing(plan.layers, plan.inputs, { width: Math.max(width, 120), top: TOP, height: HEIGHT });
  const hot = Math.min(chosen, draw.matrices.length - 1);
  const matrix = draw.matrices[hot];
  const { kind } = draw;
  return (
    <>
      <div
        ref={ref}
        className="diagram"
        role="slider"
        tabIndex={0}
        aria-label={`${name}, drawn to scale; arrow keys go through its matrices`}
        aria-valuemin={1}
        aria-valuemax={draw.matrices.length}
        aria-valuenow={hot + 1}
        aria-valuetext={matrix ? `${matrix.name}: ${matrixWords(matrix)}` : 'no matrix'}
        onKeyDown={(event) => {
          const move = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
          if (move === undefined) return;
          event.preventDefault();
          setChosen(Math.min(draw.matrices.length - 1, Math.max(0, hot + move)));
        }}
      >
        {width > 0 && (
          <svg width={width} height={TOTAL} aria-hidden="true">
            <Shapes draw={draw} hot={hot} onHot={setChosen} />
            <Widths strokes={draw.strokes} width={width} />
            {draw.blocks > 0 && (
              <text x={width} y={TOTAL - 2} textAnchor="end">
                × {formatCount(draw.blocks)} {draw.blocks === 1 ? kind.slice(0, -1) : kind}
              </text>
            )}
          </svg>
        )}
      </div>
      <div className="diagram-words small ink2">
        {matrix && (
          <>
            <span className="acc" aria-hidden="true">
              ■
            </span>{' '}
            <span className="mono">{matrix.name}</span>
            {matrix.layer.trainable ? '' : ', fixed'}
            <br />
            {matrixWords(matrix)}
          </>
        )}
      </div>
    </>
  );
}

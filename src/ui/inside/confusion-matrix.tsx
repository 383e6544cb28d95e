// The confusion matrix: rows are true classes. A cell is pressed to see its images; arrow keys move from cell to cell.
import { type KeyboardEvent, useRef, useState } from 'react';
import { formatCount, formatPercent } from '../../core/format.ts';
import { type Confusion, shareOf } from '../../core/stats/confusion.ts';

export interface Cell {
  readonly label: number;
  readonly predicted: number;
}

interface Props {
  readonly of: Confusion;
  readonly names: readonly string[];
  readonly style: 'shares' | 'counts';
  readonly cell: Cell | null;
  readonly onCell: (cell: Cell) => void;
}

/** Stops at half, so that the ink on it keeps 4.5:1; its root, so that small shares are seen. */
const tint = (share: number): string =>
  share === 0 ? 'transparent' : `rgb(var(--heat) / ${(0.5 * Math.sqrt(share)).toFixed(3)})`;

const MOVES: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Off the diagonal only what counts is printed. */
const PRINTED = 0.1;

export function ConfusionMatrix({ of, names, style, cell, onCell }: Props) {
  const table = useRef<HTMLTableElement>(null);
  const [focus, setFocus] = useState<Cell>({ label: 0, predicted: 0 });
  const classes = names.map((_, index) => index);

  function move(event: KeyboardEvent): void {
    const step = MOVES[event.key];
    if (!step) return;
    event.preventDefault();
    const clamp = (at: number): number => Math.min(of.classes - 1, Math.max(0, at));
    const next = { label: clamp(focus.label + step[0]), predicted: clamp(focus.predicted + step[1]) };
    setFocus(next);
    table.current?.querySelector<HTMLButtonElement>(`[data-cell="${next.label} ${next.predicted}"]`)?.focus();
  }

  return (
    <table ref={table} className="confusion" aria-label="Confusion matrix: rows are true classes">
      <thead>
        <tr>
          <td />
          {names.map((name) => (
            <th key={name} scope="col" title={name}>
              <span>{name}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {classes.map((label) => (
          <tr key={label}>
            <th scope="row" title={names[label]}>
              {names[label]}
            </th>
            {classes.map((predicted) => {
              const share = shareOf(of, label, predicted);
              const count = of.counts[label * of.classes + predicted] as number;
              const isPrinted = label === predicted || share >= PRINTED || (style === 'counts' && count > 0);
              const text = style === 'counts' ? formatCount(count) : String(Math.round(100 * share));
              const isHere = focus.label === label && focus.predicted === predicted;
              return (
                <td key={predicted} style={{ background: tint(share) }}>
                  <button
                    type="button"
                    data-cell={`${label} ${predicted}`}
                    tabIndex={isHere ? 0 : -1}
                    aria-pressed={cell?.label === label && cell.predicted === predicted}
                    aria-label={`${names[label]} taken for ${names[predicted]}: ${formatCount(count)}, ${formatPercent(share)}`}
                    title={`${names[label]} → ${names[predicted]}: ${formatCount(count)}, ${formatPercent(share)}`}
                    onKeyDown={move}
                    onFocus={() => setFocus({ label, predicted })}
                    onClick={() => onCell({ label, predicted })}
                  >
                    {isPrinted ? text : ''}
                  </button>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

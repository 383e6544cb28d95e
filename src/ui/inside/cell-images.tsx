// The images of one cell of the confusion matrix, the most confident answers first.
import { useMemo } from 'react';
import { formatCount, formatPercent } from '../../core/format.ts';
import { rowsOfCell } from '../../core/stats/confusion.ts';
import type { Run } from '../../experiment/run.ts';
import type { Answers } from '../../experiment/sight.ts';
import { Picture } from '../parts/picture.tsx';
import type { Cell } from './confusion-matrix.tsx';
import { Waiting } from './part.tsx';
import { useAsk } from './use-look.ts';

const SHOWN = 24;

export function CellImages({
  run,
  answers,
  names,
  cell,
}: {
  readonly run: Run;
  readonly answers: Answers;
  readonly names: readonly string[];
  readonly cell: Cell;
}) {
  const { label, predicted } = cell;
  const all = useMemo(() => rowsOfCell(answers, label, predicted), [answers, label, predicted]);
  const rows = useMemo(() => all.slice(0, SHOWN), [all]);
  const mark = rows.join(' ');
  const looked = useAsk(
    run,
    { kind: 'images', rows },
    mark,
    ({ sight }) => rows.length > 0 && sight?.rows.join(' ') !== mark,
  );
  const seen = looked.sight?.rows.join(' ') === mark ? looked.sight : null;
  const pair =
    label === predicted ? `${names[label]}, right` : `${names[label]} taken for ${names[predicted]}`;
  return (
    <div className="cell-images" aria-live="polite">
      <h3 className="mid">
        <span className="strong">{pair}</span>{' '}
        <span className="small ink3">
          {formatCount(all.length)} {all.length === 1 ? 'image' : 'images'}
          {all.length > SHOWN ? `, the ${SHOWN} most confident` : ''}
        </span>
      </h3>
      {rows.length > 0 && !seen ? <Waiting looked={{ ...looked, sight: null }} /> : null}
      {seen ? (
        <ul className="picture-row">
          {seen.rows.map((row, index) => {
            const sure = formatPercent(answers.confidence[row] as number, 0);
            return (
              <li key={row}>
                <Picture
                  of={seen.pictures}
                  index={index}
                  label={`Test image ${row}: ${names[predicted]}, ${sure}`}
                />
                <span className="small ink2">{sure}</span>
              </li>
            );
          })}
        </ul>
      ) : null}
    </div>
  );
}

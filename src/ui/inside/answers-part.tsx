// What a network answers for the test images: confusion, accuracy of each class, worst mistakes; and calibration.
import { useMemo, useState } from 'react';
import { formatCount, formatPercent } from '../../core/format.ts';
import { type Confusion, confusionOf, worstPairs } from '../../core/stats/confusion.ts';
import type { Run } from '../../experiment/run.ts';
import type { Answers } from '../../experiment/sight.ts';
import { Segments } from '../controls/choices.tsx';
import { useSight } from '../hooks/use-sight.ts';
import { CalibrationChart } from './calibration-chart.tsx';
import { CellImages } from './cell-images.tsx';
import { classNames } from './class-names.ts';
import { ClassTable, intervalWords } from './class-table.tsx';
import { type Cell, ConfusionMatrix } from './confusion-matrix.tsx';
import { Mistakes } from './mistakes.tsx';
import { Part, stepWords, Waiting } from './part.tsx';
import { useLook } from './use-look.ts';

/** Classes of which a matrix can be read. */
const MATRIX = 20;

const STYLES = [
  { value: 'shares', label: 'Share', help: 'Percent of the true class' },
  { value: 'counts', label: 'Count', help: 'Images' },
] as const;
type Style = (typeof STYLES)[number]['value'];

function Pairs({
  of,
  names,
  onCell,
}: {
  readonly of: Confusion;
  readonly names: readonly string[];
  readonly onCell: (cell: Cell) => void;
}) {
  return (
    <>
      <p className="small ink2">
        With {of.classes} classes the matrix is told by its most frequent mistakes.
      </p>
      <ul className="pairs">
        {worstPairs(of, 24).map(({ label, predicted, count }) => (
          <li key={`${label} ${predicted}`}>
            <button type="button" className="quiet" onClick={() => onCell({ label, predicted })}>
              {names[label]} → {names[predicted]}: {formatCount(count)}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The most frequent mistake, whose images are shown before a cell is chosen. */
function firstCell(confusion: Confusion): Cell {
  return worstPairs(confusion, 1)[0] ?? { label: 0, predicted: 0 };
}

function Body({
  run,
  answers,
  names,
  style,
}: {
  readonly run: Run;
  readonly answers: Answers;
  readonly names: readonly string[];
  readonly style: Style;
}) {
  const [picked, setPicked] = useState<Cell | null>(null);
  const confusion = useMemo(() => confusionOf(answers, names.length), [answers, names]);
  const cell = picked ?? firstCell(confusion);
  const shared = { of: confusion, names, onCell: setPicked };
  return (
    <>
      {names.length <= MATRIX ? (
        <ConfusionMatrix {...shared} cell={cell} style={style} />
      ) : (
        <Pairs {...shared} />
      )}
      <CellImages run={run} answers={answers} names={names} cell={cell} />
      <ClassTable of={confusion} names={names} />
    </>
  );
}

/** Of the answers that are there: it asks for none. */
export function CalibrationPart({ run }: { readonly run: Run }) {
  const { sight, step } = useSight(run.key, 'answers');
  if (!sight) return null;
  return (
    <Part title="Calibration" about={stepWords(step)}>
      <CalibrationChart answers={sight} />
    </Part>
  );
}

export function AnswersParts({ run }: { readonly run: Run }) {
  const looked = useLook(run, { kind: 'answers' }, run.state !== 'running');
  const [style, setStyle] = useState<Style>('shares');
  const names = useMemo(() => classNames(run), [run]);
  const { sight, step, again } = looked;
  const hits = sight
    ? sight.labels.reduce((sum, label, row) => sum + (label === sight.predicted[row] ? 1 : 0), 0)
    : 0;
  const n = sight?.labels.length ?? 0;
  return (
    <>
      <Part
        title="Answers"
        about={stepWords(step)}
        tools={
          sight ? (
            <>
              {step !== run.checkpointStep && !looked.isAsked ? (
                <button type="button" className="quiet" onClick={again}>
                  Look again
                </button>
              ) : null}
              {names.length <= MATRIX ? (
                <Segments
                  label="Cells of the matrix"
                  options={STYLES}
                  value={style}
                  onChange={(value) => setStyle(value === 'counts' ? 'counts' : 'shares')}
                />
              ) : null}
            </>
          ) : null
        }
      >
        <Waiting looked={looked} />
        {sight ? (
          <>
            <p className="mid ink2">
              <span className="strong">{formatPercent(hits / n)}</span> {intervalWords(hits, n)} of{' '}
              {formatCount(n)} test images are named rightly. Rows are true classes; press a cell to see its
              images.
            </p>
            <Body run={run} answers={sight} names={names} style={style} />
          </>
        ) : null}
      </Part>
      {sight ? (
        <Part title="Worst mistakes" about="wrong, and most confident">
          <Mistakes answers={sight} names={names} />
        </Part>
      ) : null}
    </>
  );
}

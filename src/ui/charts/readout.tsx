// The legend is the readout: a row a line with its values where one points. It is sorted by the value of the chart that
// one points at, best first, and keeps that order afterwards; a press on a name looks at that line alone.
import { useContext, useEffect, useMemo, useState } from 'react';
import type { MeanInterval } from '../../core/stats/mean-interval.ts';
import { titleOf } from '../../experiment/run.ts';
import type { View } from '../../session/state.ts';
import { Heads } from '../controls/heads.tsx';
import { useLab, useSession } from '../hooks/use-lab.ts';
import { changeOfRun, nameOf, statusWords } from '../runs/change.ts';
import { Key } from '../runs/run-style.tsx';
import { lossOf, type Score, scoreOf } from '../runs/score.ts';
import { CrosshairContext, type Pointed } from './crosshair.ts';
import { readAt, readEnd } from './curves.ts';
import { useRedraw } from './redraw.ts';
import type { Drawn } from './shown-runs.ts';

interface Props {
  readonly drawn: readonly Drawn[];
  readonly view: View;
  readonly isolated: ReadonlySet<string>;
  readonly onIsolate: (key: string, more: boolean) => void;
  readonly wordsOfX: (x: number) => string;
}

/** Readings follow the pointer at most so often. */
const READ_MS = 100;

function usePointed(): Pointed | null {
  const crosshair = useContext(CrosshairContext);
  const [pointed, setPointed] = useState(crosshair.get);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = (): void => {
      timer = undefined;
      setPointed(crosshair.get());
    };
    const unsubscribe = crosshair.subscribe(() => {
      timer ??= setTimeout(read, READ_MS);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [crosshair]);
  return pointed;
}

interface Reading {
  readonly one: Drawn;
  readonly loss: MeanInterval | null;
  readonly score: MeanInterval | null;
  readonly best: number | null;
}

function readingOf(one: Drawn, view: View, score: Score, x: number | null): Reading {
  const at = (metric: Score['metric'], smoothing: number): MeanInterval | null => {
    const what = { metric, smoothing, axis: view.x };
    return x === null ? readEnd(one.members, what) : readAt(one.members, what, x);
  };
  const pick = score.rises ? Math.max : Math.min;
  const values = one.members
    .flatMap(({ log }) => [...log.column(score.metric).values])
    .filter(Number.isFinite);
  const best = values.length > 0 ? values.reduce((found, value) => pick(found, value)) : null;
  return { one, loss: at('train/loss', view.smoothing), score: at(score.metric, 0), best };
}

const byLoss = (a: Reading, b: Reading): number =>
  (a.loss?.mean ?? Number.POSITIVE_INFINITY) - (b.loss?.mean ?? Number.POSITIVE_INFINITY);

/** Best first; what has no value last. */
function byScore(score: Score): (a: Reading, b: Reading) => number {
  const sign = score.rises ? -1 : 1;
  const worst = -sign * Number.POSITIVE_INFINITY;
  return (a, b) => sign * ((a.score?.mean ?? worst) - (b.score?.mean ?? worst));
}

/** Half the interval over seeds, in the score's own digits without its unit. */
function Half({
  value,
  format,
}: {
  readonly value: MeanInterval | null;
  readonly format: (half: number) => string;
}) {
  if (!value || value.n < 2) return null;
  return <span className="ink3 optional"> ± {format((value.high - value.low) / 2)}</span>;
}

function Row({
  reading,
  score,
  isIsolated,
  onIsolate,
}: {
  readonly reading: Reading;
  readonly score: Score;
  readonly isIsolated: boolean;
  readonly onIsolate: Props['onIsolate'];
}) {
  const { one, loss, score: value, best } = reading;
  const runs = useLab((state) => state.runs);
  const [first] = one.members;
  if (!first) return null;
  const current = runs.find(({ key }) => key === first.run.key) ?? first.run;
  const several = one.members.length;
  const lossDigits = lossOf(current.config).digits;
  const change = changeOfRun(runs, current);
  const status = statusWords(current);
  const name = nameOf(current);
  return (
    <tr>
      <td className="cut">
        <button
          type="button"
          className="quiet isolate"
          aria-pressed={isIsolated}
          title={`${titleOf(current)}. Press to look at it alone, with Shift to add it.`}
          onClick={(event) => onIsolate(one.key, event.shiftKey)}
        >
          <Key slot={one.look} />
          {name}
          {several === 1 && one.label.includes(', seed ') ? `, seed ${current.config.seed}` : ''}
        </button>
      </td>
      <td className="ink2 optional cut" title={change}>
        {several > 1 ? `${several} seeds` : change}
      </td>
      <td className="number">
        {loss === null ? '–' : lossDigits(loss.mean)}
        <Half value={loss} format={lossDigits} />
      </td>
      <td className="number">
        {value === null ? '–' : score.format(value.mean)}
        <Half value={value} format={score.digits} />
      </td>
      <td className="number optional">{best === null ? '–' : score.format(best)}</td>
      <td className="state optional cut">
        <span className={status.tone}>{status.text}</span>
      </td>
    </tr>
  );
}

export function Readout({ drawn, view, isolated, onIsolate, wordsOfX }: Props) {
  const session = useSession();
  const pointed = usePointed();
  const [order, setOrder] = useState<readonly string[]>([]);
  const keys = useMemo(() => drawn.flatMap(({ members }) => members.map(({ run }) => run.key)), [drawn]);
  useRedraw(session, keys, 250);
  const [first] = drawn;
  const config = first?.members[0]?.run.config;
  if (!config) return null;
  const score = scoreOf(config);
  const readings = drawn.map((one) => readingOf(one, view, score, pointed?.x ?? null));
  const rank = new Map(order.map((key, index) => [key, index]));
  const sorted = pointed
    ? readings.toSorted(pointed.chart === score.title ? byScore(score) : byLoss)
    : readings.toSorted((a, b) => (rank.get(a.one.key) ?? 99) - (rank.get(b.one.key) ?? 99));
  const next = sorted.map(({ one }) => one.key);
  if (pointed && next.join() !== order.join()) setOrder(next);
  return (
    <div className="readout">
      <table aria-label="Runs on the charts">
        <colgroup>
          <col className="col-name" />
          <col className="optional" />
          <col className="col-loss" />
          <col className="col-share" />
          <col className="col-share optional" />
          <col className="col-status optional" />
        </colgroup>
        <Heads
          columns={[
            'Run',
            ['Change', 'optional'],
            [pointed === null ? 'Loss, last' : `Loss at ${wordsOfX(pointed.x)}`, 'number'],
            [score.short, 'number'],
            ['Best', 'number optional'],
            ['Status', 'state optional'],
          ]}
        />
        <tbody>
          {sorted.map((reading) => (
            <Row
              key={reading.one.key}
              reading={reading}
              score={score}
              isIsolated={isolated.has(reading.one.key)}
              onIsolate={onIsolate}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

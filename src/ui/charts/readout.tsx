// The legend is the readout: a row a run with its values where one points, in the order in which runs were shown.
import { formatPercent } from '../../core/format.ts';
import { smooth } from '../../core/smooth.ts';
import type { View } from '../../session/state.ts';
import { useLab, useSession } from '../hooks/use-lab.ts';
import { changeOfRun, shortName, statusWords } from '../runs/change.ts';
import { Key } from '../runs/run-style.tsx';
import { useCrosshair } from './crosshair.ts';
import { useRedraw } from './redraw.ts';
import { positions, type ShownRun, valueAt } from './traces.ts';

interface Props {
  readonly shown: readonly ShownRun[];
  readonly view: View;
  readonly wordsOfX: (x: number) => string;
}

function Row({
  one,
  view,
  x,
}: Omit<Props, 'shown' | 'wordsOfX'> & { readonly one: ShownRun; readonly x: number | null }) {
  const { run, slot, log } = one;
  const runs = useLab((state) => state.runs);
  const current = runs.find(({ key }) => key === run.key) ?? run;
  const losses = log.column('train/loss');
  const tests = log.column('test/accuracy');
  // Between two scorings the last one holds, up to where the run has come.
  const [end = 0] = positions(one, view.x, losses.steps.slice(-1));
  const at = (column: typeof losses, weight: number): number | null => {
    const ys = weight > 0 ? smooth(column.values, weight) : column.values;
    if (ys.length === 0) return null;
    if (x === null) {
      const value = ys[ys.length - 1] as number;
      return Number.isFinite(value) ? value : null;
    }
    return valueAt({ xs: positions(one, view.x, column.steps), ys }, x, end);
  };
  const loss = at(losses, view.smoothing);
  const accuracy = at(tests, 0);
  const best = tests.values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const status = statusWords(current);
  return (
    <tr>
      <td className="cut">
        <Key slot={slot} />
        {shortName(run.config)}
      </td>
      <td className="ink2 optional cut" title={changeOfRun(runs, current)}>
        {changeOfRun(runs, current)}
      </td>
      <td className="number">{loss === null ? '–' : loss.toFixed(3)}</td>
      <td className="number">{accuracy === null ? '–' : formatPercent(accuracy)}</td>
      <td className="number optional">{best > 0 ? formatPercent(best) : '–'}</td>
      <td className="state optional cut">
        <span className={status.tone}>{status.text}</span>
      </td>
    </tr>
  );
}

export function Readout({ shown, view, wordsOfX }: Props) {
  const session = useSession();
  const [x] = useCrosshair();
  useRedraw(
    session,
    shown.map(({ run }) => run.key),
    250,
  );
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
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col" className="optional">
              Change
            </th>
            <th scope="col" className="number">
              {x === null ? 'Loss, last' : `Loss at ${wordsOfX(x)}`}
            </th>
            <th scope="col" className="number">
              Test acc.
            </th>
            <th scope="col" className="number optional">
              Best acc.
            </th>
            <th scope="col" className="state optional">
              Status
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <Row key={one.run.key} one={one} view={view} x={x} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

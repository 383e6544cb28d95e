// A row for each run side by side: its look, what it differs in, how far it is and what it gives, while it trains.
import { batchScaledRate } from '../../catalog/optimizers/fields.ts';
import { formatCount, formatNumber, formatSi } from '../../core/format.ts';
import { last } from '../../core/metrics.ts';
import type { Config } from '../../experiment/config.ts';
import { axisLabel } from '../../experiment/sweep/grid.ts';
import type { Sweep } from '../../experiment/sweep/sweep.ts';
import { useLab, useSession } from '../hooks/use-lab.ts';
import { statusWords } from '../runs/change.ts';
import { Key } from '../runs/run-style.tsx';
import { lossOf, scoreHeading, scoreOf } from '../runs/score.ts';
import { cellWords, valueWords } from '../studies/words.ts';
import type { Part } from './side-by-side.tsx';

/** "256", or "batch size 256, seed 1" where several things differ. */
function partName({ trial }: Part, { axes }: Sweep): string {
  const [cell] = trial.cells;
  const [axis, other] = axes;
  const isOne = axis && !other && Object.keys(cell).length === 1;
  return isOne ? valueWords(axis.key, cell[axis.key] ?? '') : cellWords(cell);
}

const isScaled = (config: Config): boolean => config['optimizer.scaling'] !== 'none';

function Row({
  part,
  sweep,
  hasRates,
}: {
  readonly part: Part;
  readonly sweep: Sweep;
  readonly hasRates: boolean;
}) {
  const { run, trial } = part;
  const session = useSession();
  const live = useLab((state) => (run ? state.training[run.key] : undefined));
  const look = useLab((state) => state.shown.find(({ key }) => key === run?.key)?.slot ?? null);
  useLab((state) => (run ? state.seriesVersion[run.key] : 0));
  const log = run ? session.log(run.key) : null;
  const { config } = trial;
  const step = live?.step ?? run?.step ?? 0;
  const score = scoreOf(config);
  const value = (name: Parameters<typeof last>[1]): number | null => (log ? last(log, name) : null);
  const loss = value('train/loss');
  const reached = value(score.metric);
  const speed = value('speed/examples-per-second');
  const size = config['train.batchSize'];
  const status = run ? statusWords({ ...run, step }) : { text: 'not begun', tone: 'ink2' };
  return (
    <tr>
      <th scope="row" className="steady">
        <Key slot={look} />
        {partName(part, sweep)}
      </th>
      {hasRates && <td className="number optional">{formatNumber(batchScaledRate(config), 3)}</td>}
      <td className="number optional">{run ? formatCount(step) : '–'}</td>
      <td className="number">{run ? formatSi(step * size, '', 3) : '–'}</td>
      <td className="number">{loss === null ? '–' : lossOf(config).digits(loss)}</td>
      <td className="number">{reached === null ? '–' : score.format(reached)}</td>
      <td className="number optional">{speed === null ? '–' : formatNumber(speed / size, 3)}</td>
      <td className="optional steady">
        <span className={status.tone}>{status.text}</span>
      </td>
    </tr>
  );
}

export function SideBySideTable({
  parts,
  sweep,
}: {
  readonly parts: readonly Part[];
  readonly sweep: Sweep;
}) {
  const [axis, other] = sweep.axes;
  const configs = parts.map(({ trial }) => trial.config);
  const hasRates = configs.some(isScaled);
  return (
    <table className="side-table">
      <thead>
        <tr>
          <th scope="col">{axis && !other ? axisLabel(axis.key) : 'Run'}</th>
          {hasRates && (
            <th scope="col" className="number optional">
              Learning rate
            </th>
          )}
          <th scope="col" className="number optional">
            Steps
          </th>
          <th scope="col" className="number">
            Examples
          </th>
          <th scope="col" className="number">
            Train loss
          </th>
          <th scope="col" className="number">
            {scoreHeading(configs)}
          </th>
          <th
            scope="col"
            className="number optional"
            title="Of its own training time: turns of the others do not count"
          >
            Steps/s
          </th>
          <th scope="col" className="optional">
            Status
          </th>
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => (
          <Row key={part.trial.id} part={part} sweep={sweep} hasRates={hasRates} />
        ))}
      </tbody>
    </table>
  );
}

// What the sweep costs, before it starts and while it runs; and the buttons that start, pause and retry it.
import { optimizers } from '../../catalog/optimizers/index.ts';
import { formatBytes, formatDuration, formatSi } from '../../core/format.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { PlayIcon, StopIcon } from '../parts/icons.tsx';
import type { SweepView } from './use-sweep.ts';
import { costWords, mismatchWords } from './words.ts';

const FLOAT_BYTES = 4;

/** Bytes that the checkpoints of all trials take up: weights and slots. */
function storageBytes({ list }: SweepView): number {
  return list.trials.reduce((sum, { cost, config }) => {
    const slots = optimizers[config.optimizer].slots.length;
    return sum + FLOAT_BYTES * cost.parameters * (1 + slots);
  }, 0);
}

function Row({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className="row cost-row">
      <dt className="ink2">{label}</dt>
      <dd className="push">{value}</dd>
    </div>
  );
}

function Buttons({ view }: { readonly view: SweepView }) {
  const { startSweep, resumeQueue, pauseQueue, retryFailed } = useActions();
  const driving = useLab((state) => state.queue.driving);
  const readOnly = useLab((state) => state.readOnly);
  const { queued, tally, left } = view;
  const runsHere = driving && queued !== null && !queued.isPaused;
  const begun = tally.done + tally.diverged + tally.pruned > 0 || queued !== null;
  return (
    <div className="row wrap sweep-buttons">
      {runsHere && left.trials > 0 ? (
        <button type="button" className="button primary" onClick={() => pauseQueue(view.id)}>
          <StopIcon /> Pause
        </button>
      ) : (
        <button
          type="button"
          className="button primary"
          disabled={left.trials === 0 || readOnly}
          onClick={() => (queued ? resumeQueue(view.id) : startSweep())}
        >
          <PlayIcon /> {begun ? 'Resume' : 'Start'}
        </button>
      )}
      {tally.failed > 0 && queued ? (
        <button
          type="button"
          className="button"
          onClick={() => {
            retryFailed(view.id);
            resumeQueue(view.id);
          }}
        >
          Retry {tally.failed} failed
        </button>
      ) : null}
      <span className="small ink3">{left.trials === 0 ? 'nothing left to train' : costWords(left)}</span>
    </div>
  );
}

export function CostPanel({ view }: { readonly view: SweepView }) {
  const { list, tally, left, total } = view;
  const over = tally.done + tally.diverged + tally.pruned;
  const mismatch = mismatchWords(list.trials);
  return (
    <section className="section">
      <div className="section-head">
        <h2>Cost</h2>
        <span className="push small ink3">this device</span>
      </div>
      <dl className="cost">
        <Row label="Runs" value={String(list.trials.length)} />
        <Row label="Already here" value={String(over)} />
        <Row label={over > 0 ? 'Compute left' : 'Compute'} value={formatSi(left.flops, 'FLOP')} />
        <Row
          label={over > 0 ? 'Time left' : 'Time'}
          value={
            left.seconds === null
              ? 'being measured'
              : left.trials === 0
                ? '–'
                : `about ${formatDuration(left.seconds)}`
          }
        />
        <Row label="Storage" value={formatBytes(storageBytes(view))} />
        {mismatch ? <Row label="Held equal" value={mismatch} /> : null}
        {total.seconds !== null && over > 0 ? (
          <Row label="Time in all" value={`about ${formatDuration(total.seconds)}`} />
        ) : null}
      </dl>
      <Buttons view={view} />
    </section>
  );
}

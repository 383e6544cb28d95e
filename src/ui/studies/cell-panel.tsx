// The chosen cell: each of its trials with what it is, how far from equal, why it failed, and what can be done.
import { formatCount, formatDuration, formatSi } from '../../core/format.ts';
import { runName } from '../../experiment/plan.ts';
import type { TrialStatus } from '../../experiment/queue.ts';
import type { GridCell } from '../../experiment/sweep/grid.ts';
import type { Trial } from '../../experiment/sweep/trials.ts';
import { useActions } from '../hooks/use-lab.ts';
import type { SweepView } from './use-sweep.ts';
import { cellWords, mismatchWords, STATE_WORDS } from './words.ts';

/** Why a trial is as it is, where its state does not say it all. */
function reasonOf({ mark, run }: TrialStatus): string {
  switch (mark?.kind) {
    case 'failed':
      return mark.failure.message;
    case 'pruned':
      return `At step ${formatCount(mark.step)} its validation loss was ${mark.loss.toPrecision(3)}, its best rival’s ${mark.rival.toPrecision(3)}.`;
    case 'skipped':
    case undefined:
      return run?.state === 'diverged' ? `Diverged at step ${formatCount(run.step)}.` : '';
    default:
      throw mark satisfies never;
  }
}

function TrialRow({ trial, view }: { readonly trial: Trial; readonly view: SweepView }) {
  const { adopt, show, goTo, retryFailed, resumeQueue, skipTrial } = useActions();
  const status = view.statuses.get(trial.id);
  if (!status) return null;
  const { state, run } = status;
  const { cost, config } = trial;
  const reason = reasonOf(status);
  const mismatch = mismatchWords([trial]);
  const isQueued = view.queued !== null;
  return (
    <li>
      <p>
        <span className="strong">{runName(config)}</span>, seed {config.seed}
        <span className="ink3"> · {STATE_WORDS[state]}</span>
      </p>
      <p className="small ink2">
        {formatSi(cost.parameters)} parameters
        {cost.flops === null ? '' : `, ${formatSi(cost.flops, 'FLOP')}`}
        {mismatch ? `, ${mismatch}` : ''}
        {run && run.seconds > 0 ? `, took ${formatDuration(run.seconds)}` : ''}
      </p>
      {reason ? <p className="small ink2">{reason}</p> : null}
      <div className="row wrap">
        {run ? (
          <button
            type="button"
            className="quiet"
            onClick={() => {
              adopt(run.key);
              show([run.key]);
              goTo('train');
            }}
          >
            Open its curves
          </button>
        ) : null}
        {state === 'failed' ? (
          <button
            type="button"
            className="quiet"
            onClick={() => {
              retryFailed(view.id, trial.id);
              resumeQueue(view.id);
            }}
          >
            Retry
          </button>
        ) : null}
        {isQueued && (state === 'queued' || state === 'skipped') ? (
          <button
            type="button"
            className="quiet"
            onClick={() => skipTrial(view.id, trial.id, state === 'queued')}
          >
            {state === 'queued' ? 'Take out' : 'Put back'}
          </button>
        ) : null}
      </div>
    </li>
  );
}

export function CellPanel({ cell, view }: { readonly cell: GridCell | null; readonly view: SweepView }) {
  if (!cell) {
    return (
      <section className="section">
        <div className="section-head">
          <h2>Cell</h2>
        </div>
        <p className="small ink3">Choose a cell of the grid to see its runs.</p>
      </section>
    );
  }
  return (
    <section className="section cell-panel" aria-live="polite">
      <div className="section-head">
        <h2>Cell</h2>
        <span className="small ink3 cut">{cellWords(cell.cell)}</span>
      </div>
      <ul>
        {cell.trials.map((trial) => (
          <TrialRow key={trial.id} trial={trial} view={view} />
        ))}
        {cell.refused.map(({ failure }) => (
          <li key={failure.message} className="small">
            Cannot be trained. {failure.message}
          </li>
        ))}
      </ul>
    </section>
  );
}

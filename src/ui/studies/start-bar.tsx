// The buttons that start, pause and retry the sweep that is shown, under its question; and what is left to train.
import { useActions, useLab } from '../hooks/use-lab.ts';
import { PlayIcon, StopIcon } from '../parts/icons.tsx';
import type { SweepView } from './use-sweep.ts';
import { WatchBeside } from './watch-beside.tsx';
import { costWords } from './words.ts';

export function StartBar({ view }: { readonly view: SweepView }) {
  const { startSweep, resumeQueue, pauseQueue, retryFailed } = useActions();
  const driving = useLab((state) => state.queue.driving);
  const readOnly = useLab((state) => state.readOnly);
  const { queued, tally, left } = view;
  const runsHere = driving && queued !== null && !queued.isPaused;
  const begun = tally.done + tally.diverged + tally.pruned > 0 || queued !== null;
  const all = view.list.trials.length;
  if (all > 0 && left.trials === 0 && tally.failed === 0)
    return (
      <p className="small ink3">
        {all === 1 ? 'Its run is' : `All ${all} runs are`} done: nothing left to train.
      </p>
    );
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
      <WatchBeside view={view} />
    </div>
  );
}

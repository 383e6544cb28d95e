// Before the first curve: one sentence, three presets with their cost, and the last run when there is one.
import type { DatasetEntry } from '../../catalog/datasets/dataset.ts';
import { datasets } from '../../catalog/datasets/index.ts';
import { type Preset, presets } from '../../catalog/presets/index.ts';
import { formatDuration } from '../../core/format.ts';
import { estimateSeconds } from '../../experiment/plan.ts';
import { isResumable, isUnderway, titleOf } from '../../experiment/run.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { changeOfRun } from '../runs/change.ts';
import { PresetCell } from './preset-cell.tsx';

const STARTS = Object.entries<Preset>(presets).filter(([, { use }]) => use === 'start');

function LastRun() {
  const { resume, show, adopt } = useActions();
  const runs = useLab((state) => state.runs);
  const busy = useLab((state) => state.active !== null || state.preparing);
  const run = runs.find((one) => isResumable(one)) ?? runs.find((one) => !isUnderway(one));
  if (!run) return <p className="mid">No earlier run in this browser.</p>;
  const where = isResumable(run) ? `stopped at step ${run.step.toLocaleString('en-US')}` : run.state;
  return (
    <div className="row wrap mid">
      {isResumable(run) ? (
        <button
          type="button"
          className="button"
          disabled={busy}
          onClick={() => {
            adopt(run.key);
            void resume(run.key);
          }}
        >
          Resume last run
        </button>
      ) : (
        <button
          type="button"
          className="button"
          onClick={() => {
            adopt(run.key);
            show([run.key]);
          }}
        >
          Show last run
        </button>
      )}
      <span className="ink2">
        {titleOf(run)}, {changeOfRun(runs, run)}, {where}
      </span>
    </div>
  );
}

/** "in about 12 s", once this device has been measured. */
function useTimeWords(): string {
  const planned = useLab((state) => state.planned);
  const speed = useLab((state) => state.speed);
  const seconds = 'plan' in planned ? estimateSeconds(planned.plan, speed) : null;
  return seconds === null ? '' : ` in about ${formatDuration(seconds)}`;
}

/** What to do first: get the images where they are not here yet, else press Train. */
function useFirstStep(): string {
  const data = useLab((state) => state.draft.data);
  const status = useLab((state) => state.data[data]?.status ?? 'absent');
  const isKept = useLab((state) => state.kept.includes(data));
  const time = useTimeWords();
  const { label, origin }: DatasetEntry = datasets[data];
  const isHere = isKept || status === 'ready' || status === 'loading';
  if (origin === 'own' && !isHere)
    return 'First choose a file of images under Data, or drop it on this page.';
  const name = origin === 'own' ? 'your images' : label;
  return origin === 'external' && !isHere
    ? `First get ${name} under Data; then press Train, and the planned network learns it${time}, on this device.`
    : `Press Train: the planned network learns ${name}${time}, on this device.`;
}

export function EmptyState() {
  const { goTo } = useActions();
  const isLesson = useLab((state) => state.lesson !== null);
  const firstStep = useFirstStep();
  return (
    <section className="empty">
      <h2 className="empty-title">Train a multilayer perceptron in this tab</h2>
      <p>
        {firstStep} Nothing is uploaded.{' '}
        {isLesson ? null : (
          <>
            Or begin with one of these; the{' '}
            <button type="button" className="link" onClick={() => goTo('guide')}>
              Guide
            </button>{' '}
            has experiments on batch size and figures of papers to reproduce.
          </>
        )}
      </p>
      {isLesson ? null : (
        <ul className="presets">
          {STARTS.map(([id, preset]) => (
            <PresetCell key={id} preset={preset} />
          ))}
        </ul>
      )}
      <div className="last-run">
        <LastRun />
      </div>
    </section>
  );
}

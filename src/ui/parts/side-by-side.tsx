// Two to six runs side by side: what they differ in, start and stop of all, and where each is. They are the trials of
// the draft's sweep, so the link has them, and the Studies view can train them one after the other instead.
import { declarations } from '../../experiment/config.ts';
import { runsByTrial } from '../../experiment/queue.ts';
import { isOver, type Run } from '../../experiment/run.ts';
import { inGridOrder, LEAST_TOGETHER, MOST_TOGETHER, turnUnitOf } from '../../experiment/side-by-side.ts';
import { gridAxes } from '../../experiment/sweep/sweep.ts';
import type { Trial } from '../../experiment/sweep/trials.ts';
import { hashes } from '../../session/datasets.ts';
import { Segments } from '../controls/choices.tsx';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { AxisRow, entriesOf } from '../studies/axes-panel.tsx';
import { type SweepView, useSweep } from '../studies/use-sweep.ts';
import { WatchBeside } from '../studies/watch-beside.tsx';
import { cellWords, costWords } from '../studies/words.ts';
import { PlayIcon, StopIcon } from './icons.tsx';
import { SideBySideTable } from './side-by-side-table.tsx';

export interface Part {
  readonly trial: Trial;
  /** The newest run of it on the data that is there. */
  readonly run: Run | null;
}

const SHARED = {
  step: 'equal steps',
  examples: 'equal numbers of examples',
  flops: 'equal FLOPs',
  seconds: 'equal training time',
} as const;

/** How the learning rate follows the batch size, where that is what differs. */
function RateRule({ view }: { readonly view: SweepView }) {
  const { edit } = useActions();
  const readOnly = useLab((state) => state.readOnly);
  const [rule] = declarations.get('optimizer.scaling') ?? [];
  if (!rule?.options || !view.sweep.axes.some(({ key }) => key === 'train.batchSize')) return null;
  const options = rule.options.map((option) =>
    option.value === 'none' ? { ...option, label: 'The same' } : option,
  );
  return (
    <div className="rate-rule">
      <span className="ink2" title={rule.help}>
        Learning rate with the batch
      </span>
      <Segments
        label="Learning rate with the batch"
        options={options}
        value={view.config['optimizer.scaling']}
        disabled={readOnly}
        onChange={(value) => edit({ 'optimizer.scaling': value as 'none' | 'linear' | 'sqrt' })}
      />
    </div>
  );
}

function Buttons({ parts, isRefused }: { readonly parts: readonly Part[]; readonly isRefused: boolean }) {
  const { startTogether, stop } = useActions();
  const training = useLab((state) => state.training);
  const preparing = useLab((state) => state.preparing);
  const stopping = useLab((state) => state.stopping);
  const canStart = useLab((state) => !state.readOnly && state.engine.status !== 'failed');
  const busy = preparing || Object.keys(training).length > 0;
  if (preparing || parts.some(({ run }) => run && run.key in training))
    return (
      <button type="button" className="button push" disabled={stopping} onClick={stop}>
        <StopIcon />
        {stopping ? 'Stopping' : 'Stop all'}
      </button>
    );
  const left = parts.filter(({ run }) => !run || !isOver(run)).length;
  const begun = parts.some(({ run }) => run !== null);
  const word =
    left === 0 ? 'Train all again' : begun ? `Go on with ${left}` : `Train ${parts.length} side by side`;
  return (
    <button
      type="button"
      className="button push"
      disabled={busy || !canStart || isRefused}
      onClick={() => void startTogether()}
    >
      <PlayIcon />
      {word}
    </button>
  );
}

/** Why these trials cannot be trained side by side; null: they can. */
function refusalOf({ list }: SweepView): string | null {
  const count = list.trials.length;
  if (count > MOST_TOGETHER) return `${count} runs are too many side by side: at most ${MOST_TOGETHER}.`;
  if (count < LEAST_TOGETHER) return 'Side by side needs at least two values: separate them by commas.';
  return null;
}

function useParts(view: SweepView): readonly Part[] {
  const runs = useLab((state) => state.runs);
  const data = useLab((state) => state.data);
  const known = runsByTrial(runs, hashes({ data }));
  const axes = gridAxes(view.sweep, view.config.seed);
  return inGridOrder(view.list.trials, axes).map((trial) => ({
    trial,
    run: known.get(trial.id)?.[0] ?? null,
  }));
}

function Panel({ view }: { readonly view: SweepView }) {
  const { goTo, editSweep } = useActions();
  const x = useLab((state) => state.view.x);
  const parts = useParts(view);
  const refusal = refusalOf(view);
  const entries = entriesOf(view.sweep);
  const { refused } = view.list;
  return (
    <section className="section side" aria-label="Side by side">
      <div className="section-head">
        <h2>Side by side</h2>
        <span className="ink3 optional">{costWords(view.left)}</span>
        <Buttons parts={parts} isRefused={refusal !== null} />
        <button
          type="button"
          className="quiet"
          title="The form alone again; the runs stay"
          onClick={() => editSweep(Object.fromEntries(entries.map(([key]) => [key, null])))}
        >
          Close
        </button>
      </div>
      <div className="side-settings">
        <ul className="axes">
          {entries.map(([key, text]) => (
            <AxisRow key={`${key}=${text}`} name={key} text={text} />
          ))}
        </ul>
        <RateRule view={view} />
      </div>
      {refused.map(({ cell, failure }) => (
        <p key={cellWords(cell)} className="small err">
          {cellWords(cell)}: {failure.message}
        </p>
      ))}
      {refusal === null ? (
        <SideBySideTable parts={parts} sweep={view.sweep} />
      ) : (
        <div className="row wrap side-refused">
          <p className="small">{refusal}</p>
          {parts.length > MOST_TOGETHER ? <WatchBeside view={view} /> : null}
        </div>
      )}
      <p className="small ink3">
        They take turns on one device, with {SHARED[turnUnitOf(x)]} as the x axis is now; seconds are each
        run’s own. Train, above, trains the form alone.{' '}
        <button type="button" className="link" onClick={() => goTo('studies')}>
          One after the other
        </button>
      </p>
    </section>
  );
}

export default function SideBySide() {
  const view = useSweep();
  if (view === null || view === 'listing') return null;
  return <Panel view={view} />;
}

// The Inside view: what the newest stored weights of one run look like, and what they answer.
import { tasks } from '../../catalog/tasks/index.ts';
import { formatCount } from '../../core/format.ts';
import { type Run, titleOf } from '../../experiment/run.ts';
import { Menu } from '../controls/choices.tsx';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { AnswersParts, CalibrationPart } from '../inside/answers-part.tsx';
import { FiltersPart } from '../inside/filters-part.tsx';
import { GalleryPart } from '../inside/gallery-part.tsx';
import { LayersPart } from '../inside/layers-part.tsx';
import { OwnPart } from '../inside/own-part.tsx';
import { useSubject } from '../inside/subject.ts';
import { changeOfRun } from '../runs/change.ts';
import '../styles/inside.css';

function Empty() {
  const { goTo } = useActions();
  return (
    <div className="empty">
      <h1 className="empty-title">Look inside a network</h1>
      <p>
        No run here has stored weights yet. Train a network: then its first-layer filters, its mistakes and
        the statistics of its layers stand here, and you can try images of your own.
      </p>
      <button type="button" className="button primary" onClick={() => goTo('train')}>
        Go to Train
      </button>
    </div>
  );
}

/** A link may name a run of somebody else's browser. */
function Missing() {
  return (
    <p className="section mid ink2" role="status">
      The run of the link has no stored weights in this browser. Train its settings to look into it.
    </p>
  );
}

function RunMenu({ run, runs }: { readonly run: Run; readonly runs: readonly Run[] }) {
  const { lookInside } = useActions();
  const all = useLab((state) => state.runs);
  const words = (one: Run): string => {
    const change = changeOfRun(all, one);
    return [titleOf(one), change, `seed ${one.config.seed}`].filter((part) => part !== '').join(', ');
  };
  return (
    <Menu
      label="Run to look into"
      options={runs.map((one) => ({ value: one.key, label: words(one) }))}
      value={run.key}
      onChange={lookInside}
    />
  );
}

function where({ checkpointStep, state, totalSteps }: Run): string {
  if (checkpointStep === null) return 'training; its first checkpoint is not stored yet';
  const of = totalSteps === null ? '' : ` of ${formatCount(totalSteps)}`;
  return `${state === 'running' ? 'training; newest checkpoint' : `${state}; checkpoint`} of step ${formatCount(checkpointStep)}${of}`;
}

function Parts({ run }: { readonly run: Run }) {
  const isPicture = tasks[run.config.task].picture !== null;
  return (
    <div className="inside-parts">
      <div className="column">{isPicture ? <GalleryPart run={run} /> : <AnswersParts run={run} />}</div>
      <div className="column">
        {isPicture ? null : <OwnPart run={run} />}
        <FiltersPart run={run} />
        {isPicture ? null : <CalibrationPart run={run} />}
      </div>
      <div className="column whole">
        <LayersPart run={run} />
      </div>
    </div>
  );
}

export default function InsideView() {
  const { run, runs, isMissing } = useSubject();
  if (!run)
    return (
      <main className="page inside">
        {isMissing ? <Missing /> : null}
        <Empty />
      </main>
    );
  return (
    <main className="page inside">
      <div className="inside-head row wrap">
        <h1 className="unseen">Inside a network</h1>
        <RunMenu run={run} runs={runs} />
        <span className="mid ink2">{where(run)}</span>
      </div>
      {isMissing ? <Missing /> : null}
      {run.checkpointStep === null ? (
        <p className="section mid ink2">
          The first look is taken at the first checkpoint, about ten seconds into training or at its end.
        </p>
      ) : (
        <Parts key={run.key} run={run} />
      )}
    </main>
  );
}

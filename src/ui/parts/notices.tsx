// What went wrong or needs to be known, directly under the run bar: what happened, what is safe, what to do next.
import type { ReactNode } from 'react';
import type { Failure } from '../../core/failure.ts';
import { formatCount } from '../../core/format.ts';
import { isResumable, titleOf } from '../../experiment/run.ts';
import type { Commands } from '../hooks/use-commands.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { LoadProgress } from './dataset-card.tsx';
import { DropOffer } from './drop-offer.tsx';
import { WarningIcon } from './icons.tsx';

interface BandProps {
  readonly title: string;
  readonly failure: Failure;
  /** What is not lost. */
  readonly safe?: string;
  readonly children?: ReactNode;
}

function ErrorBand({ title, failure, safe, children }: BandProps) {
  return (
    <div className="notice error" role="alert">
      <WarningIcon tone="err" />
      <div className="body">
        <p>
          <span className="strong">{title}</span> {failure.message} {safe}
        </p>
        <div className="actions">{children}</div>
        {failure.detail ? (
          <details>
            <summary>Details</summary>
            <pre>{`${failure.code}\n${failure.detail}`}</pre>
          </details>
        ) : null}
      </div>
    </div>
  );
}

const isOfDevice = ({ code }: Failure): boolean =>
  code === 'device-lost' ||
  code === 'device-error' ||
  code === 'webgpu-unavailable' ||
  code === 'out-of-memory';

function EngineFailure({ commands }: { readonly commands: Commands }) {
  const { setBackend } = useActions();
  const engine = useLab((state) => state.engine);
  const backend = useLab((state) => state.backend);
  if (engine.status !== 'failed' || commands.run?.state === 'failed') return null;
  return (
    <ErrorBand
      title="Nothing can be trained now."
      failure={engine.failure}
      safe="Runs and settings are kept."
    >
      <button type="button" className="button primary" onClick={() => setBackend(backend)}>
        Try again
      </button>
      {backend === 'wasm' ? null : (
        <button type="button" className="button" onClick={() => setBackend('wasm')}>
          Go on with the CPU
        </button>
      )}
    </ErrorBand>
  );
}

function RunFailure({ commands }: { readonly commands: Commands }) {
  const { resume, setBackend } = useActions();
  const onDevice = useLab((state) => state.backend !== 'wasm');
  const lost = useLab((state) => state.engine.status === 'failed');
  const backend = useLab((state) => state.backend);
  const trainable = useLab((state) => !state.readOnly && !state.preparing && state.active === null);
  const { run } = commands;
  if (run?.state !== 'failed' || !run.failure) return null;
  const { key, checkpointStep } = run;
  const safe =
    checkpointStep === null
      ? 'There is no checkpoint; what was measured is kept.'
      : `Nothing before step ${formatCount(checkpointStep)} is lost.`;
  return (
    <ErrorBand
      title={`Training was interrupted at step ${formatCount(run.step)}.`}
      failure={run.failure}
      safe={safe}
    >
      {isResumable(run) ? (
        <>
          <button
            type="button"
            className="button primary"
            disabled={!trainable}
            onClick={() => {
              if (lost) setBackend(backend);
              void resume(key);
            }}
          >
            Resume from step {formatCount(checkpointStep ?? 0)}
          </button>
          {isOfDevice(run.failure) && onDevice ? (
            <button
              type="button"
              className="button"
              onClick={() => {
                setBackend('wasm');
                void resume(key);
              }}
            >
              Continue on the CPU
            </button>
          ) : null}
        </>
      ) : (
        <button
          type="button"
          className="button"
          disabled={!commands.fresh}
          onClick={() => commands.fresh?.()}
        >
          Start again from step 0
        </button>
      )}
    </ErrorBand>
  );
}

function StartFailure() {
  const { dismissFailures, load } = useActions();
  const failure = useLab((state) => state.startFailure);
  const dataset = useLab((state) => state.draft.data);
  if (!failure) return null;
  return (
    <ErrorBand
      title={failure.code === 'cancelled' ? 'That was not done.' : 'Training did not start.'}
      failure={failure}
    >
      {failure.code === 'dataset-unavailable' ? (
        <button type="button" className="button" onClick={() => load(dataset, { kind: 'download' })}>
          Download the dataset
        </button>
      ) : null}
      <button type="button" className="button" onClick={dismissFailures}>
        Dismiss
      </button>
    </ErrorBand>
  );
}

function StorageFailure() {
  const { dismissFailures } = useActions();
  const failure = useLab((state) => state.storage.failure);
  if (!failure) return null;
  return (
    <ErrorBand
      title="Runs are not being stored."
      failure={failure}
      safe="Training goes on; export what you want to keep, or delete runs you do not need."
    >
      <button type="button" className="button" onClick={dismissFailures}>
        Dismiss
      </button>
    </ErrorBand>
  );
}

function DropNotice() {
  const { dismissDrop } = useActions();
  const drop = useLab((state) => state.drop);
  if (!drop) return null;
  if (drop.status === 'failed') {
    return (
      <ErrorBand title="The dropped files were not taken." failure={drop.failure}>
        <button type="button" className="button" onClick={dismissDrop}>
          Dismiss
        </button>
      </ErrorBand>
    );
  }
  return (
    <div className="notice">
      <div className="body card">
        <LoadProgress data={drop} onCancel={dismissDrop} />
      </div>
    </div>
  );
}

function LinkProblems() {
  const { dismissProblems, reset } = useActions();
  const problems = useLab((state) => state.problems);
  const readOnly = useLab((state) => state.readOnly);
  if (problems.length === 0 && !readOnly) return null;
  return (
    <div className="notice" role="status">
      <WarningIcon tone="warn" />
      <div className="body">
        <p className="strong">
          {readOnly
            ? 'This link is shown read-only.'
            : `${problems.length === 1 ? 'One part' : `${problems.length} parts`} of the link need a look.`}
        </p>
        <ul>
          {problems.map(({ key, message }) => (
            <li key={`${key} ${message}`}>{message}</li>
          ))}
        </ul>
        <div className="actions">
          {readOnly ? (
            <button type="button" className="button" onClick={() => reset()}>
              Begin with the defaults
            </button>
          ) : (
            <button type="button" className="button" onClick={dismissProblems}>
              Dismiss
            </button>
          )}
        </div>
      </div>
    </div>
  );
}

/** What can go wrong away from the run bar. */
export function RunsNotices() {
  return (
    <>
      <StartFailure />
      <StorageFailure />
    </>
  );
}

/** A fork is being made ready: what it begins from, and whether these settings fit. */
function ForkNotice({ fork }: { readonly fork: Commands['fork'] }) {
  const { fork: setFork } = useActions();
  if (!fork) return null;
  const { run, refusal } = fork;
  return (
    <div className="notice" role="status">
      {refusal ? <WarningIcon tone="warn" /> : null}
      <div className="body">
        <p>
          <span className="strong">
            {refusal ? 'These settings cannot be forked.' : 'The next run is a fork.'}
          </span>{' '}
          {refusal ??
            `It goes on from the checkpoint of ${titleOf(run)} at step ${formatCount(run.checkpointStep ?? 0)}: change settings, then press Fork. Shape, rule and data stay as they are.`}
        </p>
        <div className="actions">
          <button type="button" className="button" onClick={() => setFork(null)}>
            No fork
          </button>
        </div>
      </div>
    </div>
  );
}

export function Notices({ commands }: { readonly commands: Commands }) {
  return (
    <>
      <ForkNotice fork={commands.fork} />
      <EngineFailure commands={commands} />
      <RunFailure commands={commands} />
      <StartFailure />
      <StorageFailure />
      <DropNotice />
      <DropOffer />
      <LinkProblems />
    </>
  );
}

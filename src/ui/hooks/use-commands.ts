// What the buttons of the run bar and the keys do now: one place decides, both follow.
import { runId } from '../../experiment/config.ts';
import { forkRefusal } from '../../experiment/fork.ts';
import { isResumable, type Run } from '../../experiment/run.ts';
import { newestRun } from '../runs/change.ts';
import { useFrame } from './use-frame.ts';
import { useActions, useLab } from './use-lab.ts';

export interface Commands {
  /** The run that the bar speaks of: the one that trains, else the newest of the draft; null: nothing but a plan. */
  readonly run: Run | null;
  readonly training: boolean;
  readonly preparing: boolean;
  readonly stopping: boolean;
  readonly mainWord: 'Train' | 'Resume' | 'Fork' | 'Stop' | 'Stopping';
  /** The run that the next start forks, and why it cannot with these settings; null: no fork. */
  readonly fork: { readonly run: Run; readonly refusal: string | null } | null;
  /** Null where the button is off. */
  readonly main: (() => void) | null;
  readonly step: (() => void) | null;
  readonly reset: (() => void) | null;
  readonly fresh: (() => void) | null;
}

export function useCommands(): Commands {
  const { resetId, setResetId: onReset } = useFrame();
  const actions = useActions();
  const draft = useLab((state) => state.draft);
  const active = useLab((state) => state.runs.find((run) => run.key === state.active) ?? null);
  const runs = useLab((state) => state.runs);
  const preparing = useLab((state) => state.preparing);
  const stopping = useLab((state) => state.stopping);
  const forked = useLab((state) => state.runs.find((run) => run.key === state.fork) ?? null);
  const trainable = useLab(
    (state) => !state.readOnly && 'plan' in state.planned && state.engine.status !== 'failed',
  );
  const id = runId(draft);
  const isReset = resetId === id;
  const run = active ?? (isReset || forked ? null : newestRun(runs, draft));
  const busy = active !== null || preparing;

  function begin(start: () => Promise<void>): () => void {
    return () => {
      onReset(null);
      void start();
    };
  }

  if (busy) {
    return {
      run,
      training: active !== null,
      preparing,
      stopping,
      mainWord: stopping ? 'Stopping' : 'Stop',
      main: stopping ? null : actions.stop,
      step: null,
      reset: null,
      fresh: null,
      fork: null,
    };
  }
  if (forked) {
    const refusal = forkRefusal(forked, draft);
    return {
      run: null,
      training: false,
      preparing,
      stopping,
      mainWord: 'Fork',
      main: trainable && refusal === null ? begin(actions.train) : null,
      step: null,
      reset: null,
      fresh: null,
      fork: { run: forked, refusal },
    };
  }
  const resumable = run !== null && isResumable(run);
  // A run that is over has nothing left to train: starting it again is a new attempt.
  const goOn = run?.parent ? () => actions.resume(run.key) : actions.train;
  const start = isReset || (run !== null && !resumable) ? actions.restart : goOn;
  return {
    run,
    training: false,
    preparing,
    stopping,
    mainWord: resumable ? 'Resume' : 'Train',
    main: trainable ? begin(start) : null,
    step: trainable && !run?.parent && (run === null || resumable) && !isReset ? begin(actions.step) : null,
    reset: run !== null ? () => onReset(id) : null,
    fresh: trainable ? begin(actions.restart) : null,
    fork: null,
  };
}

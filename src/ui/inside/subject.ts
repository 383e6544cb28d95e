// The run that is looked into: the one that was picked, else the one that trains, else the draft's newest, else the newest.
import { runId } from '../../experiment/config.ts';
import { isLinked, isUnderway, type Run } from '../../experiment/run.ts';
import { useLab } from '../hooks/use-lab.ts';

export interface Subject {
  readonly run: Run | null;
  /** Runs with stored weights, and those that will have some; newest first. */
  readonly runs: readonly Run[];
}

/** What a person can look into: a link's run brings no weights. */
const hasInside = (run: Run): boolean => !isLinked(run) && (run.checkpointStep !== null || isUnderway(run));

export function useSubject(picked: string | null): Subject {
  const all = useLab((state) => state.runs);
  const active = useLab((state) => state.active);
  const id = useLab((state) => runId(state.draft));
  const runs = all.filter(hasInside);
  const run =
    runs.find(({ key }) => key === picked) ??
    runs.find(({ key }) => key === active) ??
    runs.find((one) => one.id === id) ??
    runs[0] ??
    null;
  return { run, runs };
}

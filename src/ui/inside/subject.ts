// The run that is looked into: the one that was asked for, else the one that trains, else the draft's newest, else the
// newest.
import { runId } from '../../experiment/config.ts';
import { hasInside, type Run } from '../../experiment/run.ts';
import { useLab } from '../hooks/use-lab.ts';

export interface Subject {
  readonly run: Run | null;
  /** Runs with stored weights, and those that will have some; newest first. */
  readonly runs: readonly Run[];
  /** A link asked for a run that is not here. */
  readonly isMissing: boolean;
}

export function useSubject(): Subject {
  const all = useLab((state) => state.runs);
  const subject = useLab((state) => state.subject);
  const active = useLab((state) => state.active);
  const id = useLab((state) => runId(state.draft));
  const runs = all.filter(hasInside);
  const asked = subject === null ? undefined : runs.find(({ key }) => key.startsWith(subject));
  const run =
    asked ?? runs.find(({ key }) => key === active) ?? runs.find((one) => one.id === id) ?? runs[0] ?? null;
  return { run, runs, isMissing: subject !== null && !asked };
}

// What the runs of a study say so far: measurements are fetched as runs end, and the finding is made anew on its own
// thread, a first look at once and intervals as they sharpen. While a sweep goes on it is provisional, and says so.
import { useEffect, useMemo, useRef, useState } from 'react';
import { studies } from '../../catalog/studies/index.ts';
import type { Study } from '../../catalog/studies/study.ts';
import type { Failure } from '../../core/failure.ts';
import type { Observed } from '../../core/measurement.ts';
import type { DrawnFinding } from '../../experiment/drawn-figures.ts';
import { useActions, useLab, useSession } from '../hooks/use-lab.ts';
import type { SweepView } from './use-sweep.ts';

/** The study of a sweep; null where it is nobody's. */
export function studyOf(id: string | null): Study | null {
  return id !== null && Object.hasOwn(studies, id) ? studies[id as keyof typeof studies] : null;
}

/** A verdict and the runs that it rests on. */
export interface JudgedView extends Pick<DrawnFinding['verdict'], 'answer' | 'evidence'> {
  readonly runs: number;
  /** Of the sweep; more than `runs` while some are not over: then the verdict is provisional. */
  readonly of: number;
}

export interface FindingView {
  /** Null: nothing is over yet. */
  readonly finding: DrawnFinding | null;
  /** The last verdict that had intervals: a first look has none to judge by. */
  readonly verdict: JudgedView | null;
  /** The runs that are over are all in it, with all resamples. */
  readonly isFinal: boolean;
  readonly failure: Failure | null;
}

const nothing: FindingView = { finding: null, verdict: null, isFinal: true, failure: null };

/** `nothing` where no run is over, or the sweep is no study's. */
export function useFinding({ list, statuses, sweep }: SweepView): FindingView {
  const session = useSession();
  const { measure } = useActions();
  const measured = useLab((state) => state.measured);
  const counting = useLab((state) => state.view.multiplyAdd);
  const [shown, setShown] = useState<FindingView & { readonly of: string | null }>({ ...nothing, of: null });
  const id = studyOf(sweep.study) ? sweep.study : null;
  const over = useMemo(
    () =>
      list.trials.flatMap((trial) => {
        const { state, run } = statuses.get(trial.id) ?? {};
        return run && (state === 'done' || state === 'diverged') ? [{ trial, key: run.key }] : [];
      }),
    [list, statuses],
  );
  const missing = over.filter(({ key }) => !measured[key]).map(({ key }) => key);
  const wanted = id === null ? '' : missing.join(' ');
  useEffect(() => {
    for (const key of wanted.split(' ').filter(Boolean)) measure(key);
  }, [wanted, measure]);

  const stop = useRef<() => void>(() => {});
  // Not with each question: an answer on fewer runs is better than none while more of them end.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the reader leaves with its study
  useEffect(() => () => stop.current(), [id]);
  const known = over.filter(({ key }) => measured[key]).map(({ key }) => key);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys stand for the rows: a measurement does not change
  useEffect(() => {
    if (id === null || known.length === 0 || missing.length > 0) return;
    const rows: Observed[] = over.flatMap(({ trial, key }) => {
      const measurement = measured[key];
      return measurement ? trial.cells.map((cell) => ({ cell, measurement })) : [];
    });
    const [runs, of] = [known.length, list.trials.length];
    stop.current = session.analyse({ kind: 'finding', study: id, rows, counting }, (answer) => {
      if (answer.kind === 'failed')
        setShown((before) => ({ ...before, failure: answer.failure, isFinal: true }));
      if (answer.kind !== 'finding') return;
      const { finding, isJudged, isFinal } = answer;
      setShown((before) => ({
        of: id,
        finding,
        verdict: isJudged ? { ...finding.verdict, runs, of } : before.of === id ? before.verdict : null,
        isFinal,
        failure: null,
      }));
    });
  }, [id, known.join(' '), missing.length, counting, session]);
  return id !== null && known.length > 0 && shown.of === id ? shown : nothing;
}

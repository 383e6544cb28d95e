// What the runs of a study say so far: measurements are fetched as runs end, and the finding is made anew.
import { useEffect, useMemo, useState } from 'react';
import { studies } from '../../catalog/studies/index.ts';
import type { Finding, Study } from '../../catalog/studies/study.ts';
import type { Observed } from '../../core/measurement.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import type { SweepView } from './use-sweep.ts';

/** The study of a sweep; null where it is nobody's. */
export function studyOf(id: string | null): Study | null {
  return id !== null && Object.hasOwn(studies, id) ? studies[id as keyof typeof studies] : null;
}

/** Null: nothing is over yet, or the sweep is no study's. */
export function useFinding({ list, statuses, sweep }: SweepView): Finding | null {
  const { measure } = useActions();
  const measured = useLab((state) => state.measured);
  const [finding, setFinding] = useState<Finding | null>(null);
  const study = studyOf(sweep.study);
  const over = useMemo(
    () =>
      list.trials.flatMap((trial) => {
        const { state, run } = statuses.get(trial.id) ?? {};
        return run && (state === 'done' || state === 'diverged') ? [{ trial, key: run.key }] : [];
      }),
    [list, statuses],
  );
  const missing = over.filter(({ key }) => !measured[key]).map(({ key }) => key);
  const wanted = study ? missing.join(' ') : '';
  useEffect(() => {
    for (const key of wanted.split(' ').filter(Boolean)) measure(key);
  }, [wanted, measure]);

  const known = over.filter(({ key }) => measured[key]).map(({ key }) => key);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys stand for the rows: a measurement does not change
  useEffect(() => {
    if (!study || known.length === 0 || missing.length > 0) return;
    const rows: Observed[] = over.flatMap(({ trial, key }) => {
      const measurement = measured[key];
      return measurement ? trial.cells.map((cell) => ({ cell, measurement })) : [];
    });
    let isLatest = true;
    study.finding(rows).then(
      (made) => {
        if (isLatest) setFinding(made);
      },
      () => {}, // A finding that cannot be made leaves the one before.
    );
    return () => {
      isLatest = false;
    };
  }, [study, known.join(' '), missing.length]);
  return study && known.length > 0 ? finding : null;
}

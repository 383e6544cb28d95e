// A word when a tab that was hidden is looked at again: training went on meanwhile, and how fast.
import { useEffect, useState } from 'react';
import { formatCount, formatDuration } from '../../core/format.ts';
import { useSession } from '../hooks/use-lab.ts';

/** Absences that are not worth a word. */
const LEAST_MS = 5_000;
const SHOWN_MS = 12_000;

export function HiddenNote() {
  const session = useSession();
  const [words, setWords] = useState<string | null>(null);
  useEffect(() => {
    let left: { readonly at: number; readonly key: string; readonly step: number } | null = null;
    const stepOf = (key: string): number | undefined => {
      const { live, active, runs } = session.get();
      return active === key && live ? live.step : runs.find((run) => run.key === key)?.step;
    };
    const listen = (): void => {
      const { active } = session.get();
      if (document.visibilityState === 'hidden') {
        left = active === null ? null : { at: performance.now(), key: active, step: stepOf(active) ?? 0 };
        return;
      }
      const was = left;
      left = null;
      if (!was) return;
      const [ms, step] = [performance.now() - was.at, stepOf(was.key)];
      if (ms < LEAST_MS || step === undefined || step <= was.step) return;
      const went = `${formatCount(step - was.step)} steps in ${formatDuration(ms / 1000)}`;
      setWords(
        active === was.key
          ? `While this tab was hidden, training went on at ${((1000 * (step - was.step)) / ms).toPrecision(3)} steps/s: ${went}.`
          : `While this tab was hidden, the run ended, ${formatCount(step - was.step)} steps on.`,
      );
    };
    document.addEventListener('visibilitychange', listen);
    return () => document.removeEventListener('visibilitychange', listen);
  }, [session]);
  useEffect(() => {
    if (words === null) return;
    const timer = setTimeout(() => setWords(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [words]);
  if (words === null) return null;
  return (
    <div className="toast">
      <p>{words}</p>
      <button type="button" className="quiet" onClick={() => setWords(null)}>
        Close
      </button>
    </div>
  );
}

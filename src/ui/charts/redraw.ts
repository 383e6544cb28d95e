// Decides when a chart draws again: when a run that it shows has grown, never more often than its pause, and never two
// charts in one frame, so that typing and scrolling stay smooth while a run trains.
import { useEffect, useState } from 'react';
import type { Session } from '../../session/state.ts';

const waiting = new Set<() => void>();
let scheduled = false;

function nextFrame(): void {
  scheduled = false;
  const [first] = waiting;
  if (!first) return;
  waiting.delete(first);
  first();
  if (waiting.size > 0) schedule();
}

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(nextFrame);
}

/** The sum of the versions of the runs: changes exactly when one of them grew. */
function versionOf(session: Session, keys: readonly string[]): number {
  const { seriesVersion } = session.get();
  return keys.reduce((sum, key) => sum + (seriesVersion[key] ?? 0), 0);
}

/** A number that changes when the chart should draw again. */
export function useRedraw(session: Session, keys: readonly string[], pauseMs: number): number {
  const [version, setVersion] = useState(() => versionOf(session, keys));
  const names = keys.join(' ');
  useEffect(() => {
    const watched = names === '' ? [] : names.split(' ');
    let drawn = -1;
    let drawnAt = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = (): void => {
      drawn = versionOf(session, watched);
      drawnAt = performance.now();
      setVersion(drawn);
    };
    const enqueue = (): void => {
      timer = undefined;
      waiting.add(draw);
      schedule();
    };
    const onChange = (): void => {
      if (timer !== undefined || waiting.has(draw) || versionOf(session, watched) === drawn) return;
      timer = setTimeout(enqueue, Math.max(0, drawnAt + pauseMs - performance.now()));
    };
    onChange();
    const unsubscribe = session.subscribe(onChange);
    return () => {
      unsubscribe();
      clearTimeout(timer);
      waiting.delete(draw);
    };
  }, [session, names, pauseMs]);
  return version;
}

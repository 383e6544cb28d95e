// Says start, end and divergence to a screen reader: never every step, and of a queue of hundreds of runs only its start
// and end.
import { useEffect, useRef, useState } from 'react';
import { type Run, titleOf } from '../../experiment/run.ts';
import { useLab } from '../hooks/use-lab.ts';

function words(run: Run): string {
  const step = run.step.toLocaleString('en-US');
  switch (run.state) {
    case 'queued':
    case 'running':
      return `Training started: ${titleOf(run)}.`;
    case 'finished':
      return `Training finished after ${step} steps: ${titleOf(run)}.`;
    case 'stopped':
      return `Training stopped at step ${step}.`;
    case 'diverged':
      return `Training diverged at step ${step}.`;
    case 'failed':
      return `Training was interrupted at step ${step}.`;
    default:
      throw run.state satisfies never;
  }
}

export function LiveRegion() {
  const active = useLab((state) => state.active);
  const watched = useRef<string | null>(null);
  const [spoken, setSpoken] = useState('');
  const run = useLab((state) => state.runs.find(({ key }) => key === (active ?? watched.current)));
  const state = run?.state;
  const driving = useLab(({ queue }) => queue.driving);
  const drove = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the run moves with every report; only its state is spoken
  useEffect(() => {
    if (active !== null) watched.current = active;
    if (driving !== drove.current) {
      drove.current = driving;
      watched.current = null;
      setSpoken(driving ? 'The queue of sweeps trains.' : 'The queue of sweeps has stopped.');
    } else if (!driving && run && (active !== null || watched.current === run.key)) setSpoken(words(run));
  }, [active, state, driving]);
  return (
    <p className="unseen" role="status" aria-live="polite">
      {spoken}
    </p>
  );
}

// Says start, end and divergence to a screen reader: never every step.
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: the run moves with every report; only its state is spoken
  useEffect(() => {
    if (active !== null) watched.current = active;
    if (run && (active !== null || watched.current === run.key)) setSpoken(words(run));
  }, [active, state]);
  return (
    <p className="unseen" role="status" aria-live="polite">
      {spoken}
    </p>
  );
}

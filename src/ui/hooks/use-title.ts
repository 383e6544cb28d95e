// The tab's title says how far the run that trains is.
import { useEffect } from 'react';
import { titleOf } from '../../experiment/run.ts';
import { useLab } from './use-lab.ts';

const TITLE = 'MLP Lab';

/** "40 % · Inverted bottleneck 512 × 6 · MLP Lab" while a run trains; its place in a sweep before it. */
export function useTitle(): void {
  const title = useLab((state) => {
    const run = state.active === null ? undefined : state.runs.find(({ key }) => key === state.active);
    if (!run) return TITLE;
    const share = state.live?.totalSteps
      ? `${Math.floor((100 * state.live.step) / state.live.totalSteps)} %`
      : 'training';
    const { current } = state.queue;
    const place = current ? `${current.over + 1} of ${current.total} · ` : '';
    return `${place}${share} · ${titleOf(run)} · ${TITLE}`;
  });
  useEffect(() => {
    document.title = title;
  }, [title]);
}

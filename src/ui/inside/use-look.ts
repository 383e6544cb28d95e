// One kind of sight of a run's newest checkpoint: asked for when it is shown, and again when something newer is wanted.
import { useEffect, useRef } from 'react';
import type { Run } from '../../experiment/run.ts';
import type { SightKind, SightWish } from '../../experiment/sight.ts';
import { useActions } from '../hooks/use-lab.ts';
import { type Seen, useSight } from '../hooks/use-sight.ts';

type WishOf<K extends SightKind> = SightWish & { readonly kind: K };

export interface Looked<K extends SightKind> extends Seen<K> {
  readonly again: () => void;
}

/** Asks where `wants`, but for one `mark` only once: what failed is not asked for again by itself. */
export function useAsk<K extends SightKind>(
  run: Run,
  wish: WishOf<K>,
  mark: string,
  wants: (seen: Seen<K>) => boolean,
): Looked<K> {
  const { look } = useActions();
  const seen = useSight(run.key, wish.kind);
  const tried = useRef('');
  const isDue = run.checkpointStep !== null && !seen.isAsked && wants(seen);
  useEffect(() => {
    if (!isDue || tried.current === mark) return;
    tried.current = mark;
    void look(run.key, wish);
  });
  return { ...seen, again: () => void look(run.key, wish) };
}

/** `follows`: at every newer checkpoint; without it only where nothing has been seen. */
export function useLook<K extends SightKind>(run: Run, wish: WishOf<K>, follows: boolean): Looked<K> {
  const newest = run.checkpointStep;
  return useAsk<K>(
    run,
    wish,
    `${run.key} ${newest}`,
    ({ step }) => step === null || (follows && step !== newest),
  );
}

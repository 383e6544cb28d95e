// One kind of sight of a run's newest checkpoint: asked for when it is shown, and again when there is a newer one.
import { useEffect, useRef } from 'react';
import type { Run } from '../../experiment/run.ts';
import type { SightKind, SightWish } from '../../experiment/sight.ts';
import { useActions } from '../hooks/use-lab.ts';
import { type Seen, useSight } from '../hooks/use-sight.ts';

export interface Looked<K extends SightKind> extends Seen<K> {
  readonly again: () => void;
}

/**
 * `follows`: ask again at every newer checkpoint; without it only where nothing has been seen.
 */
export function useLook<K extends SightKind>(
  run: Run,
  wish: SightWish & { readonly kind: K },
  follows: boolean,
): Looked<K> {
  const { look } = useActions();
  const seen = useSight(run.key, wish.kind);
  const tried = useRef('');
  const newest = run.checkpointStep;
  const wants = newest !== null && !seen.isAsked && (seen.step === null || (follows && seen.step !== newest));
  const mark = `${run.key} ${newest}`;
  useEffect(() => {
    // What failed is not asked for again by itself.
    if (!wants || tried.current === mark) return;
    tried.current = mark;
    void look(run.key, wish);
  });
  return { ...seen, again: () => void look(run.key, wish) };
}

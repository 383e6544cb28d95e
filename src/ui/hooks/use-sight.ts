// One kind of sight of a run, and how to ask for it.
import type { Failure } from '../../core/failure.ts';
import type { Sight, SightKind } from '../../experiment/sight.ts';
import { useLab } from './use-lab.ts';

type Of<K extends SightKind> = Extract<Sight, { readonly kind: K }>;

export interface Seen<K extends SightKind> {
  readonly sight: Of<K> | null;
  /** Of the weights that `sight` is of. */
  readonly step: number | null;
  readonly isAsked: boolean;
  readonly failure: Failure | null;
}

const isOf = <K extends SightKind>(sight: Sight, kind: K): sight is Of<K> => sight.kind === kind;

/** What was seen last of the run, `null`: of none. */
export function useSight<K extends SightKind>(key: string | null, kind: K): Seen<K> {
  const state = useLab(({ sights }) => (key === null ? undefined : sights[key]?.[kind]));
  const seen = state?.seen;
  const sight = seen && isOf(seen.sight, kind) ? seen.sight : null;
  return {
    sight,
    step: sight && seen ? seen.step : null,
    isAsked: state?.isAsked ?? false,
    failure: state?.failure ?? null,
  };
}

// The frame of one part of the inside view: its head, and what stands there while there is nothing to see.
import type { ReactNode } from 'react';
import { formatCount } from '../../core/format.ts';
import type { SightKind } from '../../experiment/sight.ts';
import type { Looked } from './use-look.ts';

export function Part({
  title,
  about,
  tools,
  children,
}: {
  readonly title: string;
  readonly about?: string | undefined;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="section inside-part" aria-label={title}>
      <div className="section-head wrap">
        <h2>{title}</h2>
        {about ? <span className="small ink3">{about}</span> : null}
        {tools ? <span className="push row">{tools}</span> : null}
      </div>
      {children}
    </section>
  );
}

/** What is said in place of a sight: that it is awaited, or why there is none. Nothing where `looked` has one. */
export function Waiting<K extends SightKind>({ looked }: { readonly looked: Looked<K> }) {
  const { sight, failure, again } = looked;
  if (failure)
    return (
      <div className="row wrap mid" role="alert">
        <span className="err">{failure.message}</span>
        <button type="button" className="button" onClick={again}>
          Look again
        </button>
      </div>
    );
  return sight ? null : <p className="mid ink2">Looking into the stored weights.</p>;
}

export const stepWords = (step: number | null): string | undefined =>
  step === null ? undefined : `at step ${formatCount(step)}`;

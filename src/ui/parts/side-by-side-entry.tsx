// The way to runs side by side from the Train view: one press makes a sweep of a few values around the form's.
import { lazy, memo, Suspense } from 'react';
import { useLab } from '../hooks/use-lab.ts';
import { OFFERS, useSideBySide } from '../hooks/use-side-by-side.ts';

const SideBySide = memo(lazy(() => import('./side-by-side.tsx')));

export function SideBySideEntry() {
  const { compare } = useSideBySide();
  const isSweep = useLab((state) => state.sweep !== null);
  const readOnly = useLab((state) => state.readOnly);
  if (isSweep)
    return (
      <Suspense fallback={null}>
        <SideBySide />
      </Suspense>
    );
  return (
    <section className="side-entry small" aria-label="Side by side">
      <span className="strong">Compare side by side</span>
      {OFFERS.map((offer) => (
        <button
          key={offer.key}
          type="button"
          className="button"
          disabled={readOnly}
          onClick={() => compare(offer)}
        >
          {offer.word}
        </button>
      ))}
      <span className="ink3">from the same first weights, their curves growing together</span>
    </section>
  );
}

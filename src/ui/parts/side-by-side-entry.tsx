// The way to runs side by side from the Train view: one press makes a sweep of a few values around the form's.
import { lazy, memo, Suspense } from 'react';
import type { Config } from '../../experiment/config.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';

const SideBySide = memo(lazy(() => import('./side-by-side.tsx')));

const whole = (value: number): number => Math.max(1, Math.round(value));
const rounded = (value: number): number => Number(value.toPrecision(2));

/** What can be compared with one press, and the values that stand around the form's. */
const OFFERS = [
  {
    key: 'train.batchSize',
    word: 'batch sizes',
    around: ({ 'train.batchSize': size }: Config) => [whole(size / 4), size, size * 4],
  },
  {
    key: 'optimizer.learningRate',
    word: 'learning rates',
    around: ({ 'optimizer.learningRate': rate }: Config) => [rounded(rate / 4), rate, rounded(rate * 4)],
  },
  {
    key: 'model.width',
    word: 'widths',
    around: ({ 'model.width': width }: Config) => [whole(width / 2), width, width * 2],
  },
] as const;

export function SideBySideEntry() {
  const { editSweep, setView } = useActions();
  const draft = useLab((state) => state.draft);
  const isSweep = useLab((state) => state.sweep !== null);
  const readOnly = useLab((state) => state.readOnly);
  const view = useLab((state) => state.view);
  if (isSweep)
    return (
      <Suspense fallback={null}>
        <SideBySide />
      </Suspense>
    );
  return (
    <section className="side-entry small" aria-label="Side by side">
      <span className="strong">Compare side by side</span>
      {OFFERS.map(({ key, word, around }) => (
        <button
          key={key}
          type="button"
          className="button"
          disabled={readOnly}
          onClick={() => {
            editSweep({ [key]: [...new Set(around(draft))].join(',') });
            // Runs of different batches are alike in the images they have seen, not in their steps.
            if (key === 'train.batchSize' && view.x === 'step') setView({ x: 'examples' });
          }}
        >
          {word}
        </button>
      ))}
      <span className="ink3">from the same first weights, their curves growing together</span>
    </section>
  );
}

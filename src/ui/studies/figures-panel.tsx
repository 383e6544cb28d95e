// All figures of a finding: the one that answers the question large, the others side by side. Figures that show the same
// against another quantity take turns.
import { useState } from 'react';
import type { DrawnFigure } from '../../experiment/drawn-figures.ts';
import { Segments } from '../controls/choices.tsx';
import { StudyFigure } from './study-figure.tsx';

/** Figures that take turns, in order of the first; a figure without a choice stands alone. */
export function turnsOf(figures: readonly DrawnFigure[]): readonly (readonly DrawnFigure[])[] {
  const turns = new Map<string, DrawnFigure[]>();
  for (const [index, figure] of figures.entries()) {
    const key = figure.choice ? `choice ${figure.choice.of}` : `figure ${index}`;
    turns.set(key, [...(turns.get(key) ?? []), figure]);
  }
  return [...turns.values()];
}

function Turn({ figures, isMain }: { readonly figures: readonly DrawnFigure[]; readonly isMain: boolean }) {
  const [asked, setAsked] = useState<string | null>(null);
  const shown = figures.find(({ choice }) => choice?.word === asked) ?? figures[0];
  if (!shown) return null;
  return (
    <div className="figure-turn">
      {figures.length > 1 ? (
        <div className="figure-choice row wrap small ink2">
          against
          <Segments
            label={`Quantity of ${shown.choice?.of ?? shown.title}`}
            value={shown.choice?.word ?? ''}
            options={figures.flatMap(({ choice }) =>
              choice ? [{ value: choice.word, label: choice.word }] : [],
            )}
            onChange={setAsked}
          />
        </div>
      ) : null}
      <StudyFigure key={shown.title} figure={shown} isMain={isMain} />
    </div>
  );
}

export function FiguresPanel({ figures }: { readonly figures: readonly DrawnFigure[] }) {
  const [first, ...others] = turnsOf(figures);
  if (!first) return null;
  return (
    <section className="figures-panel" aria-label="Figures">
      <Turn figures={first} isMain />
      {others.length > 0 ? (
        <div className="figure-grid">
          {others.map((turn) => (
            <Turn key={turn[0]?.choice?.of ?? turn[0]?.title} figures={turn} isMain={false} />
          ))}
        </div>
      ) : null}
    </section>
  );
}

// Which figure of those that take turns is seen: the first one until somebody chooses another by its word.
import { useState } from 'react';
import type { DrawnFigure } from '../../experiment/drawn-figures.ts';

export interface Turn {
  readonly key: string;
  readonly figures: readonly DrawnFigure[];
  readonly shown: DrawnFigure;
  readonly choose: (word: string) => void;
}

/** Figures that show the same against another quantity, in order of the first; a figure without a choice stands alone. */
export function useTurns(figures: readonly DrawnFigure[]): readonly Turn[] {
  const [asked, setAsked] = useState<Readonly<Record<string, string>>>({});
  const turns = new Map<string, DrawnFigure[]>();
  for (const figure of figures) {
    const key = figure.choice ? `choice ${figure.choice.of}` : figure.title;
    turns.set(key, [...(turns.get(key) ?? []), figure]);
  }
  return [...turns].flatMap(([key, own]) => {
    const shown = own.find(({ choice }) => choice !== undefined && choice.word === asked[key]) ?? own[0];
    return shown
      ? [{ key, figures: own, shown, choose: (word: string) => setAsked({ ...asked, [key]: word }) }]
      : [];
  });
}

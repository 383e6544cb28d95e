// The fits of figures in their order, each once.
import type { DrawnFigure } from '../../experiment/drawn-figures.ts';
import type { ShownFit } from './fit-panel.tsx';

export function shownFits(figures: readonly DrawnFigure[]): readonly ShownFit[] {
  const seen = new Set<string>();
  return figures.flatMap(({ lines }) =>
    lines.flatMap(({ label, fit, held = [], factor = 1 }) => {
      if (!fit) return [];
      const key = `${fit.fit.law} ${fit.fit.data}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ label, fit: fit.fit, spreads: fit.spreads, held, factor }];
    }),
  );
}

// The figures of a finding made ready to be drawn: every fitted law as a curve with its band, and laws of one kind in a
// figure compared. Plain data, for another thread to show.
import type { Answer, Figure, FigureLine, Finding } from '../catalog/studies/study.ts';
import { compareExponents } from '../core/fits/compare.ts';
import { type DrawnFit, drawnFit } from '../core/fits/drawn-fit.ts';
import type { Counting } from '../core/fits/law.ts';
import { lawOf } from '../core/fits/laws.ts';
import type { Interval } from '../core/stats/bootstrap.ts';

export interface DrawnLine extends Omit<FigureLine, 'fit'> {
  readonly fit: DrawnFit | null;
}

export interface DrawnFigure extends Omit<Figure, 'lines'> {
  readonly lines: readonly DrawnLine[];
  /** Exponents of two laws side by side, in words. */
  readonly comparisons: readonly string[];
}

export interface DrawnFinding {
  readonly figures: readonly DrawnFigure[];
  readonly verdict: { readonly answer: Answer; readonly evidence: readonly string[] };
}

/** How far beyond its values a law is drawn. */
const BEYOND = 1.3;

function reach(values: readonly number[]): Interval {
  const usable = values.filter((value) => Number.isFinite(value) && value > 0);
  return usable.length === 0 ? [1, 10] : [Math.min(...usable), Math.max(...usable)];
}

function drawnLine(line: FigureLine, counting: Counting): DrawnLine {
  const { fit, points, held = [], factor = 1, ...rest } = line;
  const law = fit && lawOf(fit.law);
  if (!fit || !law) return { ...rest, points, held, factor, fit: null };
  const trusted = points.filter(({ doubt }) => doubt === null);
  const seen = (trusted.length > 1 ? trusted : points).map(({ x }) => x);
  const [low, high] = reach([...points.map(({ x }) => x), ...held.map(({ inputs }) => law.size(inputs))]);
  const drawing = { over: [low / BEYOND, high * BEYOND] as const, inside: reach(seen), factor, counting };
  return { ...rest, points, held, factor, fit: drawnFit(law, fit, drawing) };
}

/** Words for each exponent of the lines that were fitted by one law, neighbours compared. */
function comparisonsOf(lines: readonly FigureLine[]): readonly string[] {
  const fitted = lines.flatMap(({ label, fit }) => (fit && fit.resamples > 0 ? [{ name: label, fit }] : []));
  return fitted.slice(1).flatMap((other, index) => {
    const one = fitted[index];
    const law = lawOf(other.fit.law);
    if (!one || !law || one.fit.law !== other.fit.law) return [];
    const exponents = [...law.parameters, ...(law.derived ?? [])].filter(({ kind }) => kind === 'exponent');
    return exponents.map(({ name }) => compareExponents(one, other, name).words);
  });
}

export function drawnFigure(figure: Figure, counting: Counting): DrawnFigure {
  const { lines, ...rest } = figure;
  return {
    ...rest,
    lines: lines.map((line) => drawnLine(line, counting)),
    comparisons: comparisonsOf(lines),
  };
}

export function drawnFinding({ figures, verdict }: Finding, counting: Counting): DrawnFinding {
  return { figures: figures.map((figure) => drawnFigure(figure, counting)), verdict };
}

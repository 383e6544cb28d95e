// How local the first layer's filters were at every scoring of the run.
import { useMemo } from 'react';
import { formatCount } from '../../core/format.ts';
import type { Run } from '../../experiment/run.ts';
import { FigureChart } from '../charts/figure-chart.tsx';
import type { Dot, Layer } from '../charts/layers.ts';
import { useLab, useSession } from '../hooks/use-lab.ts';

/** Scorings that are drawn at most, evenly taken, the last one always. */
const POINTS = 150;

interface Point {
  readonly x: number;
  readonly y: number;
}

function layersOf(points: readonly Point[], start: number | null): readonly Layer[] {
  const dots = points.map(
    ({ x, y }): Dot => ({
      key: String(x),
      x,
      y,
      colour: 'var(--c1)',
      shape: 'dot',
      radius: 2,
      words: `locality ${y.toFixed(3)} at step ${formatCount(x)}`,
    }),
  );
  return [
    ...(start === null
      ? []
      : [{ kind: 'rule', key: 'start', at: { y: start }, words: 'first weights', side: 'end' } as const]),
    { kind: 'curve', key: 'curve', points, colour: 'var(--c1)' },
    { kind: 'dots', key: 'dots', dots },
  ];
}

export function LocalityChart({ run, start }: { readonly run: Run; readonly start: number | null }) {
  const session = useSession();
  const version = useLab((state) => state.seriesVersion[run.key]);
  const points = useMemo(() => {
    // What is read grows in place: its version says when.
    void version;
    const column = session.log(run.key)?.column('filters/locality');
    if (!column) return [];
    const { steps, values } = column;
    const every = Math.max(1, Math.ceil(steps.length / POINTS));
    return [...steps.keys()]
      .filter((index) => index % every === 0 || index === steps.length - 1)
      .map((index): Point => ({ x: steps[index] as number, y: values[index] as number }));
  }, [session, run.key, version]);
  const layers = useMemo(() => layersOf(points, start), [points, start]);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 2) return null;
  return (
    <FigureChart
      title="Locality"
      about="mean over filters, at every scoring"
      summary={`Locality of the first layer's filters from ${first.y.toFixed(3)} at step ${formatCount(first.x)} to ${last.y.toFixed(3)} at step ${formatCount(last.x)}.`}
      x={{ words: 'step', log: false }}
      y={{ words: 'locality', log: false }}
      layers={layers}
      height={140}
    />
  );
}

// Charts of points and fitted laws on sample data: what a study will show, to be looked at and tested before it is there.

import { FigureChart } from '../../src/ui/charts/figure-chart.tsx';
import { fitLayers } from '../../src/ui/charts/fit-layers.ts';
import type { Dot, Layer } from '../../src/ui/charts/layers.ts';
import { sequential } from '../../src/ui/charts/sequential.ts';
import { colour, dash } from '../../src/ui/runs/run-style.tsx';

const percent = (value: number): string => `${Math.round(value * 100)} %`;
const along = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => low * (high / low) ** (i / (count - 1)));

/** Sample data: error against compute, 6 widths, 5 budgets. */
const law = (compute: number): number => 0.27 + 0.073 * (0.0005 + compute / 1e15) ** -0.28;
const errorDots: readonly Dot[] = [0, 1, 2, 3, 4, 5].flatMap((width) =>
  [0, 1, 2, 3, 4].map((budget): Dot => {
    const compute = 1.5e11 * 5 ** width * 2 ** budget;
    const bump = [0.12, 0.05, 0.01, 0.03, 0.08][budget] ?? 0;
    const y = Math.min(0.88, law(compute) * (1 + bump));
    return {
      key: `${width} ${budget}`,
      x: compute,
      y,
      spreadY: [y * 0.985, y * 1.015],
      colour: sequential(width / 5),
      shape: 'dot',
      radius: 2.5 + budget * 0.4,
      words: `width ${32 * 2 ** width}, ${6250 * 2 ** budget} images: ${percent(y)} at ${compute.toExponential(1)} FLOP`,
    };
  }),
);
const held: readonly Dot[] = [
  {
    key: 'hit',
    x: 3e15,
    y: 0.327,
    colour: 'var(--ok)',
    shape: 'hit',
    words: 'held out: 32.7 %, hit',
    name: 'hit',
  },
  {
    key: 'miss',
    x: 6e15,
    y: 0.337,
    colour: 'var(--err)',
    shape: 'miss',
    words: 'held out: 33.7 %, miss',
    name: 'miss',
  },
];
const scaling: readonly Layer[] = [
  {
    kind: 'rule',
    key: 'floor',
    at: { y: 0.27 },
    words: 'floor 27 % [20, 30]',
    side: 'start',
    spread: [0.2, 0.3],
  },
  { kind: 'rule', key: 'held', at: { x: 2e15 }, words: 'held out', side: 'end' },
  ...fitLayers({
    key: 'law',
    points: along(1e11, 1e16, 120).map((x) => ({ x, y: law(x) })),
    inside: [1.5e11, 2e15],
    band: along(1e11, 1e16, 60).map((x) => ({ x, low: law(x) * 0.96, high: law(x) * 1.04 })),
  }),
  { kind: 'dots', key: 'runs', dots: errorDots },
  { kind: 'dots', key: 'held out', dots: held },
];

/** Sample data: steps to a target against batch size. */
const steps = (batch: number, least: number, critical: number): number => least * (1 + critical / batch);
const batches = along(32, 8192, 9);
const targets = [
  { key: 'loss 1.25', least: 560, critical: 900, slot: 0 },
  { key: 'loss 1.10', least: 1450, critical: 1300, slot: 1 },
] as const;
const batchLayers: readonly Layer[] = [
  {
    kind: 'rule',
    key: 'critical',
    at: { x: 900 },
    words: 'B crit = 900 [610, 1,350]',
    side: 'end',
    tone: 'fitted',
    spread: [610, 1350],
  },
  { kind: 'rule', key: 'least', at: { y: 560 }, words: 'S min = 560', side: 'start' },
  ...targets.flatMap(({ key, least, critical, slot }): Layer[] => [
    ...fitLayers({
      key,
      points: along(28, 9000, 80).map((x) => ({ x, y: steps(x, least, critical) })),
      inside: [32, 8192],
      band: along(28, 9000, 40).map((x) => ({
        x,
        low: steps(x, least, critical) * 0.88,
        high: steps(x, least, critical) * 1.13,
      })),
      colour: colour(slot),
    }),
    {
      kind: 'dots',
      key: `${key} dots`,
      dots: batches.map((batch, index): Dot => {
        const y = steps(batch, least, critical) * (1 + 0.03 * Math.sin(index * 7 + slot));
        const isLost = slot === 1 && index === 8;
        return {
          key: `${key} ${batch}`,
          x: batch,
          y: isLost ? 4e4 : y,
          colour: colour(slot),
          shape: isLost ? 'above' : index === 7 ? 'hollow' : 'dot',
          spreadY: isLost ? undefined : [y * 0.93, y * 1.07],
          words: `${key}, batch ${Math.round(batch)}: ${isLost ? 'not reached' : `${Math.round(y)} steps`}`,
          name: index === 2 ? key : isLost ? 'not reached' : undefined,
        } as Dot;
      }),
    },
  ]),
];
const several: readonly Layer[] = [
  ...[0, 1].map((slot): Layer => {
    return {
      kind: 'curve',
      key: `${slot}`,
      colour: colour(slot as 0 | 1),
      dash: dash(slot as 0 | 1),
      points: along(32, 8192, 9).map((x, i) => ({ x, y: 40 + (i - 3 - slot) ** 2 * 0.5 })),
    };
  }),
  // Zero and below have no place on a log axis: they are left out, and nothing breaks.
  {
    kind: 'dots',
    key: 'odd',
    dots: [-3, 0, 64, 512].map((x): Dot => {
      return { key: `${x}`, x, y: 44, colour: colour(2), shape: 'dot', words: `batch ${x}` };
    }),
  },
];

const power = (value: number): string => String(Math.round(value));

export function Figures() {
  return (
    <main>
      <h1 className="unseen">Charts of points and laws</h1>
      <FigureChart
        title="Test error against training compute"
        about="sample data; band: 95 %, 1,000 bootstraps of whole configurations"
        summary="Error falls as compute to the power −0.28 toward a floor of 27 %. One of two held-out runs landed in the band."
        x={{ words: 'training FLOPs, 6 × MAC × examples seen', log: true, domain: [1e11, 1e16] }}
        y={{ words: 'test error', log: true, domain: [0.2, 0.9], tick: percent }}
        layers={scaling}
        height={320}
        left={44}
      />
      <FigureChart
        title="Steps to target against batch size"
        about="sample data; best learning rate at each point; whisker: range of 3 seeds; hollow: not trusted"
        summary="Steps fall in proportion to the batch up to about 220 images and stay the same beyond 3,600."
        x={{ words: 'batch size, images', log: true, tick: power, ticks: along(32, 8192, 9) }}
        y={{ words: 'steps', log: true }}
        layers={batchLayers}
        height={320}
        left={44}
      />
      <div className="small-multiples">
        <FigureChart
          title="50 epochs for all"
          about="test error, %"
          summary="The best batch lies near 256."
          x={{ words: '', log: true, tick: power }}
          y={{ words: '%', log: false }}
          layers={several}
          height={140}
          left={34}
        />
        <FigureChart
          title="Nothing yet"
          about="test error, %"
          summary="No run has finished."
          x={{ words: '', log: true, domain: [32, 8192], tick: power }}
          y={{ words: '%', log: false, domain: [40, 60] }}
          layers={[]}
          height={140}
          left={34}
        />
      </div>
    </main>
  );
}

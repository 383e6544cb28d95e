// The reliability diagram: how often answers of a confidence are right.
import { useMemo } from 'react';
import { formatCount, formatPercent } from '../../core/format.ts';
import { type CalibrationBin, calibrationOf } from '../../core/stats/calibration.ts';
import { wilsonInterval } from '../../core/stats/wilson.ts';
import type { Answers } from '../../experiment/sight.ts';
import { FigureChart } from '../charts/figure-chart.tsx';
import type { Dot, Layer } from '../charts/layers.ts';

const percent = (value: number): string => `${Math.round(100 * value)} %`;
const ends = { log: false, domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1], tick: percent } as const;

function dotOf({ low, n, hits, confidence, accuracy }: CalibrationBin, all: number): Dot {
  const interval = wilsonInterval(hits, n);
  return {
    key: String(low),
    x: confidence,
    y: accuracy,
    colour: 'var(--c1)',
    shape: 'dot',
    radius: 2 + 6 * Math.sqrt(n / all),
    words: `says ${formatPercent(confidence)}, right ${formatPercent(accuracy)}, ${formatCount(n)} images`,
    ...(interval ? { spreadY: interval } : {}),
  };
}

export function CalibrationChart({ answers }: { readonly answers: Answers }) {
  const { bins, error, excess } = useMemo(() => calibrationOf(answers), [answers]);
  const filled = bins.filter(({ n }) => n > 0);
  const all = answers.labels.length;
  const layers = useMemo(
    (): readonly Layer[] => [
      {
        kind: 'curve',
        key: 'diagonal',
        points: [
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ],
        colour: 'var(--ink3)',
        dash: '2 3',
        width: 1,
      },
      { kind: 'dots', key: 'bins', dots: filled.map((bin) => dotOf(bin, all)) },
    ],
    [filled, all],
  );
  const sign =
    Math.abs(excess) < 0.005 ? 'as sure as it is right' : excess > 0 ? 'too sure' : 'not sure enough';
  const table = {
    head: ['Confidence', 'Images', 'Mean confidence', 'Right', '95 % interval'],
    rows: filled.map(({ low, high, n, hits, confidence, accuracy }) => {
      const [least, most] = wilsonInterval(hits, n) ?? [0, 1];
      return [
        `${percent(low)} to ${percent(high)}`,
        formatCount(n),
        formatPercent(confidence),
        formatPercent(accuracy),
        `${formatPercent(least)} to ${formatPercent(most)}`,
      ];
    }),
  };
  return (
    <>
      <FigureChart
        title="Reliability"
        about={`ECE ${formatPercent(error)}; dot area: images in the bin; whisker: 95 %`}
        summary={`The network is ${sign}: expected calibration error ${formatPercent(error)} over ${filled.length} bins.`}
        x={{ words: 'says', ...ends }}
        y={{ words: 'is right', ...ends }}
        layers={layers}
        table={table}
        height={220}
      />
      <p className="small ink2">
        Expected calibration error <span className="strong">{formatPercent(error)}</span> over 15 equal bins
        of confidence, {formatCount(all)} test images: the network is {sign}. On the dotted line it would be
        right as often as it says.
      </p>
    </>
  );
}

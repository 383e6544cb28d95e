// One figure of a finding: its chart with a legend, and the runs behind the point that was chosen.
import { useMemo, useState } from 'react';
import { formatCount } from '../../core/format.ts';
import type { DrawnFigure } from '../../experiment/drawn-figures.ts';
import { FigureChart } from '../charts/figure-chart.tsx';
import { inLetters } from './amount-words.ts';
import {
  axisOf,
  csvOf,
  hasWhiskers,
  jsonOf,
  type LineLook,
  layersOf,
  looksOf,
  summaryOf,
  tableOf,
  ticksOf,
} from './figure-layers.ts';
import { PointRuns } from './point-runs.tsx';

function Legend({ figure, looks }: { readonly figure: DrawnFigure; readonly looks: readonly LineLook[] }) {
  if (figure.lines.length < 2 && !figure.lines.some(({ curve }) => curve)) return null;
  return (
    <ul className="figure-legend small ink2">
      {figure.lines.map(({ label, isScatter = false, fit }, index) => {
        const look = looks[index] as LineLook;
        return (
          <li key={label}>
            <svg className="key" width="18" height="8" aria-hidden="true">
              {isScatter && !fit ? (
                <circle cx="9" cy="4" r="3.5" fill={look.colour} />
              ) : (
                <path d="M0 4H18" stroke={look.colour} strokeWidth="2" strokeDasharray={look.dash} />
              )}
            </svg>
            {label}
          </li>
        );
      })}
    </ul>
  );
}

/** What bands and whiskers are, as far as there are any. */
function aboutOf(figure: DrawnFigure): string {
  const { lines } = figure;
  const hasIntervals = lines.some(({ points }) => points.some(({ interval }) => interval));
  const resamples = Math.max(0, ...lines.map(({ fit }) => fit?.fit.resamples ?? 0));
  const isFitting = lines.some(
    ({ fit }) => fit !== null && fit.fit.resamples === 0 && fit.fit.widening !== null,
  );
  const parts = [
    ...(figure.y.unit === undefined ? [] : [figure.y.unit]),
    ...(resamples > 0 ? [`band: 95 %, ${formatCount(resamples)} bootstraps of whole configurations`] : []),
    ...(isFitting ? ['intervals are being made'] : []),
    ...(hasWhiskers(figure) ? ['whiskers: 95 % of the mean over seeds'] : []),
    ...(hasIntervals && !hasWhiskers(figure) ? ['means over seeds; their intervals are in the table'] : []),
    ...(lines.some(({ points }) => points.some(({ doubt }) => doubt !== null))
      ? ['hollow: the table says why']
      : []),
  ];
  return parts.join('; ');
}

export function StudyFigure({ figure, isMain }: { readonly figure: DrawnFigure; readonly isMain: boolean }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const looks = useMemo(() => looksOf(figure), [figure]);
  const layers = useMemo(() => layersOf(figure), [figure]);
  const [line, point] = (chosen ?? '').split(' ').map(Number);
  const found = chosen === null ? undefined : figure.lines[line ?? -1]?.points[point ?? -1];
  const hasRuns = figure.lines.some(({ points }) => points.some(({ keys = [] }) => keys.length > 0));
  return (
    <div className={isMain ? 'study-figure main' : 'study-figure'}>
      <FigureChart
        title={figure.title}
        about={aboutOf(figure)}
        summary={summaryOf(figure)}
        x={useMemo(() => axisOf(figure.x, ticksOf(figure)), [figure])}
        y={useMemo(() => axisOf(figure.y), [figure])}
        layers={layers}
        height={isMain ? 320 : 220}
        left={48}
        table={tableOf(figure)}
        csv={() => csvOf(figure)}
        json={() => jsonOf(figure)}
        legend={<Legend figure={figure} looks={looks} />}
        onChoose={hasRuns ? ({ key }) => setChosen(key) : undefined}
      />
      {figure.notes?.map((note) => (
        <p key={note} className="figure-note small ink3">
          {inLetters(note)}
        </p>
      ))}
      {figure.comparisons.map((words) => (
        <p key={words} className="figure-note small ink2">
          {inLetters(words)}
        </p>
      ))}
      {found ? <PointRuns keys={found.keys ?? []} onClose={() => setChosen(null)} /> : null}
    </div>
  );
}

// Score against parameters and against compute, a dot a config: what more size or more training bought. The dotted line
// joins those that nothing smaller beats.
import { useMemo } from 'react';
import { formatCount, formatSi } from '../../core/format.ts';
import type { Run } from '../../experiment/run.ts';
import { FigureChart } from '../charts/figure-chart.tsx';
import type { Dot, Layer } from '../charts/layers.ts';
import { labels } from './change.ts';
import { factsOf, type Group } from './run-rows.ts';
import { colour, type Look, labelColour } from './run-style.tsx';
import { type Score, scoreOf } from './score.ts';

interface Props {
  readonly groups: readonly Group[];
  readonly looks: ReadonlyMap<string, Look>;
}

const compute = ({ cost, step }: Run): number | null => (cost && step > 0 ? cost.flopsPerStep * step : null);

/** More dots than this are sampled: those that are looked at stay. */
const MOST_DOTS = 380;

interface Placed {
  readonly group: Group;
  readonly run: Run;
  readonly x: number;
  readonly y: number;
  readonly half: number | null;
  readonly look: Look;
}

/** All its runs diverged: where they ended says nothing about size or compute. */
const hasBlownUp = ({ runs }: Group): boolean => runs.every(({ state }) => state === 'diverged');

function placed({ groups, looks }: Props, score: Score, of: (run: Run) => number | null): readonly Placed[] {
  const all = groups.flatMap((group): Placed[] => {
    const [run] = group.runs as readonly [Run];
    const facts = factsOf(group);
    const x = of(run);
    if (!facts.score || x === null || scoreOf(run.config).metric !== score.metric) return [];
    if (hasBlownUp(group)) return [];
    const shown = group.runs.find(({ key }) => looks.has(key));
    const look = shown ? (looks.get(shown.key) ?? null) : null;
    return [{ group, run, x, y: facts.score.mean, half: facts.half, look }];
  });
  if (all.length <= MOST_DOTS) return all;
  const every = Math.ceil(all.length / MOST_DOTS);
  return all.filter(({ look }, index) => look !== null || index % every === 0);
}

/** Those that no cheaper one reaches. */
function frontier(dots: readonly Placed[], { rises }: Score): readonly Placed[] {
  const best: Placed[] = [];
  for (const dot of [...dots].sort((a, b) => a.x - b.x || (rises ? b.y - a.y : a.y - b.y))) {
    const last = best[best.length - 1];
    if (!last || (rises ? dot.y > last.y : dot.y < last.y)) best.push(dot);
  }
  return best;
}

function layersOf(dots: readonly Placed[], score: Score, xWords: (x: number) => string): readonly Layer[] {
  const colours = dots.filter(({ look }) => look !== null).map(({ run }) => run);
  const names = labels(colours, colours);
  const best = frontier(dots, score);
  const dotOf = ({ group, run, x, y, half, look }: Placed): Dot => ({
    key: group.key,
    x,
    y,
    colour: look === null ? 'var(--c0)' : colour(look),
    shape: 'dot',
    words: [
      `${labels([run], [run]).get(run.key)}, ${run.name}`,
      xWords(x),
      `${score.format(y)}${half === null ? '' : ` ± ${score.digits(half)}`}`,
      group.runs.length > 1 ? `${group.runs.length} seeds` : 'one seed',
    ].join(': '),
    ...(half === null ? {} : { spreadY: [y - half, y + half] as const }),
  });
  const grey = dots.filter(({ look }) => look === null).map(dotOf);
  const chosen = dots.filter(({ look }) => look !== null);
  return [
    ...(best.length > 1
      ? [
          {
            kind: 'curve',
            key: 'frontier',
            points: best.map(({ x, y }) => ({ x, y })),
            colour: 'var(--ink3)',
            dash: '2 3',
            width: 1,
          } as const,
        ]
      : []),
    { kind: 'dots', key: 'others', dots: grey },
    { kind: 'dots', key: 'chosen', dots: chosen.map(dotOf) },
    {
      kind: 'names',
      key: 'names',
      names: chosen.map(({ group, run, x, y, look }) => ({
        key: group.key,
        x,
        y,
        text: names.get(run.key) ?? run.name,
        colour: labelColour(look),
      })),
    },
  ];
}

export function RunFigures({ groups, looks }: Props) {
  const [first] = groups;
  const config = first?.runs[0]?.config;
  const figures = useMemo(() => {
    if (!config) return [];
    const score = scoreOf(config);
    const parameters = placed({ groups, looks }, score, ({ cost }) => cost?.parameters ?? null);
    const flops = placed({ groups, looks }, score, compute);
    const words = (count: number): string => `${formatCount(count)} ${count === 1 ? 'config' : 'configs'}`;
    const lost = groups.filter(hasBlownUp).length;
    const left = lost > 0 ? `; ${formatCount(lost)} diverged left out` : '';
    const about = `${score.unit}, whisker: 95 % interval; dotted: nothing smaller is better${left}`;
    const y = { words: score.title, log: false, tick: score.tick } as const;
    return [
      {
        title: `${score.title} against parameters`,
        about,
        summary: `${score.title} against parameters of ${words(parameters.length)}.`,
        x: {
          words: 'parameters',
          log: true,
          tick: (value: number) => formatSi(value, '', 2).replace(/\.0(?=\D)/, ''),
        },
        y,
        layers: layersOf(parameters, score, (x) => `${formatSi(x, '', 4)} parameters`),
      },
      {
        title: `${score.title} against compute`,
        about,
        summary: `${score.title} against training FLOPs of ${words(flops.length)}.`,
        x: { words: 'training FLOPs', log: true },
        y,
        layers: layersOf(flops, score, (x) => formatSi(x, 'FLOP')),
      },
    ];
  }, [groups, looks, config]);
  // One config is no picture of what size or compute buys.
  const dots = figures[0]?.layers.reduce(
    (sum, layer) => sum + (layer.kind === 'dots' ? layer.dots.length : 0),
    0,
  );
  if (!dots || dots < 2) return null;
  return (
    <div className="run-figures">
      {figures.map((figure) => (
        <FigureChart key={figure.title} {...figure} height={240} />
      ))}
    </div>
  );
}

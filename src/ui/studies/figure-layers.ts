// A figure of a finding as the layers of a chart, a table and a file. Dots carry the key of their point, so that what is
// behind one can be found again.
import type { FigurePoint, Quantity } from '../../catalog/studies/study.ts';
import { formatCount } from '../../core/format.ts';
import type { Interval } from '../../core/stats/bootstrap.ts';
import type { DrawnFigure, DrawnLine } from '../../experiment/drawn-figures.ts';
import { toTableCsv } from '../../experiment/exports.ts';
import type { Slot } from '../../session/state.ts';
import type { ChartTable } from '../charts/chart-frame.tsx';
import type { AxisSpec } from '../charts/figure-chart.tsx';
import { fitLayers } from '../charts/fit-layers.ts';
import type { Dot, Layer } from '../charts/layers.ts';
import { sequential } from '../charts/sequential.ts';
import { colour, dash } from '../runs/run-style.tsx';
import { amountText } from './amount-words.ts';

export interface LineLook {
  readonly colour: string;
  readonly dash: string | undefined;
}

const SLOTS = 6;
/** More lines than this without a law have an order: colours say it. */
const FEW = 3;
/** Points of a line beyond which they are small. */
const MANY = 24;

/** The one law of a figure is ink; many scattered lines are steps of one scale; others have a colour and dash each. */
export function looksOf({ lines }: DrawnFigure): readonly LineLook[] {
  const fitted = lines.filter(({ fit }) => fit !== null).length;
  const plain = lines.filter(({ fit }) => fit === null);
  const isScale = plain.length > FEW && (plain.every(({ isScatter }) => isScatter) || plain.length > SLOTS);
  return lines.map((line, index) => {
    if (line.isUnder) return { colour: 'var(--ink3)', dash: undefined };
    if (line.fit && fitted === 1 && plain.length > 0) return { colour: 'var(--ink)', dash: undefined };
    if (isScale && !line.fit)
      return { colour: sequential(plain.indexOf(line) / (plain.length - 1)), dash: undefined };
    const slot = (index % SLOTS) as Slot;
    return { colour: colour(slot), dash: dash(slot) };
  });
}

/** Whiskers beyond which they would hide what they belong to. */
const MOST_WHISKERS = 60;

/** Whether the intervals of points are drawn; the table and the words of each point have them in any case. */
export function hasWhiskers({ lines }: DrawnFigure): boolean {
  const count = lines.reduce((sum, { points }) => sum + points.filter(({ interval }) => interval).length, 0);
  return count > 0 && count <= MOST_WHISKERS;
}

export const pointKey = (line: number, point: number): string => `${line} ${point}`;

/** "12.3 %", "0.42", "900 images": a value of a quantity, with its interval. */
export function quantityWords(
  { unit, categories }: Quantity,
  value: number,
  interval: Interval | null = null,
): string {
  const name = categories?.[value];
  if (name !== undefined) return name;
  return `${amountText(value, interval)}${unit === undefined ? '' : `\u2009${unit}`}`;
}

export const axisWords = ({ label, unit }: Quantity): string =>
  unit === undefined ? label : `${label}, ${unit}`;

function wordsOf({ x, y }: DrawnFigure, line: DrawnLine, point: FigurePoint): string {
  const parts = [
    `${line.label}: ${quantityWords(y, point.y, point.interval)} at ${quantityWords(x, point.x)}`,
    point.runs === 1 ? '1 run' : `${point.runs} runs`,
    ...(point.doubt === null ? [] : [`hollow: ${point.doubt}`]),
  ];
  return parts.join('; ');
}

function dotsOf(figure: DrawnFigure, line: DrawnLine, at: number, look: LineLook): readonly Dot[] {
  const isMark = line.fit !== null && look.colour === 'var(--ink)';
  const drawn = hasWhiskers(figure);
  // One size for all lines of a chart: the size of a dot says nothing.
  const isMany = figure.lines.some(({ points }) => points.length > MANY);
  return line.points.map((point, index) => ({
    key: pointKey(at, index),
    x: point.x,
    y: point.y,
    colour: look.colour,
    shape: point.doubt === null ? ('dot' as const) : ('hollow' as const),
    radius: isMark ? 2 : isMany ? 1.6 : 3.5,
    words: wordsOf(figure, line, point),
    ...(point.interval && drawn ? { spreadY: point.interval } : {}),
  }));
}

function heldDots(
  { y }: DrawnFigure,
  { label, held = [], factor = 1 }: DrawnLine,
  at: number,
): readonly Dot[] {
  return held.map((row, index) => ({
    key: `${at} held ${index}`,
    x: row.inputs[0] as number,
    y: factor * row.y,
    colour: row.isHit === null ? 'var(--ink2)' : row.isHit ? 'var(--ok)' : 'var(--err)',
    shape: row.isHit === null ? ('hollow' as const) : row.isHit ? ('hit' as const) : ('miss' as const),
    ...(row.isHit === null ? {} : { name: row.isHit ? 'hit' : 'miss' }),
    words: `${label}, held out: ${quantityWords(y, factor * row.y)}, predicted ${quantityWords(
      y,
      factor * row.predicted,
      row.interval && [factor * row.interval[0], factor * row.interval[1]],
    )}`,
  }));
}

function curveLayers(
  { curve = [], points, isUnder = false }: DrawnLine,
  at: number,
  look: LineLook,
): readonly Layer[] {
  if (curve.length < 2) return [];
  const band = curve.flatMap(({ x, interval }) =>
    interval ? [{ x, low: interval[0], high: interval[1] }] : [],
  );
  return [
    ...(band.length > 1
      ? [{ kind: 'band', key: `${at} curve band`, points: band, colour: look.colour } as const]
      : []),
    {
      kind: 'curve',
      key: `${at} curve`,
      points: curve,
      colour: look.colour,
      ...(isUnder ? { width: 7, isRaw: true } : { dash: points.length > 0 ? '5 4' : look.dash }),
    },
  ];
}

function lineLayers(line: DrawnLine, at: number, look: LineLook): readonly Layer[] {
  const { fit, points, isScatter = false, held = [] } = line;
  const layers: Layer[] = [...curveLayers(line, at, look)];
  if (fit) {
    const band = fit.curve.flatMap(({ x, interval }) =>
      interval ? [{ x, low: interval[0], high: interval[1] }] : [],
    );
    layers.push(
      ...fitLayers({ key: `${at} law`, points: fit.curve, inside: fit.inside, band, colour: look.colour }),
    );
    const firstHeld = held[0]?.inputs[0];
    if (firstHeld !== undefined && firstHeld > fit.inside[1]) {
      const between = Math.sqrt(firstHeld * fit.inside[1]);
      layers.push({ kind: 'rule', key: `${at} held`, at: { x: between }, words: 'held out', side: 'end' });
    }
  } else if (!isScatter && points.length > 1) {
    layers.push({
      kind: 'curve',
      key: `${at} line`,
      points: points.toSorted((a, b) => a.x - b.x),
      colour: look.colour,
      dash: look.dash,
    });
  }
  return layers;
}

export function layersOf(figure: DrawnFigure): readonly Layer[] {
  const looks = looksOf(figure);
  const look = (at: number): LineLook => looks[at] as LineLook;
  const upright = (figure.rules ?? []).filter(({ at }) => at === 'x');
  const rules = (figure.rules ?? []).map((rule, index): Layer => {
    const { at, value, words, interval, isShown = false } = rule;
    return {
      kind: 'rule',
      key: `rule ${index}`,
      at: at === 'x' ? { x: value } : { y: value },
      words,
      side: at === 'x' ? 'end' : 'start',
      ...(at === 'x' ? { row: upright.indexOf(rule) } : {}),
      ...(interval ? { tone: 'fitted' as const, spread: interval } : {}),
      ...(isShown ? { isShown } : {}),
    };
  });
  return [
    ...rules,
    ...[true, false].flatMap((isUnder) =>
      figure.lines.flatMap((line, at) =>
        (line.isUnder ?? false) === isUnder ? lineLayers(line, at, look(at)) : [],
      ),
    ),
    ...figure.lines.map(
      (line, at): Layer => ({ kind: 'dots', key: `${at} dots`, dots: dotsOf(figure, line, at, look(at)) }),
    ),
    ...figure.lines.map(
      (line, at): Layer => ({ kind: 'dots', key: `${at} held`, dots: heldDots(figure, line, at) }),
    ),
  ].filter((layer) => layer.kind !== 'dots' || layer.dots.length > 0);
}

/** The axis of a quantity: with names it has a place for each, and half a place around. */
export function axisOf(quantity: Quantity, ticks?: readonly number[]): AxisSpec {
  const { scale, categories, within } = quantity;
  const axis = { words: axisWords(quantity), log: scale === 'log' };
  if (categories) {
    return {
      ...axis,
      domain: [-0.5, categories.length - 0.5],
      ticks: [...categories.keys()],
      tick: (value) => categories[value] ?? '',
    };
  }
  return { ...axis, ...(within ? { within } : {}), ...(ticks ? { ticks, tick: formatCount } : {}) };
}

/** Values nearer than this ratio have no room for a tick each. */
const APART = 1.4;

/** Where ticks stand when few whole numbers were tried: at them. */
export function ticksOf({ x, lines }: DrawnFigure): readonly number[] | undefined {
  const tried = [...new Set(lines.flatMap(({ points }) => points.map((point) => point.x)))].toSorted(
    (a, b) => a - b,
  );
  const areApart = tried.slice(1).every((value, index) => value / (tried[index] as number) >= APART);
  const areFew = tried.length > 1 && tried.length <= 12 && tried.every(Number.isInteger);
  return x.scale === 'log' && areFew && areApart ? tried : undefined;
}

/** The values of a figure as numbers, a row each. */
function rowsOf({ lines, x: { categories } }: DrawnFigure): readonly (readonly (string | number)[])[] {
  return lines.flatMap(({ label, points, held = [], factor = 1, curve = [] }) => [
    ...points.map(({ x, y, interval, runs, doubt, keys = [] }) => [
      label,
      doubt === null ? 'measured' : 'not trusted',
      categories?.[x] ?? x,
      y,
      interval?.[0] ?? '',
      interval?.[1] ?? '',
      runs,
      keys.join(' '),
    ]),
    ...held.map(({ inputs, y }) => [label, 'held out', inputs[0] ?? '', factor * y, '', '', 1, '']),
    ...curve.map(({ x, y, interval }) => [
      label,
      'computed',
      x,
      y,
      interval?.[0] ?? '',
      interval?.[1] ?? '',
      '',
      '',
    ]),
  ]);
}

export function csvOf(figure: DrawnFigure): string {
  const { x, y } = figure;
  return toTableCsv(
    ['line', 'kind', axisWords(x), axisWords(y), 'low 95 %', 'high 95 %', 'runs', 'run keys'],
    rowsOf(figure),
  );
}

/** Points, laws with data hash, method, version and warnings, and comparisons: all that the chart was made of. */
export const jsonOf = (figure: DrawnFigure): string => JSON.stringify(figure, null, 1);

export function tableOf(figure: DrawnFigure): ChartTable {
  const { x, y, lines } = figure;
  return {
    head: [axisWords(x), 'line', axisWords(y), 'runs', ''],
    rows: lines.flatMap(({ label, points }) =>
      points.map((point) => [
        quantityWords({ ...x, label: '' }, point.x),
        label,
        amountText(point.y, point.interval),
        String(point.runs),
        point.doubt ?? '',
      ]),
    ),
  };
}

/** What is seen, in a sentence for those who do not see it. */
export function summaryOf({ title, lines, x, comparisons }: DrawnFigure): string {
  const points = lines.reduce((sum, line) => sum + line.points.length, 0);
  if (points === 0 && lines.every(({ curve = [] }) => curve.length === 0)) return `${title}: nothing yet.`;
  const parts = lines.flatMap(({ label, points: own }) => {
    const best = own.toSorted((a, b) => a.x - b.x);
    const [first, last] = [best[0], best.at(-1)];
    return first && last && first !== last
      ? [`${label}: from ${amountText(first.y, null)} to ${amountText(last.y, null)}`]
      : [];
  });
  return `${title}, ${points} points along ${x.label}. ${parts.slice(0, 4).join('; ')}. ${comparisons.join(' ')}`;
}

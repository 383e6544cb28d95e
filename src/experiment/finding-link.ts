// What the runs of a sweep gave, in its link (`r=`): verdict, the figures that matter with their points, and the laws
// through them with their intervals. Reading trusts nothing; it needs all laws, so only the Studies view reads it.
import { z } from 'zod';
import type { FigurePoint } from '../catalog/studies/study.ts';
import { LabError } from '../core/failure.ts';
import { drawnFit } from '../core/fits/drawn-fit.ts';
import type { Counting, Fit } from '../core/fits/law.ts';
import { lawOf, laws } from '../core/fits/laws.ts';
import { sha256Hex } from '../core/hash.ts';
import { LEVELS, levelOf, type Scale, valueAt } from '../core/levels.ts';
import { packText } from '../core/packed-text.ts';
import { plainLine } from '../core/plain-text.ts';
import { encode } from './address.ts';
import type { Config } from './config.ts';
import type { DrawnFigure, DrawnFinding, DrawnLine } from './drawn-figures.ts';
import { MOST_RESULT_LETTERS, readPacked } from './packed-result.ts';
import type { Sweep } from './sweep/sweep.ts';

const MOST_POINTS = 400;
const HASH_DIGITS = 16;
/** Digits of what was fitted: more than any interval leaves standing. */
const DIGITS = 6;

const finite = z.number();
const words = (most: number) => z.string().max(most);
const levels = z.array(z.int().min(0).max(LEVELS)).max(MOST_POINTS);
const counts = z.int().min(0).max(1e6);
const pair = z.tuple([finite, finite]);

const quantitySchema = z.strictObject({
  label: words(60),
  unit: words(20).optional(),
  scale: z.enum(['log', 'linear']),
  categories: z.array(words(40)).max(12).optional(),
  within: pair.optional(),
  /** Least and largest value of the figure. */
  range: pair,
});

const fitSchema = z.strictObject({
  law: z.enum(Object.keys(laws) as [string, ...string[]]),
  version: counts,
  /** In the order of the law's parameters; the intervals go on with what follows from them. */
  parameters: z.array(finite).max(8),
  intervals: z.array(pair).max(12).nullable(),
  objective: finite,
  rows: counts,
  configurations: counts,
  resamples: counts,
  seed: z.int().min(0),
  data: words(64),
  warnings: z.array(words(200)).max(6),
  /** What the figure shows for a y of 1. */
  factor: finite.positive(),
  /** x of the first and the last row that was fitted. */
  inside: pair,
});

const lineSchema = z
  .strictObject({
    label: words(60),
    x: levels,
    y: levels,
    /** Runs behind each point. */
    n: z.array(counts).max(MOST_POINTS),
    /** 1: not trusted, drawn hollow. */
    doubted: z.array(z.int().min(0).max(1)).max(MOST_POINTS),
    isScatter: z.boolean(),
    fit: fitSchema.nullable(),
  })
  .refine(
    ({ x, y, n, doubted }) => [y, n, doubted].every((column) => column.length === x.length),
    'columns of one length',
  );

const schema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  answer: z.enum(['supported', 'not supported', 'undecided']),
  evidence: z.array(words(400)).max(8),
  runs: counts,
  of: counts,
  counting: z.literal([1, 2]),
  figures: z
    .array(
      z.strictObject({
        title: words(120),
        x: quantitySchema,
        y: quantitySchema,
        lines: z.array(lineSchema).max(12),
      }),
    )
    .max(2),
});

type Wire = z.infer<typeof schema>;
type WireLine = z.infer<typeof lineSchema>;
type WireQuantity = z.infer<typeof quantitySchema>;

/** What a link says that the runs of its sweep gave. */
export interface LinkedFinding {
  readonly finding: DrawnFinding;
  /** Runs that it rests on, of how many. */
  readonly runs: number;
  readonly of: number;
  readonly counting: Counting;
}

/** How many runs a finding rests on, and how their compute was counted. */
export type Basis = Omit<LinkedFinding, 'finding'>;

/** A finding belongs to one sweep around one config only. */
const mark = (config: Config, sweep: Sweep): string =>
  sha256Hex(new TextEncoder().encode(encode(config, {}, sweep))).slice(0, HASH_DIGITS);

const short = (value: number): number => Number(value.toPrecision(DIGITS));
const scaleOf = ({ scale, range }: WireQuantity): Scale => ({ range, log: scale === 'log' && range[0] > 0 });

function quantityOf(figure: DrawnFigure, axis: 'x' | 'y'): WireQuantity {
  const { label, unit, scale, categories, within } = figure[axis];
  const values = figure.lines.flatMap(({ points }) => points.map((point) => point[axis]));
  return {
    label,
    ...(unit === undefined ? {} : { unit }),
    scale,
    ...(categories === undefined ? {} : { categories: [...categories] }),
    ...(within === undefined ? {} : { within: [...within] }),
    range: values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 1],
  };
}

function wireFit({ fit, factor = 1 }: DrawnLine): WireLine['fit'] {
  const law = fit && lawOf(fit.fit.law);
  if (!fit || !law) return null;
  const { parameters, intervals, objective, warnings, data, seed, ...counted } = fit.fit;
  const { version, rows, configurations, resamples } = counted;
  const found = [...law.parameters, ...(law.derived ?? [])].map(({ name }) => intervals?.[name]);
  return {
    law: law.id,
    version,
    rows,
    configurations,
    resamples,
    seed,
    data: data.slice(0, HASH_DIGITS),
    parameters: law.parameters.map(({ name }) => short(parameters[name] as number)),
    intervals: found.every((interval) => interval !== undefined)
      ? found.map((interval) => [short(interval[0]), short(interval[1])])
      : null,
    objective: short(objective),
    warnings: warnings.slice(0, 6).map((text) => plainLine(text, 200)),
    factor,
    inside: [short(fit.inside[0]), short(fit.inside[1])],
  };
}

function wireLine(line: DrawnLine, x: WireQuantity, y: WireQuantity): WireLine {
  const { label, points, isScatter = false } = line;
  return {
    label: plainLine(label, 60),
    x: points.map((point) => levelOf(scaleOf(x), point.x)),
    y: points.map((point) => levelOf(scaleOf(y), point.y)),
    n: points.map(({ runs }) => runs),
    doubted: points.map(({ doubt }) => (doubt === null ? 0 : 1)),
    isScatter,
    fit: wireFit(line),
  };
}

/** The figure that answers the question, and the first with a law where that one has none. */
function chosen({ figures }: DrawnFinding): readonly DrawnFigure[] {
  const [first] = figures;
  const hasLaw = ({ lines }: DrawnFigure): boolean => lines.some(({ fit }) => fit !== null);
  const law = first && hasLaw(first) ? undefined : figures.find(hasLaw);
  return [...(first ? [first] : []), ...(law ? [law] : [])];
}

const isLight = ({ fit, isScatter = false }: DrawnLine): boolean => fit !== null || !isScatter;

/** What is left out, step by step, where the link would be too long: scattered points, then the second figure. */
const reliefs: readonly ((figures: readonly DrawnFigure[]) => readonly DrawnFigure[])[] = [
  (figures) => figures,
  (figures) => figures.map((figure) => ({ ...figure, lines: figure.lines.filter(isLight) })),
  (figures) => figures.slice(-1).map((figure) => ({ ...figure, lines: figure.lines.filter(isLight) })),
];

/** The finding as text of at most `MOST_RESULT_LETTERS`; null where even its law and verdict are longer. */
export function encodeFinding(
  finding: DrawnFinding,
  basis: Basis,
  config: Config,
  sweep: Sweep,
): string | null {
  const { answer, evidence } = finding.verdict;
  const whole = {
    id: mark(config, sweep),
    answer,
    evidence: evidence.slice(0, 8).map((text) => plainLine(text, 400)),
    ...basis,
  };
  for (const relieved of reliefs) {
    const figures = relieved(chosen(finding)).map((figure) => {
      const [x, y] = [quantityOf(figure, 'x'), quantityOf(figure, 'y')];
      return {
        title: plainLine(figure.title, 120),
        x,
        y,
        lines: figure.lines.slice(0, 12).map((line) => wireLine(line, x, y)),
      };
    });
    const text = packText(JSON.stringify({ ...whole, figures } satisfies Wire));
    if (text.length <= MOST_RESULT_LETTERS) return text;
  }
  return null;
}

const LINKED = 'not trusted, says the link';

function readFit(wire: NonNullable<WireLine['fit']>, counting: Counting): Pick<DrawnLine, 'fit' | 'factor'> {
  const law = lawOf(wire.law);
  if (!law || wire.parameters.length !== law.parameters.length)
    throw new LabError('config-invalid', `its law ${wire.law} has other parameters in this lab`);
  const { parameters, intervals, inside, factor, warnings, resamples, ...rest } = wire;
  const names = [...law.parameters, ...(law.derived ?? [])].map(({ name }) => name);
  const named = <T>(list: readonly T[], from = 0): Record<string, T> =>
    Object.fromEntries(list.map((value, index) => [names[from + index], value]));
  const fit: Fit = {
    ...rest,
    method: `Made where the link was copied, ${resamples} resamples`,
    resamples: 0, // They are not in the link: no band can be drawn.
    parameters: named(parameters),
    derived: named(law.derive?.(parameters) ?? [], parameters.length),
    intervals: intervals && intervals.length === names.length ? named(intervals) : null,
    level: 0.95,
    intervalMethod: null,
    widening: null,
    holdout: null,
    warnings: warnings.map((text) => plainLine(text, 200)),
    draws: {},
  };
  return { factor, fit: drawnFit(law, fit, { over: inside, inside, factor, counting }) };
}

function readLine(wire: WireLine, x: WireQuantity, y: WireQuantity, counting: Counting): DrawnLine {
  const points = wire.x.map(
    (level, index): FigurePoint => ({
      // The place of a name is a whole number.
      x: x.categories ? Math.round(valueAt(scaleOf(x), level)) : valueAt(scaleOf(x), level),
      y: valueAt(scaleOf(y), wire.y[index] as number),
      interval: null,
      runs: wire.n[index] as number,
      doubt: wire.doubted[index] === 1 ? LINKED : null,
    }),
  );
  const fitted = wire.fit ? readFit(wire.fit, counting) : { fit: null };
  return { label: plainLine(wire.label, 60), points, isScatter: wire.isScatter, ...fitted };
}

const readQuantity = ({ range: _, ...quantity }: WireQuantity): DrawnFigure['x'] => ({
  label: plainLine(quantity.label, 60),
  scale: quantity.scale,
  ...(quantity.unit === undefined ? {} : { unit: plainLine(quantity.unit, 20) }),
  ...(quantity.categories ? { categories: quantity.categories.map((name) => plainLine(name, 40)) } : {}),
  ...(quantity.within ? { within: quantity.within } : {}),
});

/** Reads `r=` of a link of this sweep. Throws LabError `config-invalid` that says why it is not shown. */
export function decodeFinding(text: string, config: Config, sweep: Sweep): LinkedFinding {
  const { id, answer, evidence, runs, of, counting, figures } = readPacked(schema, text);
  if (id !== mark(config, sweep))
    throw new LabError('config-invalid', 'it was found with another sweep than the link names');
  return {
    runs,
    of,
    counting,
    finding: {
      verdict: { answer, evidence: evidence.map((line) => plainLine(line, 400)) },
      figures: figures.map(({ title, x, y, lines }) => ({
        title: plainLine(title, 120),
        x: readQuantity(x),
        y: readQuantity(y),
        lines: lines.map((line) => readLine(line, x, y, counting)),
        comparisons: [],
      })),
    },
  };
}

// How often the 95 % intervals of fits cover the truth: many simulated studies of a known law, each fitted with its
// intervals. Outside the test suite (minutes). Run: npx tsx tests/bench/coverage.ts [--simulations n] [--only text]
// One line of JSON a case on stdout, a table on stderr; docs/math.md records the result.
import { parseArgs } from 'node:util';
import { fitLaw } from '../../src/core/fits/fitting.ts';
import type { Law } from '../../src/core/fits/law.ts';
import { laws } from '../../src/core/fits/laws.ts';
import { stream } from '../../src/core/rng.ts';

const { values: options } = parseArgs({
  options: {
    simulations: { type: 'string', default: '500' },
    resamples: { type: 'string', default: '1000' },
    only: { type: 'string', default: '' },
  },
});

interface Case {
  readonly law: Law;
  readonly truth: readonly number[];
  /** Configurations: one list of inputs each. */
  readonly design: readonly (readonly number[])[];
  readonly seeds: number;
  /** Standard deviation of log y: between configurations, and between seeds of one. */
  readonly noise: { readonly configuration: number; readonly seed: number };
}

const logSpaced = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));

const single = (from: number, to: number, count: number) => logSpaced(from, to, count).map((x) => [x]);

const grid = (sizes: readonly number[], data: readonly number[]) =>
  sizes.flatMap((n) => data.map((d) => [n, d] as const));

const training = { configuration: 0.003, seed: 0.01 };
const quiet = { configuration: 0.001, seed: 0.004 };
const steps = { configuration: 0.05, seed: 0.1 };
const fits: readonly Omit<Case, 'design' | 'seeds' | 'noise'>[] = [
  { law: laws['power-law'], truth: [30, -0.3] },
  { law: laws['power-law-offset'], truth: [0.5, 30, -0.4] },
  { law: laws['power-law-shifted'], truth: [20, 1e-6, 0.35] },
  { law: laws['error-law'], truth: [0.1, 0.9, 0.6, 20, -0.4] },
];

/** Parameters × unique examples × epochs, as N, D, T. */
const repeated = logSpaced(1e4, 1e7, 4).flatMap((n) =>
  logSpaced(1e4, 1e6, 4).flatMap((d) => [1, 4, 16, 64].map((epochs) => [n, d, d * epochs] as const)),
);

const cases: readonly Case[] = [
  ...fits.flatMap((fit) =>
    [
      { count: 60, seeds: 1 },
      { count: 12, seeds: 3 },
      { count: 6, seeds: 3 },
    ]
      .filter(({ count }) => count > fit.law.freedom + 1)
      .map(({ count, seeds }) => ({ ...fit, seeds, noise: training, design: single(1e3, 1e8, count) })),
  ),
  ...[
    { sizes: [8, 8], seeds: 1, noise: quiet },
    { sizes: [8, 8], seeds: 1, noise: training },
    { sizes: [10, 10], seeds: 1, noise: training },
    { sizes: [4, 3], seeds: 3, noise: training },
    { sizes: [3, 3], seeds: 3, noise: training },
  ].map(({ sizes: [n = 0, d = 0], ...rest }) => ({
    law: laws['loss-surface'],
    truth: [1.8, 480, 2100, 0.45, 0.47],
    design: grid(logSpaced(1e5, 1e8, n), logSpaced(1e6, 1e9, d)),
    ...rest,
  })),
  ...[
    { count: 60, seeds: 1 },
    { count: 12, seeds: 3 },
    { count: 6, seeds: 3 },
  ].map(({ count, seeds }) => ({
    law: laws['critical-batch-size'],
    truth: [300, 2000, 600_000],
    design: single(8, 16_384, count),
    seeds,
    noise: steps,
  })),
  ...[
    { count: 60, seeds: 1 },
    { count: 12, seeds: 3 },
  ].map(({ count, seeds }) => ({
    law: laws['compute-law'],
    truth: [10, 3e4, 0.3, 0.2],
    design: single(1e3, 1e8, count),
    seeds,
    noise: training,
  })),
  {
    law: laws['broken-power-law'],
    truth: [0.3, 4, 0.1, 0.4, 1e5, 0.5],
    design: single(1e2, 1e9, 60),
    seeds: 1,
    noise: quiet,
  },
  {
    law: laws['multi-epoch'],
    truth: [0.5, 100, 5, 50, 0.5, 0.3, 0.4],
    design: repeated,
    seeds: 1,
    noise: quiet,
  },
  {
    law: laws['multi-epoch-bounded'],
    truth: [0.3, 2.5, 20, 0.35, 100, 0.5, 0.01, 0.3, 0.4],
    design: repeated,
    seeds: 1,
    noise: quiet,
  },
];

const NORMALS = 4096;

function normals(seed: number) {
  const random = stream(seed, NORMALS);
  let at = 0;
  return (): number => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform(at)));
    at += 2;
    return radius * Math.cos(2 * Math.PI * random.uniform(at - 1));
  };
}

function simulate({ law, truth, design, seeds, noise }: Case, index: number) {
  const normal = normals(index);
  const rows = design.flatMap((inputs) => {
    const shift = noise.configuration * normal();
    const y = law.predict(truth, inputs);
    return Array.from({ length: seeds }, () => ({ inputs, y: y * Math.exp(shift + noise.seed * normal()) }));
  });
  return fitLaw(
    law,
    {
      inputs: law.inputs.map((_, k) => rows.map(({ inputs }) => inputs[k] as number)),
      y: rows.map(({ y }) => y),
    },
    { bootstrap: Number(options.resamples), seed: index },
  );
}

for (const one of cases) {
  const { law, truth, design, seeds } = one;
  const name = `${law.id} ${design.length} × ${seeds}, noise ${one.noise.seed}`;
  if (!name.includes(options.only)) continue;
  const start = performance.now();
  const simulations = Number(options.simulations);
  const values = [...truth, ...((law as Law).derive?.(truth) ?? [])];
  const names = [...law.parameters, ...(law.derived ?? [])].map((parameter) => parameter.name);
  const hits = names.map(() => 0);
  const widths = names.map((): number[] => []);
  for (let index = 0; index < simulations; index++) {
    const { intervals } = simulate(one, index);
    for (const [k, parameter] of names.entries()) {
      const [low, high] = intervals?.[parameter] ?? [Number.NaN, Number.NaN];
      const value = values[k] as number;
      if (low <= value && value <= high) hits[k] = (hits[k] as number) + 1;
      widths[k]?.push((high - low) / Math.abs(value));
    }
  }
  const coverage = Object.fromEntries(
    names.map((parameter, k) => [parameter, (hits[k] as number) / simulations]),
  );
  const width = Object.fromEntries(
    names.map((parameter, k) => {
      const sorted = (widths[k] as number[]).sort((a, b) => a - b);
      return [parameter, Number((sorted[sorted.length >> 1] as number).toPrecision(3))];
    }),
  );
  const seconds = Math.round((performance.now() - start) / 1000);
  process.stdout.write(
    `${JSON.stringify({ law: law.id, configurations: design.length, seeds, noise: one.noise, simulations, coverage, width, seconds })}\n`,
  );
  const shares = names.map(
    (parameter) => `${parameter} ${(100 * (coverage[parameter] as number)).toFixed(1)}`,
  );
  process.stderr.write(`${name}: ${shares.join(', ')} (${seconds} s)\n`);
}

// The contract of studies on claims: their sweeps are small and legal, and their verdicts follow what was planted.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { studies } from '../../src/catalog/studies/index.ts';
import type { Study } from '../../src/catalog/studies/study.ts';
import { answerOf, answerTo, divergedWords } from '../../src/catalog/studies/verdict.ts';
import { decode } from '../../src/experiment/address.ts';
import { trials } from '../../src/experiment/sweep/trials.ts';
import { plantedRows, trialsOf } from '../fixtures/claims.ts';
import { plants } from '../fixtures/claims-plants.ts';
import { planted } from '../fixtures/measurement.ts';

/** Those with tests of their own (studies.test.ts). */
const ELSEWHERE = ['batch-size', 'scaling-law', 'shapes'];

/** Of two CPU cores: what small networks reach on WASM, and what a step and a run cost besides. */
const SPEED = 1.5e10;
const STEP_SECONDS = 1.5e-4;
const RUN_SECONDS = 0.5;
const LONGEST_MINUTES = 15;

test('every claim has planted results', () => {
  expect(Object.keys(plants).sort()).toEqual(
    Object.keys(studies)
      .filter((id) => !ELSEWHERE.includes(id))
      .sort(),
  );
});

describe.each(Object.entries<Study>(studies))('the sweep of %s', (id) => {
  test('is read without a problem, refuses no cell and takes minutes', () => {
    const { config, sweep, problems } = decode(`study=${id}`);
    expect(problems).toEqual([]);
    if (!sweep) throw new Error('no sweep');
    const list = trials(config, sweep);
    expect(list.refused).toEqual([]);
    const seconds = list.trials.reduce(
      (sum, { cost }) => sum + (cost.flops ?? 0) / SPEED + (cost.steps ?? 0) * STEP_SECONDS + RUN_SECONDS,
      0,
    );
    expect(seconds / 60).toBeLessThan(LONGEST_MINUTES);
  });
});

describe.each(Object.entries(plants))('the verdict of %s', (id, plant) => {
  const answer = async (rows: ReturnType<typeof plantedRows>) =>
    (await (studies as Readonly<Record<string, Study>>)[id]?.finding(rows))?.verdict;

  test('follows what was planted', async () => {
    const claimed = await answer(plantedRows(id, plant, 1));
    expect(claimed?.answer, claimed?.evidence.join('\n')).toBe('supported');
    // With numbers, how many seeds, and the interval.
    expect(claimed?.evidence.join(' ')).toMatch(/\d \[−?\d[\d.]*, −?\d[\d.]*\]/);
    expect(claimed?.evidence.join(' ')).toMatch(/\d seeds/);
    const opposite = await answer(plantedRows(id, plant, -1));
    expect(opposite?.answer, opposite?.evidence.join('\n')).toBe('not supported');
    const nothing = await answer(plantedRows(id, plant, 0));
    expect(nothing?.answer, nothing?.evidence.join('\n')).not.toBe('supported');
  });

  test('is undecided with one seed, and has three at least', async () => {
    const seeds = new Set(trialsOf(id).map(({ config }) => config.seed));
    expect(seeds.size).toBeGreaterThanOrEqual(3);
    for (const world of [1, -1] as const)
      expect((await answer(plantedRows(id, plant, world, 1)))?.answer).toBe('undecided');
  });
});

describe.each(Object.entries(plants))('the compute of %s', (id, plant) => {
  test('is counted as the page counts: half where a multiply-add is one, and nothing else moves', async () => {
    const study = (studies as Readonly<Record<string, Study>>)[id] as Study;
    const rows = plantedRows(id, plant, 1, 2);
    const [twice, once] = await Promise.all(
      ([2, 1] as const).map((counting) => study.finding(rows, { resamples: 0, counting })),
    );
    expect(once?.verdict.answer).toBe(twice?.verdict.answer);
    expect(once?.figures.map(({ title }) => title)).toEqual(twice?.figures.map(({ title }) => title));
    const places = (finding: typeof once, axis: 'x' | 'y'): readonly number[] =>
      (finding?.figures ?? []).flatMap((figure) => {
        const factor = figure[axis].unit === 'FLOP' && finding === twice ? 0.5 : 1;
        return figure.lines.flatMap(({ points, curve = [] }) =>
          [...points, ...curve].map((point) => factor * point[axis]),
        );
      });
    for (const axis of ['x', 'y'] as const) {
      const [half, whole] = [places(once, axis), places(twice, axis)];
      expect(half).toHaveLength(whole.length);
      for (const [index, value] of half.entries())
        expect(Math.abs(value / (whole[index] as number) - 1) || 0, `${axis} ${index}`).toBeLessThan(1e-9);
    }
    // Compute in words is compute too.
    const words = (finding: typeof once): string =>
      JSON.stringify([
        finding?.figures.map(({ lines }) => lines.map(({ label }) => label)),
        finding?.verdict,
      ]);
    if (/\d\s[kMGTP]?FLOP/.test(words(twice))) expect(words(once)).not.toBe(words(twice));
    expect(words(twice)).not.toContain('flops:');
  });
});

describe('the rule of verdicts', () => {
  const number = fc.double({ min: -10, max: 10, noNaN: true });
  const range = fc.tuple(number, number).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  const part = fc.record({
    claimed: range,
    amount: fc.option(fc.record({ mean: number, interval: fc.option(range, { nil: null }), n: fc.nat(9) }), {
      nil: null,
    }),
  });

  test('an interval inside the claim supports it, one outside contradicts it, one across decides nothing', () => {
    fc.assert(
      fc.property(part, (one) => {
        const answer = answerOf(one);
        const interval = one.amount?.interval;
        const overlaps = interval && interval[0] <= one.claimed[1] && interval[1] >= one.claimed[0];
        const reaches = interval && (interval[0] <= one.claimed[0] || interval[1] >= one.claimed[1]);
        expect(answer === 'supported').toBe(Boolean(interval && overlaps && !reaches));
        expect(answer === 'not supported').toBe(Boolean(interval && !overlaps));
      }),
    );
  });

  test('every part has to hold, and one that fails is enough', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
        const answers = parts.map(answerOf);
        const answer = answerTo(parts);
        expect(answer === 'not supported').toBe(answers.includes('not supported'));
        if (answer === 'supported') expect(new Set(answers)).toEqual(new Set(['supported']));
      }),
    );
    expect(answerTo([])).toBe('undecided');
  });

  test('runs that diverged are named', () => {
    const row = (rate: number, outcome: 'diverged' | 'finished') =>
      planted({ cell: { 'optimizer.learningRate': rate, seed: 0 }, outcome });
    expect(divergedWords([row(1, 'finished')])).toEqual([]);
    expect(divergedWords([row(1, 'diverged'), row(1, 'diverged'), row(0.1, 'finished')])).toEqual([
      '2 runs diverged and are left out: learningRate 1 (2).',
    ]);
    expect(divergedWords([1, 2, 3, 4, 5].map((rate) => row(rate, 'diverged')))[0]).toMatch(
      /5 runs.*2 cells more/,
    );
  });
});

// The fewest steps to a target, counted once: what figures show, what the law goes through and what claims are judged by.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { studies } from '../../src/catalog/studies/index.ts';
import type { Finding } from '../../src/catalog/studies/study.ts';
import { hyperbolasOf, hyperbolaThrough } from '../../src/core/fits/hyperbolas.ts';
import { meanWithInterval } from '../../src/core/stats/summary.ts';
import { commonTarget, fastestBy } from '../../src/core/steps-to-target.ts';
import { planted } from '../fixtures/measurement.ts';

const BATCHES = [16, 32, 64, 128, 256, 512];
const RATES = [1, 2, 4, 8, 16];
const HORIZONS = ['epochs:4', 'steps:400'];

/** A run that reaches 0.5 at a step, and is scored once before. */
const reaching = (
  batch: number,
  rate: number,
  seed: number,
  step: number,
  { horizon = 'steps:400', loss = 0.5, outcome = 'finished' as 'finished' | 'diverged' } = {},
) =>
  planted({
    cell: { 'train.batchSize': batch, 'optimizer.learningRate': rate, horizon, seed },
    outcome,
    final: { 'validation/loss': loss, 'test/loss': loss },
    evaluations: { 'validation/loss': { steps: [1, step], values: [2, loss] } },
  });

/** S = 200 (1 + 100/B), a little more or less by seed; away from the best rate it takes longer. */
const world = BATCHES.flatMap((batch) =>
  RATES.flatMap((rate) =>
    HORIZONS.flatMap((horizon) =>
      [0, 1, 2].map((seed) => {
        const steps = 2000 * (1 + 100 / batch) * (1 + 0.1 * (seed - 1)) * (1 + Math.log2(rate / 4) ** 2);
        return reaching(batch, rate, seed, Math.round(steps), { horizon });
      }),
    ),
  ),
);

describe('the fewest steps to a target', () => {
  test('are those of the fastest rate and budget, seed by seed, with the runs behind them', () => {
    const rows = [
      reaching(8, 1, 0, 90),
      reaching(8, 2, 0, 40),
      reaching(8, 4, 0, 60),
      reaching(8, 1, 1, 90),
      reaching(8, 2, 1, 50),
      reaching(8, 4, 1, 30, { horizon: 'epochs:4' }),
    ];
    const [only, ...others] = fastestBy(rows, 0.6);
    expect(others).toEqual([]);
    expect([...(only?.cost ?? [])]).toEqual([
      [0, 40],
      [1, 30],
    ]);
    expect(only?.keys).toEqual([rows[1], rows[5]].map((row) => row?.measurement.key));
    // The second seed is fastest at the largest rate: a still larger one may be faster.
    expect(only?.isEdge).toBe(true);
    expect(fastestBy(rows, 0.4)).toEqual([]);
  });

  test('a run that diverged reached nothing; a seed that never gets there is missing', () => {
    const rows = [
      reaching(8, 1, 0, 90),
      reaching(8, 2, 0, 40),
      reaching(8, 4, 0, 10, { outcome: 'diverged' }),
      reaching(8, 2, 1, 20, { loss: 0.9 }),
    ];
    const [only] = fastestBy(rows, 0.6);
    expect([...(only?.cost ?? [])]).toEqual([[0, 40]]);
    // That larger rate was tried, so 2 is no edge.
    expect(only?.isEdge).toBe(false);
  });

  test('cost may be counted in something else, and is then least in that', () => {
    const rows = [reaching(8, 1, 0, 90), reaching(8, 2, 0, 40), reaching(8, 4, 0, 60)];
    const slow = new Set([rows[1]?.measurement.key]);
    const [only] = fastestBy(rows, 0.6, (step, { key }) => (slow.has(key) ? 10 * step : step));
    expect([...(only?.cost.values() ?? [])]).toEqual([60]);
    const [examples] = fastestBy(rows, 0.6, (step) => step * 8);
    expect([...(examples?.cost.values() ?? [])]).toEqual([320]);
  });

  test('the common target is one that every batch size and seed reaches', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.constantFrom(8, 16, 32), fc.nat(2), fc.double({ min: 0.1, max: 3, noNaN: true })),
        ),
        (runs) => {
          const rows = runs.map(([batch, seed, loss], index) =>
            reaching(batch, 2 ** (index % 3), seed, 9, { loss }),
          );
          const target = commonTarget(rows);
          const batches = new Set(runs.map(([batch]) => batch));
          expect(target === null).toBe(batches.size < 2);
          if (target === null) return;
          const seeds = new Set(runs.map(([batch, seed]) => `${batch} ${seed}`));
          const found = fastestBy(rows, target);
          expect(found.reduce((sum, { cost }) => sum + cost.size, 0)).toBe(seeds.size);
        },
      ),
    );
  });
});

describe('one way to count', () => {
  const target = commonTarget(world) ?? 0;
  const fastest = fastestBy(world, target);
  const pointsOf = ({ figures }: Finding, title: RegExp, line = 0) =>
    figures.find((figure) => title.test(figure.title))?.lines[line]?.points ?? [];

  test('the figures of the study and of its claims show the same points, each with its n and interval', async () => {
    const study = pointsOf(await studies['batch-size'].finding(world), /^Steps to validation/);
    expect(study.map(({ x }) => x)).toEqual(BATCHES);
    for (const [index, { y, interval, runs }] of study.entries()) {
      const expected = meanWithInterval([...(fastest[index]?.cost.values() ?? [])]);
      expect(runs).toBe(3);
      expect(y).toBe(expected.mean);
      expect(interval).toEqual(expected.interval);
    }
    const claim = pointsOf(await studies['critical-batch'].finding(world), /^Steps to validation/);
    const regimes = pointsOf(await studies.regimes.finding(world), /three targets/);
    expect(claim).toEqual(study);
    expect(regimes).toEqual(study);
  });

  test('the law goes through every seed, and agrees with the fits a seed that the claims are judged by', async () => {
    const { figures } = await studies['batch-size'].finding(world);
    const fit = figures.find(({ title }) => title.startsWith('Steps to validation'))?.lines[0]?.fit;
    expect(fit).toMatchObject({ rows: 18, configurations: 6 });
    expect(fit?.parameters).toEqual(hyperbolaThrough(fastest, 0)?.parameters);
    const logs = [...hyperbolasOf(fastest).critical.values()];
    expect(logs).toHaveLength(3);
    for (const log of logs) expect(Math.exp(log) / (fit?.parameters['B_crit'] ?? 0)).toBeCloseTo(1, 1);
  });

  test('a batch size whose fastest rate is at an edge is shown hollow, and no hyperbola goes through it', async () => {
    const cut = world.filter(
      ({ cell }) => cell['train.batchSize'] !== 16 || Number(cell['optimizer.learningRate']) <= 4,
    );
    const points = pointsOf(await studies['critical-batch'].finding(cut), /^Steps to validation/);
    expect(points.map(({ doubt }) => doubt !== null)).toEqual(BATCHES.map((batch) => batch === 16));
    const left = fastestBy(cut, target);
    expect(hyperbolaThrough(left, 0)?.configurations).toBe(BATCHES.length - 1);
    expect(hyperbolasOf(left)).toEqual(hyperbolasOf(left.filter(({ batch }) => batch !== 16)));
    expect(hyperbolaThrough(left.slice(0, 4), 0)).toBeNull();
  });
});

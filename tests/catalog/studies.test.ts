// What studies find in runs whose results are planted, and what they may not conclude from too few.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { studies } from '../../src/catalog/studies/index.ts';
import { frontierOf, scalingLaw } from '../../src/catalog/studies/scaling-law.ts';
import { type Finding, papers, type Study } from '../../src/catalog/studies/study.ts';
import { laws } from '../../src/core/fits/laws.ts';
import type { Observed } from '../../src/core/measurement.ts';
import { decode } from '../../src/experiment/address.ts';
import { microBatchCount } from '../../src/experiment/micro-batches.ts';
import { trials } from '../../src/experiment/sweep/trials.ts';
import { planted, seedNoise, wobble } from '../fixtures/measurement.ts';

const BATCHES = [16, 32, 64, 128, 256, 512, 1024, 2048];
const RATES = [2.5e-4, 5e-4, 1e-3, 2e-3, 4e-3, 8e-3, 0.016];
const SEEDS = [0, 1, 2];

/**
 * S = 200 (1 + 300/B) at the best rate, which follows B to the `power`; the loss rises by `slope` a doubling of the
 * batch. A rate between two of the grid costs a little: with a power of 0 none does.
 */
function batchRows(slope: number, seeds: readonly number[] = SEEDS, power = 0.5): readonly Observed[] {
  return BATCHES.flatMap((batch) =>
    RATES.flatMap((rate) =>
      ['epochs:4', 'steps:400'].flatMap((horizon) =>
        seeds.map((seed) => {
          const off = Math.log2(rate / (2e-3 * (batch / 128) ** power));
          const loss =
            0.5 +
            slope * Math.log2(batch / 16) +
            0.03 * off ** 2 +
            0.004 * seedNoise(seed) * (1 + wobble(batch));
          const reached = Math.round(200 * (1 + 300 / batch) * (1 + 0.2 * off ** 2));
          const evaluations = { 'validation/loss': { steps: [1, reached], values: [2, loss] } };
          return planted({
            cell: { 'train.batchSize': batch, 'optimizer.learningRate': rate, horizon, seed },
            final: { 'test/loss': loss, 'validation/loss': loss },
            evaluations,
          });
        }),
      ),
    ),
  );
}

const batchFinding = (rows: readonly Observed[]): Promise<Finding> => studies['batch-size'].finding(rows);

describe('batch size', () => {
  test('the claim survives only where a larger batch is better with the rate tuned', async () => {
    expect((await batchFinding(batchRows(0.02))).verdict.answer).toBe('not supported');
    expect((await batchFinding(batchRows(-0.02))).verdict.answer).toBe('supported');
    expect((await batchFinding(batchRows(0, SEEDS, 0))).verdict.answer).toBe('undecided');
    // One seed has no interval: nothing can be said, whatever the numbers.
    const single = await batchFinding(batchRows(0.02, [0]));
    expect(single.verdict.answer).toBe('undecided');
    expect(single.verdict.evidence[0]).toContain('one seed');
  });

  test('the critical batch size is found from the steps of the fastest rate', async () => {
    const { figures } = await batchFinding(batchRows(0, [0]));
    const { lines, title } = figures.find(
      ({ choice }) => choice?.word === 'steps',
    ) as (typeof figures)[number];
    expect(title).toMatch(/^Steps to validation loss 0\.5/);
    const [line] = lines;
    expect(line?.points.length).toBeGreaterThanOrEqual(6);
    expect((line?.fit?.parameters['B_crit'] as number) / 300).toBeGreaterThan(0.85);
    expect((line?.fit?.parameters['B_crit'] as number) / 300).toBeLessThan(1.15);
    expect((line?.fit?.parameters['S_min'] as number) / 200).toBeCloseTo(1, 0);
  });

  test('the noise scale is drawn over training, a line a batch size, and needs no target', async () => {
    const rows = batchRows(0).map((row) => {
      const curve = {
        steps: [20, 40, 60],
        values: [10, 20, 40].map((value) => value * (1 + 0.1 * Number(row.cell['seed']))),
      };
      const { measurement } = row;
      const final = { ...measurement.final, 'gradient/noise-scale': 40 };
      const evaluations = { ...measurement.evaluations, 'gradient/noise-scale': curve };
      return { ...row, measurement: { ...measurement, final, evaluations } };
    });
    const noise = async (of: readonly Observed[]) =>
      (await batchFinding(of)).figures.filter(({ title }) => title.startsWith('Gradient noise scale'));
    const [steps, examples, end] = await noise(rows);
    expect(steps?.lines.map(({ label }) => label)).toEqual(BATCHES.map((batch) => `batch ${batch}`));
    expect(steps?.lines[0]?.points.map(({ x, y, runs }) => [x, Number(y.toFixed(6)), runs])).toEqual([
      [20, 11, 3],
      [40, 22, 3],
      [60, 44, 3],
    ]);
    expect(steps?.lines[0]?.points[0]?.interval).not.toBeNull();
    expect(examples?.choice?.of).toBe(steps?.choice?.of);
    expect(end?.rules?.[0]?.words).toMatch(/^B crit = \d/);
    const [alone] = await noise(rows.filter(({ cell }) => cell['train.batchSize'] === 64));
    expect(alone?.lines).toHaveLength(1);
    expect(await noise(batchRows(0))).toEqual([]);
  });

  test('its own sweep measures the noise scale in two parts of every batch', () => {
    const { config, sweep } = decode('study=batch-size');
    if (!sweep) throw new Error('no sweep');
    const parts = trials(config, sweep).trials.map((trial) => microBatchCount(trial.config));
    expect(new Set(parts)).toEqual(new Set([2]));
  });

  test('a best rate at the edge of the grid is doubted; rules are paths through the grid', async () => {
    const high = batchRows(0).filter(({ cell }) => Number(cell['optimizer.learningRate']) <= 2e-3);
    const [figure] = (await batchFinding(high)).figures;
    const [tuned, fixed, linear, root] = figure?.lines ?? [];
    expect(tuned?.points.map(({ doubt }) => doubt !== null)).toEqual(BATCHES.map((batch) => batch >= 128));
    expect(fixed?.points).toHaveLength(BATCHES.length);
    expect(linear?.points.length).toBeGreaterThan(0);
    expect(root?.points.length).toBeGreaterThan(0);
  });
});

describe('scaling law', () => {
  const rows = (error: (compute: number, index: number) => number, count = 24): readonly Observed[] =>
    Array.from({ length: count }, (_, index) => {
      const flops = 1e9 * 10 ** (index / 6);
      return planted({
        cell: { 'model.width': 16 * 2 ** (index % 5), 'train.epochs': index },
        flops,
        final: { 'test/accuracy': 1 - error(flops, index) },
      });
    });

  test('a planted law is found and supported; its exponent comes back', async () => {
    const { verdict, figures } = await scalingLaw.finding(
      rows((compute, index) => (0.1 + 0.6 * (compute / 1e9) ** -0.35) * (1 + 0.004 * wobble(index))),
    );
    const fit = figures[0]?.lines.at(-1)?.fit;
    expect(fit?.parameters['alpha']).toBeCloseTo(0.35, 1);
    expect(fit?.parameters['E_inf']).toBeCloseTo(0.1, 1);
    expect(verdict.answer, verdict.evidence.join(' ')).toBe('supported');
    expect(verdict.evidence[0]).toMatch(/power −0\.3\d \[−0\.\d\d, −0\.\d\d\] toward a floor of \d+ %/);
  });

  test('error without a trend, or too few runs, decide nothing in favour', async () => {
    const flat = await scalingLaw.finding(rows((_, index) => 0.3 + 0.02 * wobble(index)));
    expect(flat.verdict.answer).not.toBe('supported');
    const few = await scalingLaw.finding(rows((compute) => 0.1 + 0.6 * (compute / 1e9) ** -0.35, 5));
    expect(few.verdict).toMatchObject({ answer: 'undecided', evidence: [expect.stringContaining('5 runs')] });
  });

  test('an exponent at the end of what was searched decides nothing, however narrow its interval', async () => {
    // Falls faster than any power: the best power is the steepest that is looked for.
    const steep = await scalingLaw.finding(
      rows((compute, index) => 0.8 * Math.exp(-((compute / 1e11) ** 1.2)) * (1 + 0.004 * wobble(index)), 17),
    );
    expect(steep.verdict.evidence.join(' ')).toContain('not determined by these rows');
    expect(steep.verdict.answer).toBe('undecided');
  });

  test('the frontier falls strictly as compute rises', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: 1, max: 100, noNaN: true }),
            fc.double({ min: 0.01, max: 1, noNaN: true }),
          ),
        ),
        (points) => {
          const frontier = frontierOf(
            points.map(([flops, error]) =>
              planted({ cell: {}, flops, final: { 'test/accuracy': 1 - error } }),
            ),
          );
          for (const [index, one] of frontier.entries()) {
            const before = frontier[index - 1];
            if (!before) continue;
            expect(one.flops).toBeGreaterThan(before.flops);
            expect(one.final['test/accuracy'] ?? 0).toBeGreaterThan(before.final['test/accuracy'] ?? 0);
          }
        },
      ),
    );
  });
});

describe('shapes', () => {
  const rows = (gain: number, seeds: readonly number[] = SEEDS): readonly Observed[] =>
    ['isotropic', 'inverted-bottleneck', 'hourglass'].flatMap((model) =>
      [3e4, 1e5].flatMap((budget) =>
        seeds.map((seed) => {
          const accuracy =
            0.8 +
            (model === 'hourglass' ? gain : 0) +
            0.004 * seedNoise(seed) * (model === 'hourglass' ? 1 : -1);
          return planted({
            cell: { model, budget, seed },
            parameters: budget,
            final: { 'test/accuracy': accuracy },
          });
        }),
      ),
    );
  const answer = async (all: readonly Observed[]) => (await studies.shapes.finding(all)).verdict.answer;

  test('the hourglass wins, loses or cannot be told apart', async () => {
    expect(await answer(rows(0.03))).toBe('supported');
    expect(await answer(rows(-0.03))).toBe('not supported');
    expect(await answer(rows(0.001))).toBe('undecided');
    expect(await answer(rows(0.03, [0]))).toBe('undecided');
  });
});

test('studies of one paper stand together, in the order of the papers', () => {
  const places = Object.values<Study>(studies).map(({ paper }) => Object.keys(papers).indexOf(paper));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

describe.each(Object.entries<Study>(studies))('study %s', (id, study) => {
  test('says what it asks, claims, scales down and answers', () => {
    for (const text of [
      study.label,
      study.question,
      study.claim,
      study.source,
      study.scaledDown,
      study.answer,
    ])
      expect(text).not.toBe('');
    expect(study.question).toMatch(/\?$/);
    expect(study.claim).toMatch(/\.$/);
    if (study.law !== null) expect(Object.keys(laws)).toContain(study.law);
  });

  test('without runs it shows no figure with points, and decides nothing', async () => {
    const { verdict, figures } = await study.finding([]);
    expect(verdict.answer).toBe('undecided');
    expect(verdict.evidence.length).toBeGreaterThan(0);
    for (const { lines } of figures) expect(lines.flatMap(({ points }) => points)).toEqual([]);
  });

  test('any part of its runs, finished, diverged or stopped, is read without throwing', async () => {
    const { config, sweep } = decode(`study=${id}`);
    if (!sweep) throw new Error('no sweep');
    const all = trials(config, sweep).trials;
    const outcome = fc.constantFrom('finished', 'diverged', 'stopped', 'failed');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(all.length - 1), outcome, fc.double({ min: 0.05, max: 3, noNaN: true })), {
          maxLength: 40,
        }),
        async (picks) => {
          const rows = picks.map(([index, ending, loss]) => {
            const trial = all[index] as (typeof all)[number];
            return planted({
              cell: trial.cells[0],
              outcome: ending,
              flops: trial.cost.flops ?? 1,
              parameters: trial.cost.parameters,
              final: { 'test/loss': loss, 'validation/loss': loss, 'test/accuracy': 1 - loss / 4 },
              evaluations: { 'validation/loss': { steps: [1, 9], values: [3, loss] } },
            });
          });
          const { verdict, figures } = await study.finding(rows);
          expect(verdict.evidence.length).toBeGreaterThan(0);
          const runs = new Set(rows.map(({ measurement }) => measurement.key));
          for (const figure of figures) {
            const behind = figure.lines.flatMap(({ points }) => points.flatMap(({ keys = [] }) => keys));
            expect(behind.filter((key) => !runs.has(key))).toEqual([]);
            for (const axis of ['x', 'y'] as const) {
              const values = figure.lines.flatMap(({ points }) => points.map((point) => point[axis]));
              expect(values.every(Number.isFinite)).toBe(true);
              // An effect may be nothing; what stands on a log axis may not.
              if (figure[axis].scale === 'log') expect(Math.min(1, ...values)).toBeGreaterThan(0);
              const { categories, label } = figure[axis];
              // What has no numbers has names, and each value is one of them.
              expect(label).not.toMatch(/\d/);
              if (categories) expect(values.filter((value) => !(value in categories))).toEqual([]);
            }
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstReached, groupsOf, type Observed, testAtBestValidation } from '../../src/core/measurement.ts';
import { columnOf, createMetricLog, type MetricLog } from '../../src/core/metrics.ts';
import { makeConfig, type Named, runId } from '../../src/experiment/config.ts';
import { measure } from '../../src/experiment/measure.ts';
import { plan } from '../../src/experiment/plan.ts';
import { createRun, type Run, type RunState } from '../../src/experiment/run.ts';

function runOf(named: Named, state: RunState = 'finished', step = 40): Run {
  const config = makeConfig({ data: 'digits', 'data.validationSize': 97, ...named });
  const made = createRun({
    key: `${runId(config)}-1`,
    config,
    planned: plan(config),
    data: null,
    parent: null,
    createdAt: 1,
  });
  return { ...made, state, step, seconds: 2 };
}

function logOf(validation: readonly number[], test: readonly number[] = validation): MetricLog {
  const log = createMetricLog();
  const pairs = (values: readonly number[]) => values.map((value, i) => [10 * (i + 1), value] as const);
  log.append({
    'train/loss': columnOf([[40, 0.25]]),
    'validation/loss': columnOf(pairs(validation)),
    'test/loss': columnOf(pairs(test)),
    'test/accuracy': columnOf(pairs(test.map((loss) => 1 - loss))),
  });
  return log;
}

describe('a run as one row', () => {
  const run = runOf({ 'model.width': 16, 'train.batchSize': 50 });
  const row = measure(run, logOf([0.9, 0.4, 0.5, 0.6], [0.8, 0.45, 0.4, 0.7]));

  test('has size, compute and what was seen', () => {
    const planned = plan(run.config);
    expect(row).toMatchObject({
      id: run.id,
      parameters: planned.parameters,
      macsPerExample: planned.macsPerExample,
      images: 1400,
      steps: 40,
      examples: 2000,
      flops: planned.flopsPerStep * 40,
      seconds: 2,
      outcome: 'finished',
    });
    expect(row.config).toMatchObject({ 'model.width': 16, 'train.batchSize': 50, seed: 0 });
  });

  test('has final and best values, best by the direction of the metric', () => {
    expect(row.final).toMatchObject({ 'train/loss': 0.25, 'test/loss': 0.7, 'validation/loss': 0.6 });
    expect(row.best['validation/loss']).toEqual({ step: 20, value: 0.4 });
    expect(row.best['test/accuracy']).toEqual({ step: 30, value: 0.6 });
    expect(testAtBestValidation(row, 'loss')).toBe(0.45);
    expect(row.evaluations['test/loss']?.values).toEqual([0.8, 0.45, 0.4, 0.7]);
  });

  test('knows when a target was first passed, strictly', () => {
    expect(firstReached(row, 'test/loss', 0.45)).toBe(30);
    expect(firstReached(row, 'test/loss', 0.46)).toBe(20);
    expect(firstReached(row, 'test/accuracy', 0.55)).toBe(30);
    expect(firstReached(row, 'test/loss', 0.1)).toBeNull();
    expect(firstReached(row, 'test/psnr', 1)).toBeNull();
  });

  test('a value that is not finite is neither final nor best', () => {
    const diverged = measure(runOf({}, 'diverged'), logOf([0.5, Number.NaN]));
    expect(diverged.outcome).toBe('diverged');
    expect(diverged.final).not.toHaveProperty('test/loss');
    expect(diverged.best['test/loss']).toEqual({ step: 10, value: 0.5 });
  });
});

describe('the noise scale over training', () => {
  const run = runOf({ 'train.accumulation': 2 });
  const measured = (windows: number, noise = (at: number) => 4 * (at + 1), signal = (_: number) => 2) => {
    const log = createMetricLog();
    const column = (of: (at: number) => number) =>
      columnOf(Array.from({ length: windows }, (_, at) => [20 * (at + 1), of(at)] as const));
    log.append({ 'gradient/noise': column(noise), 'gradient/signal': column(signal) });
    return measure(run, log).evaluations['gradient/noise-scale'];
  };

  test('is kept as it was measured while it is short', () => {
    expect(measured(3)).toEqual({ steps: [20, 40, 60], values: [2, 4, 6] });
    expect(measured(50)?.values).toHaveLength(50);
    expect(measured(0)).toBeUndefined();
  });

  test('is pooled to at most 50 values, noise and signal apart, up to the last step', () => {
    const curve = measured(120);
    expect(curve?.steps).toHaveLength(40);
    expect(curve?.steps.slice(0, 2)).toEqual([60, 120]);
    expect(curve?.steps.at(-1)).toBe(2400);
    expect(curve?.values[0]).toBe(4);
    // Signals of 3 and −1 in turn: one by one half of them have no ratio, and the others a third of the true one.
    const wild = measured(
      100,
      () => 6,
      (at) => (at % 2 === 0 ? 3 : -1),
    );
    expect(new Set(wild?.values)).toEqual(new Set([6]));
  });

  test('has no value where signal or noise is not positive', () => {
    expect(
      measured(
        3,
        () => 1,
        (at) => at - 1,
      ),
    ).toEqual({ steps: [60], values: [1] });
  });
});

test('rows group by cell over their seeds, whatever their order', () => {
  const cells = [16, 32].flatMap((width) => [0, 1, 2].map((seed) => ({ 'model.width': width, seed })));
  const rows = cells.map(
    (cell): Observed => ({ cell, measurement: measure(runOf(cell as Named), logOf([0.5])) }),
  );
  fc.assert(
    fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
      const groups = groupsOf(shuffled);
      expect(groups.map(({ cell }) => cell['model.width']).sort()).toEqual([16, 32]);
      for (const { measurements } of groups)
        expect(measurements.map(({ config }) => config['seed'])).toEqual([0, 1, 2]);
    }),
  );
  expect(groupsOf(rows, ['seed', 'model.width'])).toHaveLength(1);
});

// Axes, traces, labels and intervals: what the charts are made from.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMetricLog } from '../../src/core/metrics.ts';
import { placeLabels } from '../../src/ui/charts/end-labels.ts';
import { wilson } from '../../src/ui/charts/interval.ts';
import { niceTicks, project, unproject, xAxis, yAxis } from '../../src/ui/charts/scale.ts';
import { pointsEach, trace, valueAt } from '../../src/ui/charts/traces.ts';
import { scriptedSession } from './scripted-session.ts';

describe('axes', () => {
  test('log axes hold positive values only', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
        fc.double({ min: 1.01, max: 1e9, noNaN: true }),
        (low, factor) => {
          for (const axis of [xAxis(low, low * factor, true, 8, ''), yAxis(low, low * factor, true)]) {
            expect(axis.domain[0]).toBeGreaterThan(0);
            for (const tick of axis.ticks) expect(tick).toBeGreaterThan(0);
            expect(axis.ticks.length).toBeLessThanOrEqual(8);
            expect(axis.ticks.length).toBeGreaterThanOrEqual(1);
          }
        },
      ),
    );
  });

  test('a y axis holds its values between round ends', () => {
    const axis = yAxis(1.17, 2.31, false, 6);
    expect(axis.domain).toEqual([1, 2.4]);
    expect(axis.ticks.map(axis.format)).toEqual(['1.0', '1.2', '1.4', '1.6', '1.8', '2.0', '2.2', '2.4']);
  });

  test('pixels and values are inverse', () => {
    for (const axis of [yAxis(0.2, 40, true), yAxis(-3, 40, false)]) {
      const there = project(axis, 200, 8);
      const back = unproject(axis, 200, 8);
      expect(back(there(7))).toBeCloseTo(7, 9);
    }
  });

  test('ticks are multiples of a round step', () => {
    expect(niceTicks(0, 9700, 8)).toEqual([0, 2000, 4000, 6000, 8000]);
  });
});

describe('traces', () => {
  const session = scriptedSession('training', 'light', false);
  const runs = session.get().runs;
  const wish = {
    metric: 'train/loss',
    axis: 'step',
    smoothing: 0.9,
    logX: false,
    logY: false,
    raw: true,
    points: 400,
  } as const;

  test('stay within the points that the charts may have', () => {
    for (const run of runs) {
      const log = session.log(run.key) ?? createMetricLog();
      for (const logX of [false, true]) {
        const { raw, line } = trace({ run, slot: 0, label: 'a', plan: null, log }, { ...wish, logX });
        expect(Math.max(raw.length, line.length)).toBeLessThanOrEqual(400);
        expect(line.at(-1)?.x).toBe(run.step);
      }
    }
    for (let series = 1; series <= 12; series++)
      expect(series * pointsEach(series, false)).toBeLessThanOrEqual(1500);
  });

  test('are the same object while nothing has changed', () => {
    const [run] = runs;
    if (!run) throw new Error('no run');
    const shown = {
      run,
      slot: 0,
      label: 'a',
      plan: null,
      log: session.log(run.key) ?? createMetricLog(),
    } as const;
    expect(trace(shown, wish)).toBe(trace(shown, wish));
  });

  test('the crosshair reads the last value before it, and nothing past the end', () => {
    const series = { xs: Float64Array.of(10, 20, 30), ys: Float64Array.of(1, 2, Number.NaN) };
    expect([5, 10, 19, 20, 29].map((x) => valueAt(series, x))).toEqual([null, 1, 1, 2, 2]);
    expect(valueAt(series, 30)).toBeNull();
    expect(valueAt(series, 99)).toBeNull();
  });
});

test('labels at line ends do not overlap', () => {
  const frame = { right: 600, top: 8, bottom: 200 };
  const wishes = [60, 62, 64, 150].map((y, index) => ({
    key: String(index),
    text: 'isotropic 1.62',
    colour: '',
    x: 400,
    y,
  }));
  const ys = placeLabels(wishes, frame)
    .map(({ labelY }) => labelY)
    .sort((a, b) => a - b);
  for (let i = 1; i < ys.length; i++)
    expect((ys[i] as number) - (ys[i - 1] as number)).toBeGreaterThanOrEqual(14);
});

test('Wilson’s interval stays inside [0, 1] and around the share', () => {
  const [low, high] = wilson(0.6, 10_000);
  expect(low).toBeCloseTo(0.59037, 4);
  expect(high).toBeCloseTo(0.60956, 4);
  expect(wilson(0, 100)[0]).toBe(0);
  expect(wilson(1, 100)[1]).toBeCloseTo(1, 12);
});

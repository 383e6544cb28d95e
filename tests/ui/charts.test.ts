// Axes, traces, labels and intervals: what the charts are made from.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnOf, createMetricLog } from '../../src/core/metrics.ts';
import { smooth } from '../../src/core/smooth.ts';
import { makeConfig } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';
import { createRun, type Run } from '../../src/experiment/run.ts';
import { xAxes } from '../../src/session/state.ts';
import { axisMap } from '../../src/ui/charts/axis-map.ts';
import { curveOf, pointsEach, readAt } from '../../src/ui/charts/curves.ts';
import { placeLabels } from '../../src/ui/charts/end-labels.ts';
import { wilson } from '../../src/ui/charts/interval.ts';
import {
  axisOver,
  niceTicks,
  project,
  type Range,
  unproject,
  xAxis,
  yAxis,
} from '../../src/ui/charts/scale.ts';
import { bandWords } from '../../src/ui/charts/series-layers.ts';
import { drawnOf, type ShownRun } from '../../src/ui/charts/shown-runs.ts';
import { panned, rangeBetween, zoomed } from '../../src/ui/charts/zoom.ts';
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

describe('curves', () => {
  const session = scriptedSession('training', 'light', false);
  const runs = session.get().runs;
  const x = xAxis(1, 9700, false, 8, '');
  const wish = {
    metric: 'train/loss',
    axis: 'step',
    smoothing: 0.9,
    x,
    logY: false,
    raw: true,
    points: 400,
  } as const;
  const shownOf = (run: Run): ShownRun => ({
    run,
    look: 0,
    cost: run.cost,
    log: session.log(run.key) ?? createMetricLog(),
  });

  test('stay within the points that charts may have, zoomed or not, on linear and on log axes', () => {
    for (const run of runs) {
      for (const axis of [x, xAxis(1, 9700, true, 8, ''), axisOver([1000, 1300], false, 8)]) {
        const { raw, line } = curveOf([shownOf(run)], { ...wish, x: axis });
        expect(Math.max(raw.length, line.length)).toBeLessThanOrEqual(400);
        if (axis.domain[1] === 9700) expect(line.at(-1)?.x).toBe(run.step);
        else expect(line.every((point) => point.x >= 999 && point.x <= 1301)).toBe(true);
      }
    }
    for (let lines = 1; lines <= 100; lines++) expect(lines * pointsEach(lines)).toBeLessThanOrEqual(1500);
  });

  test('are the same object while nothing has changed', () => {
    const [run] = runs;
    if (!run) throw new Error('no run');
    expect(curveOf([shownOf(run)], wish)).toBe(curveOf([shownOf(run)], { ...wish }));
    expect(curveOf([shownOf(run)], wish)).not.toBe(curveOf([shownOf(run)], { ...wish, smoothing: 0.5 }));
  });

  test('of a run that grows keep the points that they had', () => {
    const log = createMetricLog();
    const grow = (from: number, to: number): void =>
      log.append({
        'train/loss': columnOf(
          Array.from({ length: to - from }, (_, i) => [from + i + 1, Math.sin((from + i) * 0.7)] as const),
        ),
      });
    const shown = { ...shownOf(runs[0] as Run), log };
    grow(0, 4000);
    const before = curveOf([shown], wish);
    grow(4000, 5000);
    const after = new Map(curveOf([shown], wish).raw.map((point) => [point.x, point.y]));
    // All but the slice that was growing.
    const settled = before.raw.filter((point) => point.x < 3900);
    expect(settled.length).toBeGreaterThan(100);
    for (const point of settled) expect(after.get(point.x)).toBe(point.y);
  });

  test('smoothing goes on where it was, and starts anew for a log that was cut back', () => {
    const log = createMetricLog();
    const shown = { ...shownOf(runs[0] as Run), log };
    log.append({
      'train/loss': columnOf([
        [1, 3],
        [2, 1],
        [3, 5],
      ]),
    });
    curveOf([shown], wish);
    log.truncate(2);
    log.append({
      'train/loss': columnOf([
        [3, 9],
        [4, 4],
        [5, 2],
      ]),
    });
    const { line } = curveOf([shown], wish);
    expect(line.map((point) => point.y)).toEqual([...smooth(Float64Array.of(3, 1, 9, 4, 2), 0.9)]);
  });

  test('the mean over seeds lies between them, with its interval, and says how many there are', () => {
    const seeds = [0.1, 0.4, 0.7].map((offset, seed) => {
      const config = makeConfig({ seed });
      const run = createRun({
        key: `${seed}`,
        config,
        planned: plan(config),
        data: null,
        parent: null,
        createdAt: 0,
      });
      const log = createMetricLog();
      const until = seed === 2 ? 20 : 40;
      log.append({
        'train/loss': columnOf(Array.from({ length: until }, (_, i) => [i + 1, i + offset] as const)),
      });
      return { run: { ...run, step: until }, look: 0, cost: run.cost, log } as const;
    });
    const axis = { ...wish, smoothing: 0, x: xAxis(1, 40, false, 8, '') };
    const { line, spread, end } = curveOf(seeds, axis);
    expect(line.map((point) => point.x)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(line[9]?.y).toBeCloseTo(9.4, 12);
    expect(line[29]?.y).toBeCloseTo(29.25, 12);
    expect(spread[9]?.low).toBeLessThan(9.1);
    expect(spread[9]?.high).toBeGreaterThan(9.7);
    expect(spread.length).toBe(40);
    expect(end?.x).toBe(40);
    expect(readAt(seeds, axis, 10)).toMatchObject({ n: 3 });
    expect(readAt(seeds, axis, 30)).toMatchObject({ n: 2 });
    const drawn = drawnOf(seeds, 'mean', []);
    expect(drawn.map(({ members }) => members.length)).toEqual([3]);
    expect(bandWords(drawn, 2000)).toBe('mean of 3 seeds, band: 95 % bootstrap');
    const each = drawnOf(seeds, 'each', []);
    expect(each.map(({ label }) => label.slice(-6))).toEqual(['seed 0', 'seed 1', 'seed 2']);
    expect(bandWords(each, 2000)).toBe('one seed, band: 95 % binomial of 2,000 images');
  });

  test('the crosshair reads the last value before it, and nothing past the end', () => {
    const log = createMetricLog();
    log.append({
      'test/accuracy': columnOf([
        [10, 1],
        [20, 2],
        [30, Number.NaN],
      ]),
    });
    const shown = { ...shownOf({ ...(runs[0] as Run), step: 30 }), log };
    const read = (at: number) =>
      readAt([shown], { metric: 'test/accuracy', smoothing: 0, axis: 'step' }, at)?.mean ?? null;
    expect([5, 10, 19, 20, 29].map(read)).toEqual([null, 1, 1, 2, 2]);
    expect([30, 99].map(read)).toEqual([null, null]);
  });

  test('steps and places on any axis are inverse, for a fork too', () => {
    const before = { epochs: 3, examples: 5000, flops: 1e12 };
    const parent = { key: 'p', id: 'ff', step: 100, before };
    const log = createMetricLog();
    log.append({
      'time/seconds': columnOf([
        [110, 3],
        [150, 9],
        [200, 12],
      ]),
    });
    for (const run of [runs[0] as Run, { ...(runs[0] as Run), parent }]) {
      for (const axis of xAxes) {
        const { x: there, step: back } = axisMap({ run, look: 0, cost: run.cost, log }, axis);
        for (const step of [101, 110, 150, 180, 200]) expect(back(there(step))).toBeCloseTo(step, 6);
        if (run.parent && axis === 'examples') expect(there(100)).toBe(5000);
      }
    }
  });
});

describe('zoom', () => {
  const whole = fc
    .record({
      low: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      factor: fc.double({ min: 2, max: 1e6, noNaN: true }),
      log: fc.boolean(),
    })
    .map(({ low, factor, log }) => ({ domain: [low, low * factor] as const, log }));
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const at = ({ domain: [low, high], log }: { domain: Range; log: boolean }, part: number): number =>
    log ? low * (high / low) ** part : low + part * (high - low);

  test('stays inside the whole and never turns round', () => {
    fc.assert(
      fc.property(whole, share, share, fc.double({ min: 0.1, max: 4, noNaN: true }), (all, a, b, factor) => {
        const first = rangeBetween(at(all, a), at(all, b), all);
        const ranges = [
          first,
          zoomed(first ?? all.domain, factor, at(all, b), all),
          panned(first ?? all.domain, factor - 2, all),
        ];
        for (const range of ranges) {
          if (!range) continue;
          expect(range[0]).toBeLessThan(range[1]);
          expect(range[0]).toBeGreaterThanOrEqual(all.domain[0] * (1 - 1e-9));
          expect(range[1]).toBeLessThanOrEqual(all.domain[1] * (1 + 1e-9));
        }
        if (first) {
          const wide = (range: Range): number =>
            all.log ? Math.log(range[1] / range[0]) : range[1] - range[0];
          const moved = panned(first, 0.3, all);
          if (moved) expect(wide(moved) / wide(first)).toBeCloseTo(1, 6);
        }
      }),
    );
  });

  test('keeps the place under the pointer, and zooming out far enough shows all', () => {
    const all = { domain: [1, 1001], log: false } as const;
    expect(zoomed([1, 1001], 0.5, 201, all)).toEqual([101, 601]);
    expect(zoomed([101, 601], 8, 201, all)).toBeNull();
    expect(panned([101, 601], -9, all)).toEqual([1, 501]);
  });
});

/** Heights of names at lines that end there, from the top; none nearer to the next than a line of words. */
function apart(x: number, ends: readonly number[]): readonly number[] {
  const frame = { right: 600, top: 8, bottom: 200 };
  const wishes = ends.map((y, index) => ({ key: String(index), text: 'isotropic 1.62', colour: '', x, y }));
  const ys = placeLabels(wishes, frame)
    .map(({ labelY }) => labelY)
    .toSorted((a, b) => a - b);
  for (let i = 1; i < ys.length; i++)
    expect((ys[i] as number) - (ys[i - 1] as number)).toBeGreaterThanOrEqual(14);
  return ys;
}

test('labels at line ends do not overlap', () => {
  expect(apart(400, [60, 62, 64, 150])).toHaveLength(4);
});

test('labels at the bottom push each other up, not through the frame', () => {
  expect(apart(598, [190, 193, 196]).at(-1)).toBeLessThanOrEqual(197);
});

test('a label stands off a line that would go through it', () => {
  const frame = { right: 600, top: 8, bottom: 200 };
  const wish = { key: 'a', text: 'inverted 1.61', colour: '', x: 300, y: 100 };
  const [y] = placeLabels([wish], frame).map(({ labelY }) => labelY);
  expect(y).toBe(104);
  const flat = [0, 590].map((x) => ({ x, y: 101 }));
  expect(placeLabels([wish], frame, [flat])[0]?.labelY).toBe(92);
  const above = [0, 590].map((x) => ({ x, y: 88 }));
  expect(placeLabels([wish], frame, [flat, above])[0]?.labelY).toBe(117);
  const ended = [0, 290].map((x) => ({ x, y: 101 }));
  expect(placeLabels([wish], frame, [ended])[0]?.labelY).toBe(104);
});

test('Wilson’s interval stays inside [0, 1] and around the share', () => {
  const [low, high] = wilson(0.6, 10_000);
  expect(low).toBeCloseTo(0.59037, 4);
  expect(high).toBeCloseTo(0.60956, 4);
  expect(wilson(0, 100)[0]).toBe(0);
  expect(wilson(1, 100)[1]).toBeCloseTo(1, 12);
});

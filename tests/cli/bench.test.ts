// The bench's arithmetic and its contest, with engines whose times are known.
import { expect, test } from 'vitest';
import { type Contestant, cases, type Engine, engines } from '../bench/cases.ts';
import { runCase } from '../bench/contest.ts';
import { difference, growthTable, median, ratiosOf, table } from '../bench/measure.ts';

const [one] = cases;
if (!one) throw new Error('The bench has no cases.');

/** An engine whose steps take `ms`, and more by a factor in each later round. */
function engineOf(ms: number, losses: readonly number[], drift = 1) {
  const asked: number[] = [];
  let closed = 0;
  let factor = 1;
  const contestant: Contestant = {
    ready: { losses, stepMs: ms, dispatches: 5, bytes: 2e6, encodeMs: 0.01 },
    async time(steps) {
      asked.push(steps);
      const time = ms * factor;
      if (asked.length > 1) factor *= drift;
      return { ms: time };
    },
    async close() {
      closed++;
    },
  };
  return { contestant, asked, closed: () => closed };
}

const LOSSES = [2.3, 2.2];

test('an even count has the mean of its middle two, and none has no middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([3, 1, 2])).toBe(2);
  expect(median([])).toBeNaN();
});

test('ratios are of one round each, and rounds that one sat out do not count', () => {
  const { ratios, spread } = ratiosOf(
    new Map([
      ['labWasm', [10, 20, 10]],
      ['jaxWasm', [20, 80, null]],
    ]),
  );
  expect(ratios).toEqual({ wasmVsJax: 3 });
  expect(spread).toEqual({ wasmVsJax: [2, 4, 2] });
});

test('losses that are missing or not numbers never agree', () => {
  expect(difference([2, 1], [2, 1.1])).toBeCloseTo(0.0909, 4);
  expect(difference([2], [2, 1])).toBeNaN();
  expect(difference([Number.NaN, 1], [2, 1])).toBeNaN();
});

test('a whole case: slow engines take two rounds, stock ones sit out the large batch, all are closed', async () => {
  const made = new Map<string, ReturnType<typeof engineOf>>();
  const start = async (_: unknown, __: number, engine: Engine) => {
    if (engine.script === 'torch') return null;
    const ms = engine.isStock ? 5000 : engine.id === 'jaxWebgpu' ? 500 : 50;
    const entry = engineOf(ms, engine.variant === 'products' ? [] : LOSSES);
    made.set(engine.id, entry);
    return entry.contestant;
  };
  const result = await runCase(start, one, 128, false);
  expect(result.ms).toMatchObject({ labWebgpu: 50, jaxWebgpu: 500, stockWebgpu: 5000 });
  expect(result.ratios).toMatchObject({ webgpuVsStock: 100, webgpuVsJax: 10, wasmVsJax: 1 });
  expect(result.ratios.wasmVsTorch).toBeUndefined();
  expect(result.spread.webgpuVsStock?.[2]).toBe(2);
  expect(result.spread.webgpuVsOwnProducts?.[2]).toBe(7);
  // One warm step, then groups of about 250 ms.
  expect(made.get('labWebgpu')?.asked).toEqual([1, 5, 5, 5, 5, 5, 5, 5]);
  expect(made.get('stockWebgpu')?.asked).toEqual([1, 1]);
  expect(result.step).toEqual({ dispatches: 5, bytes: 2e6, encodeMs: 0.01 });
  expect([...made.values()].every(({ closed }) => closed() === 1)).toBe(true);
  made.clear();
  await runCase(start, one, 1024, false);
  expect([...made.keys()].filter((id) => id.startsWith('stock') || id.endsWith('Lion'))).toEqual([]);
  expect(made.size).toBe(
    engines.filter(({ isStock, rule, script }) => !isStock && rule === 'adamw' && script !== 'torch').length,
  );
});

test('an engine that trains another network stops the bench, and what was started is closed', async () => {
  const made: ReturnType<typeof engineOf>[] = [];
  const start = async (_: unknown, __: number, engine: Engine) => {
    const entry = engineOf(50, engine.id === 'jaxWasm' ? [2.3, 2.19] : LOSSES);
    made.push(entry);
    return entry.contestant;
  };
  await expect(runCase(start, one, 128, true)).rejects.toThrow(/jaxWasm trains another network/);
  expect(made.every(({ closed }) => closed() === 1)).toBe(true);
});

test('the tables have a row a case and a cell an engine', () => {
  const rounds = new Map([
    ['labWasm', [10, 20]],
    ['jaxWasm', [20, 40]],
  ]);
  const text = table([
    { id: 'a', batch: 128, ms: { labWasm: 15, jaxWasm: 30 }, ...ratiosOf(rounds), agreement: {}, step: {} },
  ]);
  expect(text).toContain('| case | batch | labWasm | jaxWasm |');
  expect(text).toContain('| a | 128 | 15 | 30 |');
  expect(text).toContain('2 (2–2, n 2)');
  expect(growthTable([[1e9, 20.123]])).toContain('| 1 | 20.1 |');
});

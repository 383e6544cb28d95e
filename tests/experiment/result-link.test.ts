// Results in links: numbers come back to the bit, curves nearly, in 1.5 kB; hostile ones are problems of the link.
import fc from 'fast-check';
import { deflateSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { columnOf, createMetricLog, last, type MetricLog } from '../../src/core/metrics.ts';
import { packText, toBase64Url, unpackText } from '../../src/core/packed-text.ts';
import { decode, encode } from '../../src/experiment/address.ts';
import { type Config, makeConfig } from '../../src/experiment/config.ts';
import { MOST_RESULT_LETTERS } from '../../src/experiment/packed-result.ts';
import { plan } from '../../src/experiment/plan.ts';
import { compareWithLink } from '../../src/experiment/reproduction.ts';
import { decodeResult, encodeResult, type LinkedResult } from '../../src/experiment/result-link.ts';
import { createRun, type Run } from '../../src/experiment/run.ts';

const config = makeConfig({ data: 'digits', 'train.epochs': 20 });

function endedRun(changes: Partial<Run> = {}, of: Config = config): Run {
  const made = createRun({
    key: 'run',
    config: of,
    planned: plan(of),
    data: { sha256: 'abcdef0123456789abcdef', order: 'official' },
    parent: null,
    createdAt: 0,
  });
  const device = {
    backend: 'wasm',
    runner: 'compiled',
    threads: 2,
    adapter: '',
    fallbackAdapter: false,
  } as const;
  return { ...made, state: 'finished', step: 220, seconds: 1.234, device, ...changes };
}

/** Noisy losses of each step, scores now and then, and what no link carries. */
function measured(steps: number, noise: readonly number[], every = 11): MetricLog {
  const log = createMetricLog();
  const at = (step: number): number => noise[step % noise.length] ?? 0;
  const all = Array.from({ length: steps }, (_, index) => index + 1);
  log.append({
    'train/loss': columnOf(all.map((step) => [step, 2.3 / (1 + step / 50) + Math.abs(at(step))])),
    'test/loss': columnOf(
      all.filter((step) => step % every === 0).map((step) => [step, 2 / step + at(step)]),
    ),
    'test/accuracy': columnOf(
      all.filter((step) => step % every === 0).map((step) => [step, Math.min(1, Math.abs(at(step)))]),
    ),
    'speed/examples-per-second': columnOf(all.map((step) => [step, 1000 + at(step)])),
  });
  return log;
}

const noises = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 997 });

const written = (log: MetricLog, run = endedRun()): string => encodeResult(run, log) ?? 'nothing';

describe('a result', () => {
  test('comes back: ends to the bit, curves within a level, in at most 1.5 kB', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 11, max: 3000 }),
        noises,
        fc.integer({ min: 1, max: 11 }),
        (steps, noise, every) => {
          const log = measured(steps, noise, every);
          const text = written(log);
          expect(text.length).toBeLessThanOrEqual(MOST_RESULT_LETTERS);
          const { result, problems } = decode(encode(config, {}, null, { result: text }));
          expect(problems).toEqual([]);
          const { last: ends, curves, outcome, step, seconds, device } = result as LinkedResult;
          for (const name of ['train/loss', 'test/loss', 'test/accuracy'] as const)
            expect(ends[name]).toBe(last(log, name));
          expect(ends['speed/examples-per-second']).toBeUndefined();
          expect({ outcome, step, seconds }).toEqual({ outcome: 'finished', step: 220, seconds: 1.23 });
          expect(device).toEqual({ backend: 'wasm', runner: 'compiled', threads: 2, adapter: '' });
          const { steps: at, values } = curves.column('train/loss');
          expect(at.length).toBeLessThanOrEqual(200);
          expect(at.at(-1)).toBe(steps);
          expect([...at]).toEqual([...at].toSorted((a, b) => a - b));
          const real = log.column('train/loss').values;
          const spread = Math.max(...real) - Math.min(...real);
          expect(Math.abs((values.at(-1) as number) - (real.at(-1) as number))).toBeLessThanOrEqual(
            spread / 500 + 1e-12,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('of a usual run has 200 points of loss', () => {
    const log = measured(930, [0.11, -0.07, 0.02, 0.3, -0.21], 93);
    const { curves } = decodeResult(written(log), config);
    expect(curves.column('train/loss').steps).toHaveLength(200);
    expect(curves.column('test/accuracy').steps).toHaveLength(10);
  });

  test('of a run that diverged leaves out what is not finite', () => {
    const log = createMetricLog();
    log.append({
      'train/loss': columnOf([
        [1, 2.3],
        [2, 400],
        [3, Number.NaN],
      ]),
    });
    const result = decodeResult(written(log, endedRun({ state: 'diverged', step: 3 })), config);
    expect(result.outcome).toBe('diverged');
    expect(result.last['train/loss']).toBeUndefined();
    expect([...result.curves.column('train/loss').steps]).toEqual([1, 2]);
  });

  test('is not written of a run that trains, of a fork, or of nothing', () => {
    const log = measured(20, [0.1]);
    expect(encodeResult(endedRun({ state: 'running' }), log)).toBeNull();
    expect(
      encodeResult(
        endedRun({ parent: { key: 'a', id: 'b', step: 1, before: { epochs: 1, examples: 1, flops: 1 } } }),
        log,
      ),
    ).toBeNull();
    expect(encodeResult(endedRun(), createMetricLog())).toBeNull();
  });

  test('of other settings than the link’s is not shown', () => {
    const { result, problems } = decode(
      encode(makeConfig(), {}, null, { result: written(measured(50, [0.1])) }),
    );
    expect(result).toBeNull();
    expect(problems).toEqual([
      { key: 'r', message: expect.stringContaining('other settings'), ignored: true },
    ]);
  });
});

describe('a hostile result', () => {
  type Loose = Record<string, unknown> & { curves: Record<string, Record<string, unknown>> };
  const wire = (): Loose => JSON.parse(unpackText(written(measured(50, [0.1, 0.2])), 65536)) as Loose;
  const problem = (text: string): string => {
    const { result, problems, config: read } = decode(encode(config, {}, null, { result: text }));
    expect(result).toBeNull();
    expect(read).toEqual(config);
    expect(problems).toHaveLength(1);
    return problems[0]?.message ?? '';
  };
  const changed = (change: (loose: Loose) => void): string => {
    const loose = wire();
    change(loose);
    return packText(JSON.stringify(loose));
  };
  const curve = (changes: Record<string, unknown>) =>
    changed((loose) => Object.assign(loose.curves['train/loss'] as object, changes));

  test.each<[string, string]>([
    ['a bomb', toBase64Url(deflateSync(new Uint8Array(4e6), { level: 9 })).slice(0, 8000)],
    ['no base64', '§§§§'],
    ['no deflate', 'AAAAAAAA'],
    ['nothing', ''],
    ['no JSON', packText('{')],
    ['null', packText('null')],
    ['a list', packText('[1,2,3]')],
    ['NaN by another name', changed((loose) => Object.assign(loose, { seconds: 'NaN' }))],
    ['an infinite number', packText(JSON.stringify(wire()).replace(/"seconds":[\d.]+/, '"seconds":1e999'))],
    ['more steps than values', curve({ at: Array(60).fill(1) })],
    ['too many points', curve({ at: Array(300).fill(1), values: Array(300).fill(1) })],
    ['steps that do not rise', curve({ at: Array(50).fill(0) })],
    ['a level beyond the last', curve({ values: Array(50).fill(4096) })],
    ['half a level', curve({ values: Array(50).fill(0.5) })],
    ['a range that falls', curve({ range: [2, 1] })],
    ['a logarithm of zero', curve({ range: [0, 1], log: true })],
    [
      'an unknown curve',
      changed((loose) => Object.assign(loose.curves, { 'train/evil': loose.curves['train/loss'] })),
    ],
    ['an unknown key', changed((loose) => Object.assign(loose, { script: 'alert(1)' }))],
    ['an unknown backend', changed((loose) => Object.assign(loose, { backend: 'cloud' }))],
    ['a missing key', changed((loose) => Reflect.deleteProperty(loose, 'digest'))],
    ['a long adapter', changed((loose) => Object.assign(loose, { adapter: 'x'.repeat(81) }))],
  ])('with %s is a problem of the link', (_what, text) => {
    expect(problem(text)).toMatch(/^The result in the link is not shown: .*\.$/);
  });

  test('with __proto__ changes nothing', () => {
    const text = JSON.stringify(wire()).replace('{', '{"__proto__":{"polluted":1},');
    problem(packText(text));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('of any bytes, or of one changed letter, never throws', () => {
    const good = written(measured(80, [0.1, 0.3]));
    const letters = fc.constantFrom(...'ABCxyz019-_');
    fc.assert(
      fc.property(
        fc.nat(good.length - 1),
        letters,
        fc.uint8Array({ maxLength: 300 }),
        (at, letter, bytes) => {
          decode(encode(config, {}, null, { result: good.slice(0, at) + letter + good.slice(at + 1) }));
          decode(encode(config, {}, null, { result: toBase64Url(bytes) }));
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('a reproduction', () => {
  const log = measured(220, [0.1, -0.2, 0.05]);
  const linked = decodeResult(written(log), config);
  const nudged = (by: number): MetricLog => {
    const other = createMetricLog();
    for (const name of log.names()) {
      const { steps, values } = log.column(name);
      other.append({ [name]: { steps, values: values.map((value) => value + by) } });
    }
    return other;
  };

  test('of the same bits on the same kind of device is equal', () => {
    const found = compareWithLink(linked, endedRun({ device: { ...device('wasm'), threads: 8 } }), log, 300);
    expect(found.verdict).toBe('bits');
    expect(found.differences.every(({ difference }) => difference === 'none')).toBe(true);
  });

  test('that differs in one bit there is outside', () => {
    const other = createMetricLog();
    for (const name of log.names()) {
      const { steps, values } = log.column(name);
      const moved = values.map((value, index) =>
        name === 'train/loss' && index === 100 ? value + 1e-12 : value,
      );
      other.append({ [name]: { steps, values: moved } });
    }
    expect(compareWithLink(linked, endedRun(), other, 300).verdict).toBe('outside');
  });

  test('on another backend is within or outside of what rounding explains', () => {
    const there = endedRun({ device: device('webgpu') });
    expect(compareWithLink(linked, there, nudged(1e-7), 300).verdict).toBe('within');
    const far = compareWithLink(linked, there, nudged(0.1), 300);
    expect(far.verdict).toBe('outside');
    expect(far.differences[0]).toMatchObject({ what: 'loss of the first batch', isWithin: false });
    expect(far.expected).toMatch(/CPU \(WASM\).*WebGPU/);
  });

  test('on other data, or of another length, is no comparison', () => {
    const other = endedRun({ data: { sha256: 'ffff', order: 'other' } });
    expect(compareWithLink(linked, other, log, 300).verdict).toBe('incomparable');
    expect(compareWithLink(linked, endedRun({ step: 100 }), log, 300).verdict).toBe('incomparable');
  });

  function device(backend: 'wasm' | 'webgpu') {
    return { backend, runner: 'compiled', threads: 1, adapter: 'some', fallbackAdapter: false } as const;
  }
});

// What can be changed about an update, on every runner, against PyTorch's numbers (tests/reference/optimisation.py).
// Batches are those of golden.py, on images of their own; the bounds are the house's.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Device } from '../../src/engine/device.ts';
import { type Config, makeConfig, type Named } from '../../src/experiment/config.ts';
import text from '../reference/optimisation.json?raw';
import { datasetOf, floats, goldenBatches, goldenSteps, type Packed, unpack } from './golden.ts';
import { deviceOf, jobOf, relative, runners } from './material.ts';

interface Raw {
  readonly images: string;
  readonly labels: readonly number[];
  readonly starts: Readonly<Record<string, Packed>>;
  readonly cases: readonly {
    readonly title: string;
    readonly start: string;
    readonly config: Named;
    readonly losses: readonly number[];
    readonly norms: readonly number[];
    /** Mean squared length of the micro-batches' gradients. */
    readonly squares: readonly number[];
    readonly spread: number;
    readonly updated: Packed;
    readonly final: Packed;
    /** Empty where no average is kept. */
    readonly average: Packed;
    readonly logits: string;
    readonly averageLogits: string;
  }[];
}

const raw = JSON.parse(text) as Raw;
const dataset = datasetOf(raw);
/** SGD and AdamW with GELU and LayerNorm follow to 1e-5; elsewhere ten times the reference's own spread. */
const isSmooth = (config: Config): boolean => config['model.norm'] !== 'batch' && config.optimizer !== 'lion';
const off = (a: number, b: number): number => Math.abs(a - b) / Math.abs(b);

describe.each(runners)('$title', ({ backend, makeRunner }) => {
  let device: Device;
  beforeAll(async () => {
    device = await deviceOf(backend);
  });
  test.each(raw.cases.map((entry) => [entry.title, entry] as const))('%s', async (_, entry) => {
    const config = makeConfig({ data: 'digits', ...entry.config });
    const bound = config['model.norm'] === 'batch' ? 1e-4 : 1e-5;
    const runner = await makeRunner(
      jobOf(config, dataset, goldenBatches),
      unpack(raw.starts[entry.start] as Packed),
    );
    const stateOf = async () =>
      new Map((await runner.exportState()).map(({ name, values }) => [name, values]));
    const losses: number[] = [];
    const norms: number[] = [];
    const squares: number[] = [];
    for (let step = 0; step < goldenSteps; step++) {
      runner.step(step, config['optimizer.learningRate'], true);
      const read = await device.guard(() => runner.read());
      losses.push(...read.losses);
      norms.push(...read.norms);
      squares.push(...read.squares);
      if (step > 0) continue;
      const state = await stateOf();
      for (const [name, { values }] of unpack(entry.updated))
        expect(relative(state.get(name) as Float32Array, values), name).toBeLessThan(bound);
    }
    expect(off(losses[0] as number, entry.losses[0] as number)).toBeLessThan(1e-5);
    expect(off(norms[0] as number, entry.norms[0] as number)).toBeLessThan(bound);
    expect(squares).toHaveLength(config['train.microBatch'] > 0 ? goldenSteps : 0);
    for (const square of squares.slice(0, 1))
      expect(off(square, entry.squares[0] as number)).toBeLessThan(bound);
    const free = Math.max(...losses.map((loss, step) => off(loss, entry.losses[step] as number)));
    expect(free).toBeLessThan(isSmooth(config) ? 1e-5 : 10 * entry.spread);
    const state = await stateOf();
    for (const [name, { values }] of unpack(entry.final))
      expect(relative(state.get(name) as Float32Array, values), name).toBeLessThan(bound);
    const logits = await runner.outputs({ split: 'train', rows: goldenBatches.rows(0) });
    expect(relative(logits, floats(entry.logits))).toBeLessThan(bound);
    for (const [name, { values }] of unpack(entry.average))
      expect(
        relative(state.get(`optimizer.average.${name}`) as Float32Array, values),
        `average ${name}`,
      ).toBeLessThan(bound);
    if (config['train.ema'] > 0) {
      const scored = { split: 'train', rows: goldenBatches.rows(0), isAveraged: true } as const;
      expect(relative(await runner.outputs(scored), floats(entry.averageLogits))).toBeLessThan(bound);
    }
    runner.dispose();
  });
});

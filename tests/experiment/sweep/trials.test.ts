import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { studies } from '../../../src/catalog/studies/index.ts';
import { decode } from '../../../src/experiment/address.ts';
import { runId } from '../../../src/experiment/config.ts';
import { plan } from '../../../src/experiment/plan.ts';
import { MAX_CELLS } from '../../../src/experiment/sweep/sweep.ts';
import { type TrialList, totalCost, trialSeconds, trials } from '../../../src/experiment/sweep/trials.ts';

function listOf(link: string): TrialList {
  const { config, sweep, problems } = decode(link);
  expect(problems).toEqual([]);
  if (!sweep) throw new Error('no sweep');
  return trials(config, sweep);
}

const DIGITS = 'data=digits&train.epochs=1';

describe('trials', () => {
  test('each cell becomes the config that its settings name, cheapest first', () => {
    const { trials: list, refused } = listOf(`${DIGITS}&sweep.model.width=64,8&sweep.model.depth=1,2&seed=4`);
    expect(refused).toEqual([]);
    expect(list.map(({ cells }) => cells)).toEqual([
      [{ 'model.width': 8, 'model.depth': 1 }],
      [{ 'model.width': 8, 'model.depth': 2 }],
      [{ 'model.width': 64, 'model.depth': 1 }],
      [{ 'model.width': 64, 'model.depth': 2 }],
    ]);
    for (const { config, id, cells } of list) {
      expect(config).toMatchObject({ data: 'digits', seed: 4, ...cells[0] });
      expect(id).toBe(runId(config));
    }
  });

  test('a trial is the run that the same settings make by themselves', () => {
    const { trials: list } = listOf(`${DIGITS}&sweep.model.width=64,128&sweep.seeds=2`);
    const ids = ['&model.width=64', '&model.width=64&seed=1', '', '&seed=1'].map((more) =>
      runId(decode(DIGITS + more).config),
    );
    expect(new Set(list.map(({ id }) => id))).toEqual(new Set(ids));
  });

  test('seeds are seed … seed + n − 1', () => {
    const { trials: list } = listOf(`${DIGITS}&seed=7&sweep.seeds=3`);
    expect(list.map(({ config }) => config.seed).sort()).toEqual([7, 8, 9]);
  });

  test('defaults follow a swept choice; what is named holds in every cell', () => {
    const link = `${DIGITS}&sweep.model=isotropic,hourglass`;
    const norms = (text: string) =>
      Object.fromEntries(listOf(text).trials.map(({ config }) => [config.model, config['model.norm']]));
    expect(norms(link)).toEqual({ isotropic: 'layer', hourglass: 'batch' });
    expect(norms(`${link}&model.norm=layer`)).toEqual({ isotropic: 'layer', hourglass: 'layer' });
    const held = listOf(`${link}&model.bottleneck=5`).trials.find(
      ({ config }) => config.model === 'hourglass',
    );
    expect(held?.config['model.bottleneck']).toBe(5);
  });

  test('cells whose settings have no effect are one trial, listed where it stands', () => {
    const { trials: list } = listOf(
      `${DIGITS}&sweep.model=isotropic,inverted-bottleneck&sweep.model.expansion=2,4`,
    );
    expect(list).toHaveLength(3);
    expect(list.find(({ config }) => config.model === 'isotropic')?.cells).toEqual([
      { model: 'isotropic', 'model.expansion': 2 },
      { model: 'isotropic', 'model.expansion': 4 },
    ]);
  });

  test('what cannot be trained is refused with the reason, the rest stands', () => {
    const { trials: list, refused } = listOf(`${DIGITS}&sweep.train.batchSize=32,2048`);
    expect(list).toHaveLength(1);
    expect(refused).toMatchObject([
      {
        cell: { 'train.batchSize': 2048 },
        failure: { code: 'config-invalid', message: expect.stringMatching(/1497/) },
      },
    ]);
  });
});

describe('equal sizes and horizons', () => {
  test('the width that comes nearest to the parameters is found; the mismatch is shown', () => {
    const { trials: list } = listOf(
      `${DIGITS}&sweep.model=isotropic,inverted-bottleneck,hourglass&sweep.equal=parameters&sweep.budget=2e4,1e5`,
    );
    expect(list).toHaveLength(6);
    for (const { config, cells, cost, mismatches } of list) {
      const budget = Number(cells[0]['budget']);
      const [mismatch] = mismatches;
      expect(mismatch).toMatchObject({ what: 'parameters', asked: budget });
      expect(mismatch?.relative).toBeCloseTo((cost.parameters - budget) / budget, 12);
      expect(Math.abs(mismatch?.relative ?? 1)).toBeLessThan(0.05);
      for (const neighbour of [-1, 1]) {
        const width = config['model.width'] + neighbour;
        const other = plan({
          ...config,
          'model.width': width,
          // The bottleneck follows the width unless it is named.
          'model.bottleneck': Math.max(1, Math.round(width / 4)),
        }).parameters.total;
        expect(Math.abs(other - budget)).toBeGreaterThanOrEqual(Math.abs(cost.parameters - budget));
      }
    }
  });

  test('without a budget the base config’s own size is equalled', () => {
    const base = plan(decode(`${DIGITS}&model.width=32`).config).parameters.total;
    const { trials: list } = listOf(
      `${DIGITS}&model.width=32&sweep.model=isotropic,inverted-bottleneck&sweep.equal=parameters`,
    );
    expect(list.map(({ mismatches }) => mismatches[0]?.asked)).toEqual([base, base]);
    expect(list.find(({ config }) => config.model === 'inverted-bottleneck')?.config['model.width']).toBe(32);
  });

  test('equal MACs and equal FLOPs of the training', () => {
    const macs = listOf(`${DIGITS}&sweep.model.depth=1,4&sweep.equal=macs&sweep.budget=2e4`).trials;
    for (const { cost } of macs) expect(cost.macsPerExample / 2e4).toBeCloseTo(1, 1);
    const flops = listOf(
      `${DIGITS}&sweep.train.batchSize=16,64&sweep.horizon=steps:100&sweep.equal=flops&sweep.budget=1e9`,
    ).trials;
    for (const { cost } of flops) expect((cost.flops ?? 0) / 1e9).toBeCloseTo(1, 1);
    const widths = flops.map(({ config }) => config['model.width']);
    expect(Math.max(...widths)).toBeGreaterThan(Math.min(...widths));
  });

  test('one grid under several horizons', () => {
    const { trials: list } = listOf(
      'data=digits&train.steps=5&sweep.train.batchSize=16,64&sweep.horizon=epochs:2,steps:30,examples:640,seconds:3,flops:1e8',
    );
    const at = (horizon: string, batch: number) =>
      list.find(({ cells: [cell] }) => cell['horizon'] === horizon && cell['train.batchSize'] === batch);
    expect(at('epochs:2', 16)?.cost.steps).toBe(2 * 93);
    expect(at('epochs:2', 64)?.config).toMatchObject({ 'train.epochs': 2, 'train.steps': 0 });
    expect(at('steps:30', 64)?.cost.steps).toBe(30);
    expect(at('examples:640', 16)?.cost.steps).toBe(40);
    expect(at('examples:640', 64)?.cost.steps).toBe(10);
    expect(at('seconds:3', 16)?.config['train.seconds']).toBe(3);
    for (const batch of [16, 64]) {
      const trial = at('flops:100000000', batch);
      expect(trial?.cost.flops).toBeCloseTo(1e8 * (1 + (trial?.mismatches[0]?.relative ?? 1)), 0);
      expect(Math.abs(trial?.mismatches[0]?.relative ?? 1)).toBeLessThan(0.2);
    }
  });

  test('equal FLOPs of trials in seconds are refused in words', () => {
    const { trials: list, refused } = listOf(
      `data=digits&train.seconds=3&sweep.model.depth=1,2&sweep.equal=flops&sweep.budget=1e9`,
    );
    expect(list).toEqual([]);
    expect(refused[0]?.failure.message).toMatch(/seconds have no FLOPs/);
  });

  test('any size between the smallest and the largest is met to half a unit of width', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('isotropic', 'inverted-bottleneck', 'hourglass'),
        fc.integer({ min: 2_000, max: 5_000_000 }),
        (model, budget) => {
          const { trials: list } = listOf(
            `${DIGITS}&model=${model}&sweep.seeds=2&sweep.equal=parameters&sweep.budget=${budget}`,
          );
          const { config, cost, mismatches } = list[0] as (typeof list)[number];
          const width = config['model.width'];
          // Parameters are at most quadratic in the width: a unit more changes them by less than 2/width + 1/width².
          const unit = (2.5 * cost.parameters) / width + cost.parameters / width ** 2;
          expect(Math.abs(mismatches[0]?.relative ?? 1) * budget).toBeLessThanOrEqual(unit);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('cost', () => {
  test('is known before anything starts', () => {
    const speed = { flopsPerSecond: 1e9, secondsPerOperation: 0 };
    const { trials: list } = listOf(`${DIGITS}&sweep.model.width=16,64`);
    for (const { config, cost } of list) {
      const planned = plan(config);
      expect(cost.flops).toBe(planned.flopsPerStep * (planned.steps ?? 0));
      expect(trialSeconds(cost, speed)).toBeCloseTo((cost.flops ?? 0) / 1e9, 12);
    }
    const total = totalCost(list, speed);
    expect(total.trials).toBe(2);
    expect(total.seconds).toBeCloseTo(total.flops / 1e9, 12);
    expect(totalCost(listOf(`${DIGITS}&sweep.model.width=16,64`).trials).seconds).toBeNull();
    expect(totalCost(listOf('data=digits&train.seconds=4&sweep.seeds=3').trials).seconds).toBe(12);
  });

  test('the largest grid is listed whole', () => {
    const { config, sweep } = decode(
      `${DIGITS}&sweep.model.width=1..64+1&sweep.optimizer.learningRate=1e-4..1e-1/16&sweep.seeds=4`,
    );
    expect(trials(config, sweep as NonNullable<typeof sweep>).trials).toHaveLength(MAX_CELLS);
  });
});

describe.each(Object.keys(studies))('study %s', (id) => {
  test('lists its trials without a problem, each of them trainable', () => {
    const { trials: list, refused } = listOf(`study=${id}`);
    expect(refused).toEqual([]);
    expect(list.length).toBeGreaterThan(1);
    expect(totalCost(list).flops).toBeLessThan(1e14);
  });
});

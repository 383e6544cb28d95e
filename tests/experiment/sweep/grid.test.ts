import { expect, test } from 'vitest';
import { decode } from '../../../src/experiment/address.ts';
import { statusOf } from '../../../src/experiment/queue.ts';
import { axisLabel, cellState, type Grid, gridOf } from '../../../src/experiment/sweep/grid.ts';
import { trials } from '../../../src/experiment/sweep/trials.ts';

function gridFor(link: string): Grid {
  const { config, sweep } = decode(link);
  if (!sweep) throw new Error('no sweep');
  return gridOf(sweep, config.seed, trials(config, sweep));
}

test('the last setting gives the columns, the one before the rows, the rest a table each; seeds lie together', () => {
  const grid = gridFor(
    'data=digits&sweep.horizon=epochs:1,steps:20&sweep.optimizer.learningRate=0.001,0.01&sweep.train.batchSize=16,32,64&sweep.seeds=2&seed=4',
  );
  expect(grid.columns.key).toBe('train.batchSize');
  expect(grid.rows?.key).toBe('optimizer.learningRate');
  expect(grid.tables.map(({ common }) => common)).toEqual([{ horizon: 'epochs:1' }, { horizon: 'steps:20' }]);
  for (const { rows } of grid.tables) {
    expect(rows.map((row) => row.length)).toEqual([3, 3]);
    for (const cell of rows.flat()) expect(cell.trials.map(({ config }) => config.seed)).toEqual([4, 5]);
  }
  const [first] = grid.tables[1]?.rows[1] ?? [];
  expect(first?.cell).toEqual({ horizon: 'steps:20', 'optimizer.learningRate': 0.01, 'train.batchSize': 16 });
});

test('one axis is a row; seeds alone are columns', () => {
  expect(gridFor('data=digits&sweep.model.width=8,16').tables[0]?.rows).toHaveLength(1);
  const seeds = gridFor('data=digits&sweep.seeds=3');
  expect(seeds.columns).toEqual({ key: 'seed', values: [0, 1, 2] });
  expect(seeds.tables[0]?.rows[0]?.map((cell) => cell.trials.length)).toEqual([1, 1, 1]);
});

test('cells without a run say why; cells of one trial show the same one', () => {
  const refused = gridFor('data=digits&sweep.train.batchSize=32,2048').tables[0]?.rows[0]?.[1];
  expect(refused?.trials).toEqual([]);
  expect(refused?.refused[0]?.failure.message).toContain('1497');
  const shared = gridFor('data=digits&sweep.model=isotropic,hourglass&sweep.model.bottleneck=2,4').tables[0];
  const trialsAt = (row: number, column: number) => shared?.rows[row]?.[column]?.trials[0]?.id;
  const columns = gridFor('data=digits&sweep.model=isotropic,hourglass&sweep.model.bottleneck=2,4').columns;
  expect(columns.key).toBe('model.bottleneck');
  expect(trialsAt(0, 0)).toBe(trialsAt(0, 1));
  expect(trialsAt(1, 0)).not.toBe(trialsAt(1, 1));
});

test('a cell is what needs attention first', () => {
  const queued = statusOf(undefined);
  const failed = statusOf({ kind: 'failed', failure: { code: 'internal', message: '' } });
  const skipped = statusOf({ kind: 'skipped' });
  expect(cellState([queued, failed])).toBe('failed');
  expect(cellState([skipped, queued])).toBe('queued');
  expect(cellState([skipped])).toBe('skipped');
  expect(cellState([])).toBe('refused');
  expect([axisLabel('horizon'), axisLabel('train.batchSize')]).toEqual(['Horizon', 'Batch size']);
});

// A few trials of a large sweep, to be watched side by side.
import { expect, test } from 'vitest';
import { studies } from '../../../src/catalog/studies/index.ts';
import { decode, encode } from '../../../src/experiment/address.ts';
import { LEAST_TOGETHER, MOST_TOGETHER } from '../../../src/experiment/side-by-side.ts';
import { fewOf } from '../../../src/experiment/sweep/few.ts';
import { trials } from '../../../src/experiment/sweep/trials.ts';

const linkOf = (text: string): string => {
  const { config, sweep } = decode(text);
  if (!sweep) throw new Error(`no sweep in ${text}`);
  const few = fewOf(config, sweep);
  return encode(few.config, {}, few.sweep);
};

test('of the study on the batch size: four batches, the middle rate, the first horizon, one seed', () => {
  const link = linkOf('study=batch-size');
  const { config, sweep, problems } = decode(link);
  expect(problems).toEqual([]);
  expect(sweep).toMatchObject({
    axes: [{ key: 'train.batchSize', values: [16, 64, 256, 1024] }],
    seeds: 1,
    study: null,
  });
  expect(sweep?.horizons).toEqual([{ unit: 'epochs', amount: 4 }]);
  expect(config['optimizer.learningRate']).toBe(0.002);
});

test('without an axis a few seeds; what is small stays', () => {
  expect(decode(linkOf('data=digits&sweep.seeds=9')).sweep?.seeds).toBe(4);
  expect(decode(linkOf('data=digits&sweep.model.width=8,16')).sweep?.axes[0]?.values).toEqual([8, 16]);
});

test.each(Object.keys(studies))('of %s: cells of its own grid, few enough to be watched', (id) => {
  const whole = decode(`study=${id}`);
  const few = decode(linkOf(`study=${id}`));
  if (!whole.sweep || !few.sweep) throw new Error(`${id} has no sweep`);
  expect(few.problems).toEqual([]);
  const own = trials(few.config, few.sweep).trials;
  expect(own.length).toBeGreaterThanOrEqual(LEAST_TOGETHER);
  expect(own.length).toBeLessThanOrEqual(MOST_TOGETHER);
  const ids = new Set(trials(whole.config, whole.sweep).trials.map((trial) => trial.id));
  expect(own.filter((trial) => ids.has(trial.id))).toHaveLength(own.length);
});

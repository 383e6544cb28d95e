// The learning rate against the batch size: as set, linear and by the square root, from a reference batch.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchScaledRate } from '../../src/catalog/optimizers/fields.ts';
import { createBudget } from '../../src/engine/budget.ts';
import { makeConfig, type Named } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';

const rateOf = (named: Named): number => batchScaledRate(makeConfig(named));

test('rules at four times the reference batch', () => {
  const named = { 'optimizer.learningRate': 0.01, 'train.batchSize': 512 } as const;
  expect(rateOf(named)).toBe(0.01);
  expect(rateOf({ ...named, 'optimizer.scaling': 'linear' })).toBe(0.04);
  expect(rateOf({ ...named, 'optimizer.scaling': 'sqrt' })).toBe(0.02);
  expect(rateOf({ ...named, 'optimizer.scaling': 'sqrt', 'optimizer.referenceBatch': 512 })).toBe(0.01);
});

test('a factor in batch is that factor, or its root, in learning rate', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('sgd', 'adamw', 'lion'),
      fc.integer({ min: 1, max: 256 }),
      fc.integer({ min: 1, max: 256 }),
      (optimizer, reference, factor) => {
        const named = { optimizer, 'optimizer.referenceBatch': reference } as const;
        const ratio = (scaling: 'linear' | 'sqrt'): number => {
          const at = (batch: number) =>
            rateOf({ ...named, 'optimizer.scaling': scaling, 'train.batchSize': batch });
          return at(reference * factor) / at(reference);
        };
        expect(ratio('linear')).toBeCloseTo(factor, 9);
        expect(ratio('sqrt')).toBeCloseTo(Math.sqrt(factor), 9);
      },
    ),
  );
});

test('plan and schedule start from the scaled rate', () => {
  const config = makeConfig({
    'optimizer.scaling': 'linear',
    'train.batchSize': 256,
    'schedule.warmupSteps': 4,
  });
  const planned = plan(config);
  expect(planned.learningRate).toBe(0.002);
  const budget = createBudget(config, planned);
  expect([0, 1, 3, 4, 5].map((step) => budget.rate(step, 0))).toEqual([0.0005, 0.001, 0.002, 0.002, 0.002]);
});

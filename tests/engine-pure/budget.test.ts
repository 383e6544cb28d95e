// When a run ends before its budget: at a target for the score or the loss, of validation images where there are some.
import { describe, expect, test } from 'vitest';
import { columnOf } from '../../src/core/metrics.ts';
import { createBudget } from '../../src/engine/budget.ts';
import { makeConfig, type Named, runId } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';

const isReached = (settings: Named, scores: Readonly<Record<string, number>>): boolean => {
  const config = makeConfig(settings);
  const chunk = Object.fromEntries(
    Object.entries(scores).map(([name, value]) => [name, columnOf([[10, value]])]),
  );
  return createBudget(config, plan(config)).isReached(chunk);
};

describe('a target', () => {
  test.each<[string, Named, Readonly<Record<string, number>>, boolean]>([
    ['is off by default', {}, { 'test/accuracy': 1 }, false],
    ['is met', { 'train.target': 0.9 }, { 'test/accuracy': 0.9 }, true],
    ['is not met', { 'train.target': 0.9 }, { 'test/accuracy': 0.899 }, false],
    [
      'of a loss is met from above',
      { 'train.target': 0.5, 'train.targetOf': 'loss' },
      { 'test/loss': 0.49 },
      true,
    ],
    [
      'of a loss',
      { 'train.target': 0.5, 'train.targetOf': 'loss' },
      { 'test/loss': 0.51, 'test/accuracy': 1 },
      false,
    ],
    [
      'looks at validation images alone where there are some',
      { 'train.target': 0.9, 'data.validationSize': 500 },
      { 'test/accuracy': 0.99, 'validation/accuracy': 0.8 },
      false,
    ],
    [
      'is met by validation images',
      { 'train.target': 0.9, 'data.validationSize': 500 },
      { 'test/accuracy': 0.1, 'validation/accuracy': 0.95 },
      true,
    ],
    ['of a task on images is its PSNR', { task: 'denoise', 'train.target': 20 }, { 'test/psnr': 21 }, true],
    ['that is not scored is not met', { 'train.target': 0.9 }, {}, false],
    ['is not met by what is no number', { 'train.target': 0.9 }, { 'test/accuracy': Number.NaN }, false],
  ])('%s', (_name, settings, scores, expected) => expect(isReached(settings, scores)).toBe(expected));

  test('that is off leaves the identity of a run as it was', () => {
    expect(runId(makeConfig({ 'train.target': 0 }))).toBe(runId(makeConfig()));
    expect(runId(makeConfig({ 'train.target': 0.5 }))).not.toBe(runId(makeConfig()));
  });
});

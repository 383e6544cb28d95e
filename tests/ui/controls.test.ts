// Steps and legal values of number fields follow the setting's scale and range.
import { describe, expect, test } from 'vitest';
import { makeConfig, settingsOf } from '../../src/experiment/config.ts';
import { nearestLegal, stepValue } from '../../src/ui/controls/step-value.ts';

const settings = new Map(
  (['lion', 'sgd'] as const).flatMap((optimizer) =>
    settingsOf(makeConfig({ optimizer })).map(({ key, setting }) => [key as string, setting] as const),
  ),
);
const named = (key: string) => {
  const setting = settings.get(key);
  if (!setting) throw new Error(key);
  return setting;
};

test.each([
  ['model.width', 128, 256, 64],
  ['model.depth', 2, 3, 1],
  ['model.depth', 1, 2, 1],
  ['optimizer.learningRate', 1e-3, 3e-3, 3e-4],
  ['optimizer.learningRate', 3e-3, 1e-2, 1e-3],
  ['optimizer.learningRate', 5e-5, 1e-4, 3e-5],
  ['optimizer.weightDecay', 0, 1e-5, 0],
  ['train.labelSmoothing', 0.3, 0.35, 0.25],
  ['data.trainSize', 0, 1, 0],
  ['seed', 0, 1, 0],
])('%s: from %d up to %d, down to %d', (key, value, up, down) => {
  expect(stepValue(named(key), value, true)).toBeCloseTo(up, 12);
  expect(stepValue(named(key), value, false)).toBeCloseTo(down, 12);
});

describe('every number', () => {
  const numbers = [...settings].filter(([, setting]) => setting.range);
  test.each(numbers)('%s stays legal at and beyond its ends', (_key, setting) => {
    const [low, high] = setting.range as readonly [number, number];
    for (const value of [low, high]) {
      expect(setting.schema.safeParse(stepValue(setting, value, true)).success).toBe(true);
      expect(setting.schema.safeParse(stepValue(setting, value, false)).success).toBe(true);
    }
    for (const value of [low - 1, high + 1, low + 0.3, Number.MAX_VALUE]) {
      expect(setting.schema.safeParse(nearestLegal(setting, value)).success).toBe(true);
    }
  });
});

// Questions of the Guide: small, on data that comes with the page, and judged by a rule that always answers.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Arm, type Question, questions } from '../../src/catalog/questions/index.ts';
import { decode } from '../../src/experiment/address.ts';
import { noiseOf } from '../../src/experiment/arm.ts';
import { totalCost, trials } from '../../src/experiment/sweep/trials.ts';

const measured = fc.option(fc.double({ min: 0, max: 50, noNaN: true }), { nil: null });
const armAt = (value: number): fc.Arbitrary<Arm> =>
  fc.record({
    value: fc.constant(value),
    trainLoss: measured,
    testLoss: measured,
    testAccuracy: measured,
    lossNoise: measured,
    steps: fc.nat(10_000),
    seconds: fc.double({ min: 0, max: 100, noNaN: true }),
    diverged: fc.boolean(),
  });

describe.each(Object.entries<Question>(questions))('%s', (_id, question) => {
  const { config, sweep, problems } = decode(question.settings);
  const values = (sweep?.axes[0]?.values ?? []) as readonly number[];

  test('varies one setting in a few runs that take seconds', () => {
    expect(problems).toEqual([]);
    expect(sweep?.axes).toHaveLength(1);
    expect(['digits', 'fashion-mnist', 'teacher']).toContain(config.data);
    const list = sweep ? trials(config, sweep) : { trials: [], refused: [] };
    expect(list.refused).toEqual([]);
    expect(list.trials).toHaveLength(values.length);
    expect(totalCost(list.trials).flops).toBeLessThan(1e11);
    expect(values.map(question.arm)).toHaveLength(new Set(values.map(question.arm)).size);
  });

  test('is always answered by one of its choices, in a sentence', () => {
    const ids = question.choices.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    fc.assert(
      fc.property(fc.tuple(...values.map(armAt)), (arms) => {
        const { choice, words } = question.judge(arms);
        expect(ids).toContain(choice);
        expect(words).toMatch(/\.$/);
        expect(words).not.toMatch(/NaN|undefined|Infinity/);
      }),
    );
  });
});

test('noise is what is left without the trend, and needs enough losses', () => {
  const at = (i: number): number =>
    Math.sin(i * 12.9898) * 43758.5453 - Math.floor(Math.sin(i * 12.9898) * 43758.5453) - 0.5;
  const falling = Float64Array.from({ length: 4000 }, (_, i) => 5 - i / 1000 + at(i));
  expect(noiseOf(falling)).toBeCloseTo(Math.sqrt(1 / 12), 1);
  expect(noiseOf(falling.slice(0, 20))).toBeNull();
  expect(noiseOf(Float64Array.from({ length: 100 }, () => Number.NaN))).toBeNull();
});

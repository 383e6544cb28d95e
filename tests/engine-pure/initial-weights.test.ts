// How networks start: distributions, orthonormality, identity, and that a draw depends on its place alone.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { architectures } from '../../src/catalog/architectures/index.ts';
import type { Init, Layer } from '../../src/core/layers.ts';
import { initialWeights } from '../../src/engine/initial-weights.ts';
import { type Config, makeConfig, type Named } from '../../src/experiment/config.ts';

const startOf = (weightInit: Init, outputs: number, inputs: number, seed = 0): Float32Array => {
  const layer: Layer = {
    kind: 'linear',
    name: 'a',
    role: 'block',
    inputs,
    outputs,
    bias: false,
    trainable: true,
    weightInit,
  };
  return initialWeights([layer], seed)[0]?.values ?? new Float32Array();
};

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const moment = (values: Float32Array, power: number): number =>
  mean(Array.from(values, (value) => value ** power));

describe('normal', () => {
  test('has the moments of N(0, deviation²)', () => {
    const values = startOf({ kind: 'normal', deviation: 0.5, within: null }, 300, 400);
    expect(mean(values)).toBeCloseTo(0, 2);
    expect(moment(values, 2)).toBeCloseTo(0.25, 2);
    expect(moment(values, 4)).toBeCloseTo(3 * 0.5 ** 4, 2);
    expect(Math.max(...values)).toBeGreaterThan(4 * 0.5);
  });

  test('cut off at two deviations keeps inside and has the variance of the truncated distribution', () => {
    const values = startOf({ kind: 'normal', deviation: 1, within: 2 }, 300, 400);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(2);
    // 0.8796² : Flax divides by this number, so that LeCun’s variance comes out.
    expect(moment(values, 2)).toBeCloseTo(0.87962566103423978 ** 2, 2);
  });
});

describe('orthogonal', () => {
  /** The largest distance of the rows’ (or columns’) inner products from the identity. */
  const distance = (values: Float32Array, rows: number, columns: number): number => {
    const [count, size] = rows <= columns ? [rows, columns] : [columns, rows];
    const at = (which: number, i: number): number =>
      (rows <= columns ? values[which * columns + i] : values[i * columns + which]) as number;
    let worst = 0;
    for (let a = 0; a < count; a++)
      for (let b = 0; b <= a; b++) {
        let sum = 0;
        for (let i = 0; i < size; i++) sum += at(a, i) * at(b, i);
        worst = Math.max(worst, Math.abs(sum - (a === b ? 1 : 0)));
      }
    return worst;
  };

  test('rows are orthonormal, or columns where those are fewer', () => {
    const size = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(size, size, fc.nat(1000), (rows, columns, seed) => {
        const values = startOf({ kind: 'orthogonal' }, rows, columns, seed);
        expect(distance(values, rows, columns)).toBeLessThan(1e-6);
      }),
      { numRuns: 60 },
    );
  });

  test('is no fixed pattern: seeds differ and signs are even', () => {
    const values = startOf({ kind: 'orthogonal' }, 64, 64, 1);
    expect(values).not.toEqual(startOf({ kind: 'orthogonal' }, 64, 64, 2));
    expect(values.filter((value) => value > 0).length / values.length).toBeCloseTo(0.5, 1);
  });
});

describe('lifts', () => {
  const liftOf = (named: Named, inputs: number, seed = 0) => {
    const config = makeConfig({ model: 'hourglass', 'model.depth': 1, ...named });
    const layers = architectures.hourglass.layers(config as Config, { inputs, outputs: 3 });
    return { layers, weight: initialWeights(layers, seed).find(({ name }) => name === 'linear_in.weight') };
  };

  test('fixed-gaussian has variance 1/inputs and is not trained', () => {
    const { layers, weight } = liftOf({ 'model.lift': 'fixed-gaussian', 'model.width': 400 }, 200);
    expect(200 * moment(weight?.values as Float32Array, 2)).toBeCloseTo(1, 1);
    expect(layers[0]).toMatchObject({ name: 'linear_in', trainable: false });
  });

  test('identity starts as the identity, bias included, and is trained', () => {
    const named = { 'model.lift': 'identity', 'model.width': 5, 'model.bias': true } as const;
    const { layers } = liftOf(named, 5);
    const [weight, bias] = initialWeights(layers, 3);
    expect([...(weight?.values ?? [])]).toEqual(Array.from({ length: 25 }, (_, i) => (i % 6 === 0 ? 1 : 0)));
    expect([...(bias?.values ?? [])]).toEqual([0, 0, 0, 0, 0]);
    expect(layers[0]).toMatchObject({ trainable: true });
  });

  test.each(['identity', 'none'] as const)('%s needs the width of the inputs and says so', (lift) => {
    expect(() => liftOf({ 'model.lift': lift, 'model.width': 6 }, 5)).toThrow(
      `model.lift=${lift} needs model.width equal to the 5 inputs, not 6: set model.width=5, or choose another lift.`,
    );
  });

  test('another lift draws other values for itself alone', () => {
    const starts = (['trained', 'fixed', 'fixed-gaussian', 'fixed-orthogonal'] as const).map((lift) =>
      initialWeights(liftOf({ 'model.lift': lift, 'model.width': 6 }, 5).layers, 7),
    );
    const [trained, fixed, gaussian] = starts;
    expect(fixed).toEqual(trained);
    expect(gaussian?.slice(1)).toEqual(trained?.slice(1));
    expect(gaussian?.[0]?.values).not.toEqual(trained?.[0]?.values);
  });
});

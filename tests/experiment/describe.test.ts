// What `describe` answers, and what a strict reader of links refuses.
import { expect, test } from 'vitest';
import { describe, strictConfig } from '../../src/experiment/describe.ts';

test('a description is plain JSON with the plan’s numbers', () => {
  const described = describe(strictConfig('#data=cifar-10&model.preset=B_6-Wi_512&v=1'));
  expect(JSON.parse(JSON.stringify(described))).toEqual(described);
  expect(Object.keys(described)).toEqual([
    'id',
    'config',
    'params',
    'macsPerExample',
    'flopsPerStep',
    'steps',
    'memoryBytes',
    'layers',
  ]);
  expect(described.id).toMatch(/^[0-9a-f]{64}$/);
  expect(described.config).toMatchObject({ data: 'cifar-10', 'model.width': 512, 'model.depth': 6 });
  expect(described.flopsPerStep).toBe(6 * described.macsPerExample * 128);
  expect(described.params.block).toBeLessThan(described.params.total);
});

test('a link with a part that is not used is refused with every reason', () => {
  expect(() => strictConfig('#model.width=banana&colour=red')).toThrow(/colour.*model\.width=banana/s);
  expect(() => strictConfig('#model.width=64&v=1')).not.toThrow();
});

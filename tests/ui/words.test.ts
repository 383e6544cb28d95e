// Names and changes of runs, groups of the form, the drawing of a network.
import { describe, expect, test } from 'vitest';
import { architectures } from '../../src/catalog/architectures/index.ts';
import { tensors } from '../../src/core/layers.ts';
import { type Config, defaults, makeConfig, settingsOf } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';
import { drawing } from '../../src/ui/parts/diagram-layout.ts';
import { formGroups } from '../../src/ui/parts/form-groups.ts';
import { changes, changeWords, shortName } from '../../src/ui/runs/change.ts';

describe('changes', () => {
  test('are named shortly, in catalog order', () => {
    const to = makeConfig({ 'optimizer.learningRate': 5e-5, 'model.width': 512 });
    expect(changeWords(defaults, to)).toBe('width 128 → 512, lr 1e-3 → 5e-5');
  });

  test('leave out defaults that followed another choice', () => {
    expect(changes(defaults, makeConfig({ model: 'hourglass' }))).toEqual(['model inverted → hourglass']);
    expect(changes(defaults, makeConfig({ optimizer: 'lion' }))).toEqual(['rule adamw → lion']);
  });

  test('of nothing are nothing', () => expect(changeWords(defaults, defaults)).toBe(''));
});

test('short names hold family and shape', () => {
  expect(shortName(makeConfig({ 'model.width': 512, 'model.depth': 6 }))).toBe('inverted 512 × 6');
});

describe.each(Object.keys(architectures) as Config['model'][])('%s', (model) => {
  test('every setting that is a choice stands in exactly one group', () => {
    const config = makeConfig({ model });
    const keys = formGroups(config).flatMap((group) => group.settings.map(({ key }) => key));
    const expected = settingsOf(config)
      .filter(({ setting }) => !setting.options || setting.options.length > 1)
      .map(({ key }) => key);
    expect([...keys].sort()).toEqual([...expected].sort());
  });

  test.each([1, 8, 9, 40])('is drawn inside its frame with %d blocks', (depth) => {
    const { layers, inputs } = plan(makeConfig({ model, 'model.depth': depth }));
    const draw = drawing(layers, inputs, { width: 312, top: 30, height: 124 });
    for (const { x, half } of draw.strokes) {
      expect(x).toBeGreaterThanOrEqual(1);
      expect(x).toBeLessThanOrEqual(311);
      expect(half).toBeLessThanOrEqual(62);
    }
    for (let i = 1; i < draw.strokes.length; i++) {
      expect(draw.strokes[i]?.x).toBeGreaterThan(draw.strokes[i - 1]?.x ?? 0);
    }
    const perBlock = { isotropic: 1, 'inverted-bottleneck': 2, hourglass: 2, 'mlp-mixer': 4, gmlp: 3 }[model];
    expect(draw.ellipsis === null).toBe(draw.blocks <= 8 && perBlock * draw.blocks <= 16);
    const head = tensors(layers).findLast(({ role, shape }) => role === 'head' && shape.length > 1);
    expect(draw.matrices.at(-1)?.name).toBe(head?.name);
    const blocks = model === 'isotropic' ? depth - 1 : depth;
    expect(draw.blocks).toBe(blocks);
  });
});

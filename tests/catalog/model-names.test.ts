// Names of the papers' models, and the sizes of those on patches.
import { describe, expect, test } from 'vitest';
import { parsePreset, presetNames } from '../../src/catalog/architectures/preset.ts';
import { decode } from '../../src/experiment/address.ts';
import { makeConfig, type Named } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';

describe('names of models', () => {
  test.each(presetNames)('%s stands for settings that a config takes', (name) => {
    const preset = parsePreset(name) as Named;
    expect(makeConfig(preset)).toMatchObject(preset);
    expect(decode(`model.preset=${name}`).problems).toEqual([]);
  });

  const total = (name: string): number =>
    plan(decode(`data=cifar-10&model.preset=${name}`).config).parameters.total;

  test('Mixer-nano has 1.13 M parameters with the widths its README lists, 0.67 M with them exchanged', () => {
    const tokens = 64;
    const block = (tokenWidth: number, channelWidth: number): number =>
      2 * 256 +
      (2 * tokens * tokenWidth + tokenWidth + tokens) +
      (2 * 128 * channelWidth + channelWidth + 128);
    const ends = 3 * 16 * 128 + 128 + 256 + 128 * 10 + 10;
    expect(total('mixer-nano')).toBe(ends + 8 * block(64, 512));
    expect(total('mixer-nano')).toBe(1_132_170);
    expect(total('mixer-nano-0.67M')).toBe(ends + 8 * block(512, 64));
    expect(total('mixer-nano-0.67M')).toBe(673_418);
  });

  test('MACs of networks on patches count a matrix once for each token or feature', () => {
    const { macsPerExample } = plan(decode('data=cifar-10&model.preset=mixer-nano').config);
    const block = 128 * 2 * 64 * 64 + 64 * 2 * 128 * 512;
    expect(macsPerExample).toBe(64 * 48 * 128 + 8 * block + 128 * 10);
    const gmlp = plan(decode('data=cifar-10&model.preset=gmlp-keras').config).macsPerExample;
    expect(gmlp).toBe(64 * 48 * 256 + 4 * (64 * 256 * 512 + 256 * 64 * 64 + 64 * 256 * 256) + 256 * 10);
  });

  test('S-, hourglass and B-names', () => {
    expect(parsePreset('S_6-Wi_2048')).toEqual({ model: 'isotropic', 'model.width': 2048, 'model.depth': 6 });
    expect(parsePreset('hourglass_3546-270-5')).toMatchObject({
      model: 'hourglass',
      'model.bottleneck': 270,
    });
    expect(parsePreset('B_6-Wi_512-x_2')).toMatchObject({ 'model.expansion': 2 });
    for (const name of ['S_6', 'hourglass_1-2', 'toString', '']) expect(parsePreset(name)).toBeNull();
  });
});

// Every preset is a link that this lab understands in full, can be trained, and fits into minutes.
import { describe, expect, test } from 'vitest';
import { type Preset, presets } from '../../src/catalog/presets/index.ts';
import { decode } from '../../src/experiment/address.ts';
import { plan } from '../../src/experiment/plan.ts';
import { totalCost, trials } from '../../src/experiment/sweep/trials.ts';

/** A tenth of a laptop's GPU for an hour. */
const MOST_FLOPS = 4e14;

describe.each(Object.entries<Preset>(presets))('%s', (_id, preset) => {
  const { config, sweep, problems } = decode(preset.settings);

  test('is understood in full', () => expect(problems).toEqual([]));

  test('can be trained, every trial of it', () => {
    if (!sweep) {
      expect(plan(config).parameters.total).toBeGreaterThan(0);
      return;
    }
    const list = trials(config, sweep);
    expect(list.refused).toEqual([]);
    expect(list.trials.length).toBeGreaterThan(1);
    expect(totalCost(list.trials).flops).toBeLessThan(MOST_FLOPS);
  });

  test('says where it comes from, and what is smaller where it has numbers to compare with', () => {
    expect(preset.source).toMatch(/[a-z]/);
    expect(preset.help).toMatch(/[.?]$/);
    expect(preset.published !== null && preset.scaledDown === null).toBe(false);
    if (preset.use !== 'start') expect(preset.published).not.toBeNull();
    for (const words of [preset.published, preset.scaledDown, preset.effort])
      expect(words ?? '.').toMatch(/\.$/);
  });
});

// What the palette finds, and in which order.
import { describe, expect, test } from 'vitest';
import { makeConfig } from '../../src/experiment/config.ts';
import type { Actions } from '../../src/session/state.ts';
import { type Entry, matching, numberBehind } from '../../src/ui/palette/match.ts';
import { settingEntries } from '../../src/ui/palette/setting-entries.ts';

const entry = (words: string, detail = '', more: Partial<Entry> = {}): Entry => ({
  id: words,
  group: 'Do',
  words,
  detail,
  run: () => {},
  ...more,
});
const names = (entries: readonly Entry[], query: string): string[] =>
  matching(entries, query).map(({ words }) => words);

describe('what is found', () => {
  const list = [
    entry('Train', 'Space'),
    entry('Retrain'),
    entry('Theme: dark', 'is light'),
    entry('Constrain', 'rail'),
  ];

  test('is all of it without a query, in its order', () => {
    expect(names(list, '  ')).toEqual(list.map(({ words }) => words));
  });

  test('begins with what begins so, then holds it, then is told of it', () => {
    expect(names([...list].reverse(), 'trai')).toEqual(['Train', 'Constrain', 'Retrain']);
    expect(names(list, 'dark theme')).toEqual(['Theme: dark']);
    expect(names(list, 'light')).toEqual(['Theme: dark']);
    expect(names(list, 'nothing of this')).toEqual([]);
  });
});

describe('settings', () => {
  const edits: unknown[] = [];
  const focused: string[] = [];
  const actions = { edit: (changes: unknown) => void edits.push(changes) } as unknown as Actions;
  const config = makeConfig();
  const entries = settingEntries({ config, actions, focusSetting: (key) => void focused.push(key) });
  const run = (query: string): void => matching(entries, query)[0]?.run();

  test('are found by label, key and help, and gone to', () => {
    run('width');
    run('optimizer.learningRate');
    expect(focused).toEqual(['model.width', 'optimizer.learningRate']);
  });

  test('take a number behind their name, where it is legal', () => {
    run('width 256');
    run('learning rate 5e-4');
    run('batch size 1k');
    expect(edits.splice(0)).toEqual([
      { 'model.width': 256 },
      { 'optimizer.learningRate': 5e-4 },
      { 'train.batchSize': 1000 },
    ]);
    expect(matching(entries, 'width -3')[0]).toMatchObject({ id: 'model.width', off: 'not a legal value' });
  });

  test('of few values are chosen', () => {
    run('rule lion');
    run('biases off');
    expect(edits.splice(0)).toEqual([{ optimizer: 'lion' }, { 'model.bias': false }]);
  });
});

test('a number stands behind words', () => {
  expect(numberBehind('width 1/16')).toEqual({ words: 'width', value: 1 / 16 });
  expect(numberBehind('256')).toBeNull();
  expect(numberBehind('figure five')).toBeNull();
});

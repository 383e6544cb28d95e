// The logic of the Runs view: searching, grouping, sorting, which rows are drawn, and what a comparison says.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../src/core/digest.ts';
import { columnOf, createMetricLog } from '../../src/core/metrics.ts';
import { makeConfig, type Named } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';
import { createRun, noRemarks, type Remarks, type Run } from '../../src/experiment/run.ts';
import { changeOfRun, labels } from '../../src/ui/runs/change.ts';
import { costsOf, diffOf, ratioWords } from '../../src/ui/runs/config-diff.ts';
import { matches, parseSearch } from '../../src/ui/runs/find-runs.ts';
import { leadOf } from '../../src/ui/runs/lead.ts';
import { groupStatus, whenWords } from '../../src/ui/runs/row-words.ts';
import {
  columns,
  differing,
  factsOf,
  type Group,
  groupRuns,
  rowsOf,
  sortGroups,
  visibleRows,
} from '../../src/ui/runs/run-rows.ts';

let made = 0;
function runOf(settings: Named, accuracy: number | null = null, remarks: Partial<Remarks> = {}): Run {
  const config = makeConfig(settings);
  const at = ++made;
  const run = createRun({
    key: `k${at}`,
    config,
    planned: plan(config),
    data: null,
    parent: null,
    createdAt: at,
  });
  const log = createMetricLog();
  if (accuracy !== null) log.append({ 'test/accuracy': columnOf([[100, accuracy]]) });
  return {
    ...run,
    state: 'finished',
    step: 100,
    seconds: 4,
    digest: digestOf(log),
    remarks: { ...noRemarks, ...remarks },
  };
}

const a0 = runOf({ 'model.width': 64 }, 0.8, { title: 'Best <b>', tags: ['Ablation'], note: 'see lr' });
const a1 = runOf({ 'model.width': 64, seed: 1 }, 0.9);
const b0 = runOf({ 'model.width': 128, 'optimizer.learningRate': 1e-4 }, 0.7, { isStarred: true });
const c0 = runOf({ model: 'hourglass', 'model.width': 64 });
const runs = [c0, b0, a1, a0];

describe('searching', () => {
  const find = (text: string): readonly Run[] => runs.filter((run) => matches(run, parseSearch(text)));
  test.each<[string, readonly Run[]]>([
    ['', runs],
    ['best', [a0]],
    ['<b>', [a0]],
    ['"see lr"', [a0]],
    ['#abl', [a0]],
    ['width=64', [c0, a1, a0]],
    ['model.width>64', [b0]],
    ['lr<5e-4', [b0]],
    ['lr<=1/10000', [b0]],
    ['model=hour', [c0]],
    ['model!=hourglass width=64 seed=1', [a1]],
    ['hourglass', [c0]],
    ['bias=on', [b0, a1, a0]],
    ['nonsense=3', []],
    ['width=abc', []],
  ])('%j', (text, expected) => expect(find(text)).toEqual(expected));

  test('never throws, and more words never find more', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, two) => {
        const first = find(one);
        expect(
          find(`${one} ${two.replaceAll('"', '')}`).every((run) => first.includes(run) || one.includes('"')),
        ).toBe(true);
      }),
    );
  });
});

describe('rows', () => {
  test('seeds of one config are one row, which opens to its runs', () => {
    const groups = groupRuns(runs, 'seeds');
    expect(groups.map((group) => group.runs.length)).toEqual([1, 1, 2]);
    expect(rowsOf(groups, new Set()).map(({ kind }) => kind)).toEqual(['run', 'run', 'group']);
    const open = rowsOf(groups, new Set([groups[2]?.key ?? '']));
    expect(open.map(({ kind }) => kind)).toEqual(['run', 'run', 'group', 'run', 'run']);
    const facts = factsOf(groups[2] as (typeof groups)[number]);
    expect(facts).toMatchObject({ seeds: 2, stepsPerSecond: 25, score: { n: 2 } });
    expect(facts.score?.mean).toBeCloseTo(0.85, 12);
    // Two seeds say little about their spread, and the interval owns up to it.
    expect(facts.half).toBeGreaterThan(0.3);
  });

  test('runs that were cut short or blew up are no sample of what a config reaches', () => {
    const cut = { ...a1, key: 'cut', state: 'stopped' } as const;
    const [group] = groupRuns([a0, cut], 'seeds');
    expect(factsOf(group as NonNullable<typeof group>)).toMatchObject({
      seeds: 2,
      score: { n: 1, mean: 0.8 },
    });
    expect(factsOf({ key: 'k', runs: [cut] }).score?.mean).toBe(0.9);
  });

  test('one seed has the interval over the test images', () => {
    const facts = factsOf({ key: 'k', runs: [a0] });
    expect(facts.half).toBeCloseTo(1.96 * Math.sqrt((0.8 * 0.2) / 2000), 3);
    expect(factsOf({ key: 'k', runs: [c0] })).toMatchObject({ score: null, half: null });
  });

  test('grouped by a setting: a row a value, with mean, interval and how many', () => {
    const groups = groupRuns(runs, 'model.width');
    expect(groups.map(({ title, runs: inside }) => [title, inside.length])).toEqual([
      ['width 64', 3],
      ['width 128', 1],
    ]);
    expect(factsOf(groups[0] as (typeof groups)[number]).score?.n).toBe(2);
    expect(rowsOf(groups, new Set()).every(({ kind }) => kind === 'group')).toBe(true);
    expect(differing(runs)).toContain('model.width');
    expect(differing(runs)).not.toContain('seed');
    expect(differing([])).toEqual([]);
  });

  test.each(columns)('sorted by %s: the reverse reversed, nothing lost, what has no value last', (column) => {
    const groups = groupRuns(runs, 'none');
    const up = sortGroups(groups, { column, isDescending: false });
    const down = sortGroups(groups, { column, isDescending: true });
    expect(new Set(up)).toEqual(new Set(groups));
    expect(new Set(down)).toEqual(new Set(groups));
    if (column === 'score') {
      expect(up.map(({ runs: [run] }) => run)).toEqual([b0, a0, a1, c0]);
      expect(down.map(({ runs: [run] }) => run)).toEqual([a1, a0, b0, c0]);
    }
    if (column === 'when') expect(up.map(({ runs: [run] }) => run)).toEqual([a0, a1, b0, c0]);
  });

  test('of thousands only those in the window are drawn, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.nat(400_000),
        fc.integer({ min: 100, max: 2000 }),
        fc.nat(10_000),
        (top, height, count) => {
          const [from, to] = visibleRows(top, height, 36, count);
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(count);
          expect(to - from).toBeLessThanOrEqual(Math.ceil(height / 36) + 14);
          const first = Math.floor(top / 36);
          if (first < count) expect(from <= first && to > first).toBe(true);
        },
      ),
    );
  });
});

describe('words', () => {
  test('a change is against the run before, a fork against its parent', () => {
    expect(changeOfRun(runs, b0)).toBe('width 64 → 128, lr 1e-3 → 1e-4, seed 1 → 0');
    expect(changeOfRun(runs, a1)).toBe('seed 0 → 1');
    expect(changeOfRun(runs, a0)).toBe('width 128 → 64');
    const before = { epochs: 1, examples: 1, flops: 1 };
    const fork: Run = {
      ...b0,
      key: 'f',
      config: makeConfig({ 'model.width': 128, 'optimizer.learningRate': 1e-5 }),
      parent: { key: b0.key, id: b0.id, step: 1300, before },
    };
    expect(changeOfRun([fork, ...runs], fork)).toBe('fork at step 1,300: lr 1e-4 → 1e-5');
    const names = labels([fork, b0], [fork, ...runs]);
    expect(new Set(names.values()).size).toBe(2);
  });

  test('labels take the name that a person gave', () => {
    expect([...labels(runs, runs).values()][3]).toBe('Best <b>');
    const long = { ...a0, remarks: { ...noRemarks, title: 'x'.repeat(90) } };
    expect(labels([long, b0], [b0, long]).get(a0.key)?.length).toBe(32);
  });

  test('labels name the one setting in which runs of one shape differ', () => {
    const sizes = [32, 128, 512].map((size) => {
      const config = makeConfig({
        'train.batchSize': size,
        'optimizer.scaling': size === 128 ? 'none' : 'sqrt',
      });
      return { ...c0, key: `b${size}`, config, remarks: noRemarks };
    });
    expect([...labels(sizes, sizes).values()]).toEqual([
      'inverted, batch 32',
      'inverted, batch 128',
      'inverted, batch 512',
    ]);
  });

  test('how several runs stand', () => {
    expect(groupStatus([a0, a1]).text).toBe('finished');
    expect(groupStatus([a0, { ...a1, state: 'diverged' }])).toEqual({
      text: '1 finished, 1 × diverged',
      tone: 'err',
    });
    expect(groupStatus([a0, { ...a1, state: 'running', totalSteps: 400 }]).text).toBe('training, 25 %');
  });

  test('when', () => {
    const now = new Date(2026, 4, 3, 15, 0).getTime();
    const words = (...date: [number, number, number]): string =>
      whenWords(new Date(...date, 9, 5).getTime(), now);
    expect([words(2026, 4, 3), words(2026, 4, 2), words(2026, 3, 20), words(2025, 11, 31)]).toEqual([
      '09:05',
      'yesterday',
      '20 Apr',
      '31 Dec 2025',
    ]);
  });
});

describe('a comparison', () => {
  test('lists what differs and counts what does not', () => {
    const { differences, same } = diffOf([a0.config, c0.config]);
    const byKey = new Map(differences.map(({ key, values }) => [key, values]));
    expect(byKey.get('model')).toEqual(['inverted', 'hourglass']);
    expect(byKey.get('model.norm')).toEqual(['layer', 'batch']);
    // What only follows from the shape is no difference of its own; what was chosen is.
    expect(byKey.has('model.expansion')).toBe(false);
    const wide = makeConfig({ 'model.width': 64, 'model.expansion': 2 });
    expect(
      diffOf([wide, c0.config]).differences.find(({ key }) => key === 'model.expansion')?.values,
    ).toEqual(['2', '–']);
    expect(byKey.has('model.width')).toBe(false);
    expect(same).toBeGreaterThan(5);
    expect(diffOf([a0.config, a0.config]).differences).toEqual([]);
  });

  test('says where the parameters went: the parts are the whole', () => {
    for (const { config } of runs) {
      const planned = plan(config);
      const costs = costsOf(config, planned);
      expect(costs.lift + costs.blocks + costs.head).toBe(planned.parameters.total);
      expect(costs.blocks).toBe(planned.parameters.block);
      expect(costs.memory.total).toBeGreaterThan(costs.memory.weights);
    }
  });

  test('ratios in as many digits as tell them from one', () => {
    expect([ratioWords(102, 100), ratioWords(20, 100), ratioWords(1234, 100), ratioWords(1, 0)]).toEqual([
      '1.02 ×',
      '0.2 ×',
      '12 ×',
      '–',
    ]);
  });
});

describe('who leads', () => {
  const group = (...accuracies: number[]): Group => ({
    key: `g${made}`,
    runs: accuracies.map((value, seed) => runOf({ seed }, value)),
    title: null,
  });

  test('with seeds in common the difference is taken within them', () => {
    const [better, worse] = [group(0.9, 0.8, 0.85, 0.82), group(0.88, 0.78, 0.83, 0.8)];
    const lead = leadOf([worse, better]);
    expect(lead).toMatchObject({ best: 1, next: 0, seeds: 4 });
    expect(lead?.by).toBeCloseTo(0.02, 12);
    // The seeds share their noise: what is left between them is exactly the lead.
    expect(lead?.interval?.[0]).toBeCloseTo(0.02, 9);
  });

  test('with one seed each it rests on the test images, and a small lead is none', () => {
    const lead = leadOf([group(0.8), group(0.805)]);
    expect(lead).toMatchObject({ best: 1, seeds: 1 });
    expect(lead?.interval?.[0]).toBeLessThan(0);
    expect(leadOf([group(0.8)])).toBeNull();
    expect(leadOf([])).toBeNull();
  });
});

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FitArguments, fitTable } from '../../src/cli/fit.ts';
import { lossSurface } from '../../src/core/fits/loss-surface.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'lab-fit-'));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const plain: FitArguments = {
  law: 'power-law',
  x: 'x',
  y: 'y',
  holdout: 0,
  bootstrap: 0,
  seed: 0,
  counting: 2,
};
const fitted = (path: string, options: Partial<FitArguments> = {}) =>
  fitTable(path, { ...plain, ...options }, () => {});

const sizes = [1e4, 3e4, 1e5, 3e5, 1e6, 3e6];
const surface = sizes.flatMap((n) =>
  sizes.map((d) => ({ n, d, loss: lossSurface.predict([0.4, 60, 90, 0.35, 0.45], [n, d]) })),
);
const surfaceCsv = file(
  'surface.csv',
  `D,loss,N\n${surface.map(({ n, d, loss }) => `${d},${loss},${n}`).join('\n')}\n`,
);

describe('lab fit', () => {
  const lab = (...args: string[]) =>
    spawnSync('npx', ['tsx', 'src/cli/main.ts', 'fit', ...args], { cwd: root, encoding: 'utf8' });

  test('answers with one line of JSON, notes on stderr', () => {
    const { status, stdout, stderr } = lab(
      surfaceCsv,
      '--law',
      'loss-surface',
      '--x',
      'N,D',
      '--y',
      'loss',
      '--bootstrap',
      '50',
      '--holdout',
      '4',
    );
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const answer = JSON.parse(stdout);
    expect(Object.keys(answer)).toEqual(
      expect.arrayContaining(['law', 'parameters', 'intervals', 'objective', 'rows', 'holdout', 'warnings']),
    );
    expect(answer).toMatchObject({ law: 'loss-surface', rows: 32, resamples: 50, holdout: { rows: 4 } });
    expect(answer.parameters.alpha).toBeCloseTo(0.35, 4);
    expect(answer.intervals.alpha[0]).toBeLessThanOrEqual(answer.intervals.alpha[1]);
    expect(stderr).toContain('32 rows'.replace('32', '36'));
  });

  test('exits 2 for wrong usage and 1 for rows that cannot be fitted, without a stack', () => {
    const cases = [
      [
        2,
        /no column "c"\. There are: D, loss, N/,
        surfaceCsv,
        '--law',
        'power-law',
        '--x',
        'c',
        '--y',
        'loss',
      ],
      [2, /Allowed choices are power-law/, surfaceCsv, '--law', 'straight', '--x', 'N', '--y', 'loss'],
      [
        1,
        /3 parameters, and 2 configurations/,
        file('two.csv', 'x,y\n1,2\n10,1\n'),
        '--law',
        'power-law-offset',
        '--x',
        'x',
        '--y',
        'y',
      ],
    ] as const;
    for (const [code, message, ...args] of cases) {
      const { status, stdout, stderr } = lab(...args);
      expect(status, stderr).toBe(code);
      expect(stdout).toBe('');
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
  });
});

describe('tables', () => {
  test('columns go by name: the letters of the law in any order', () => {
    const one = fitted(surfaceCsv, { law: 'loss-surface', x: 'N,D', y: 'loss' });
    const other = fitted(surfaceCsv, { law: 'loss-surface', x: 'D,N', y: 'loss' });
    expect(other.parameters).toEqual(one.parameters);
    expect(one).toMatchObject({ intervals: null, rows: 36, configurations: 36 });
  });

  test('JSON lines give the same as CSV', () => {
    const lines = surface
      .map(({ n, d, loss }) => JSON.stringify({ N: n, D: d, loss, note: 'text' }))
      .join('\n');
    const { parameters } = fitted(file('surface.jsonl', lines), { law: 'loss-surface', x: 'N,D', y: 'loss' });
    expect(parameters).toEqual(fitted(surfaceCsv, { law: 'loss-surface', x: 'N,D', y: 'loss' }).parameters);
  });

  test('a column can say what one configuration is', () => {
    const path = file('groups.csv', 'x,y,name\n1,8,a\n1,8.1,b\n10,4,c\n10,4.1,c\n100,2,d\n');
    expect(fitted(path).configurations).toBe(3);
    expect(fitted(path, { group: 'name' }).configurations).toBe(4);
  });

  const refused: readonly [string, string, Partial<FitArguments>, RegExp][] = [
    ['an empty file', '', {}, /is empty: it needs a header line/],
    ['a header alone', 'x,y\n', {}, /has a header and no rows/],
    [
      'text among numbers',
      'x,y\n1,2\n3,high\n',
      {},
      /row 2 \(line 3\): column "y" is "high", which is no finite number/,
    ],
    ['NaN', 'x,y\n1,2\n\n3,NaN\n', {}, /row 2 \(line 4\): column "y" is "NaN"/],
    ['an empty cell', 'x,y\n1,2\n3,\n', {}, /row 2 \(line 3\): column "y" is empty/],
    ['a row of another length', 'x,y\n1,2,3\n', {}, /row 1 \(line 2\): 3 cells under 2 column names/],
    ['a column twice', 'x,y,x\n1,2,3\n', {}, /two columns "x"/],
    ['a missing column', 'x,y\n1,2\n', { x: 'N,D' }, /no column "N", "D"\. There are: x, y/],
    [
      'two points for three parameters',
      'x,y\n1,2\n10,1\n',
      { law: 'power-law-offset' },
      /3 parameters, and 2 configurations/,
    ],
    ['repeats of two points', 'x,y\n1,2\n10,1\n1,2.1\n', { law: 'power-law-offset' }, /2 configurations/],
    [
      'the wrong number of inputs',
      'x,y\n1,2\n10,1\n',
      { law: 'loss-surface' },
      /takes 2 input columns, N \(parameters\), D \(examples\); 1 given/,
    ],
    ['nothing positive', 'x,y\n1,-2\n10,0\n', {}, /None of the 2 rows has positive numbers/],
    ['holding out too much', 'x,y\n1,8\n10,4\n100,2\n', { holdout: 2 }, /hold out at most 1/],
  ];
  test.each(refused)('%s is refused', (_, text, options, message) => {
    expect(() => fitted(file('bad.csv', text), options)).toThrow(message);
  });

  test('JSON lines that are cut or lack a value are refused by their line', () => {
    expect(() => fitted(file('cut.jsonl', '{"x": 1, "y": 2}\n{"x": 1'))).toThrow(
      /row 2 \(line 2\): not JSON/,
    );
    expect(() => fitted(file('list.jsonl', '[1, 2]'))).toThrow(/must be one object/);
    expect(() => fitted(file('null.jsonl', '{"x": 1, "y": 2}\n{"x": 3, "y": null}'))).toThrow(
      /row 2 .* "y" is empty/,
    );
    expect(() => fitted(file('none.jsonl', '\n'))).toThrow(/is empty/);
  });

  test('rows without a logarithm are left out and named', () => {
    const { rows, warnings } = fitted(file('zero.csv', 'x,y\n1,8\n10,4\n100,2\n1000,0\n'));
    expect(rows).toBe(3);
    expect(warnings.join(' ')).toMatch(/Left out row 4/);
  });
});

describe('folders of runs', () => {
  const widths = [16, 32, 64, 128];
  const runs = join(folder, 'runs');
  for (const [index, width] of widths.entries()) {
    for (const seed of [0, 1]) {
      const home = join(runs, `width-${width}-${seed}`);
      mkdirSync(home, { recursive: true });
      const loss = 3 * width ** -0.5 * (1 + 0.01 * seed);
      const record = {
        id: `${index}${seed}`,
        config: { 'model.width': width, seed },
        outcome: 'finished',
        dataset: { sha256: '0', order: 'built-in', train: 12_000, test: 2000 },
        measurement: { steps: 930, seconds: 4 },
      };
      writeFileSync(join(home, 'run.json'), JSON.stringify(record));
      const lines = [310, 620, 930].map(
        (step, i) =>
          ({ step, 'test/loss': loss * ([3, 1.5, 1][i] as number), 'test/accuracy': 0.5 + 0.1 * i }) as const,
      );
      writeFileSync(join(home, 'metrics.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    }
  }

  test('are a table of settings, final metrics and the letters of the laws', () => {
    const answer = fitted(runs, { x: 'model.width', y: 'test/loss' });
    expect(answer).toMatchObject({ rows: 8, configurations: 4 });
    expect(answer.parameters['c']).toBeCloseTo(-0.5, 6);
    const { parameters } = fitted(runs, { x: 'C', y: 'test/error' });
    expect(parameters['beta']).toBeCloseTo(0.3, 6);
    expect(() => fitted(join(runs, 'width-16-0'), { x: 'N', y: 'test/loss' })).toThrow(
      /1 configuration with/,
    );
  });

  test('give steps to a target chosen afterwards, and say which runs did not reach it', () => {
    const answer = fitted(runs, { x: 'N', y: 'steps-to:test/loss=0.6' });
    expect(answer.rows).toBe(6);
    expect(answer.warnings.join(' ')).toMatch(/Left out run width-16-0: goal not reached/);
  });

  test('leave out runs that diverged, by name', () => {
    const home = join(runs, 'width-999-0');
    mkdirSync(home);
    writeFileSync(
      join(home, 'run.json'),
      JSON.stringify({ config: { seed: 9 }, outcome: 'diverged', measurement: { steps: 3 } }),
    );
    writeFileSync(join(home, 'metrics.jsonl'), '');
    const { rows, warnings } = fitted(runs, { x: 'model.width', y: 'test/loss' });
    expect(rows).toBe(8);
    expect(warnings).toContain('Left out run width-999-0: it diverged.');
  });

  test('without a run are refused', () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    expect(() => fitted(empty)).toThrow(/no run in this folder/);
  });
});

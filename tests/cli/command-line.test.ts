// The contract of the command line: stdout carries JSON only, exit 0 done, 1 failed, 2 wrong usage.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

function lab(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('npx', ['tsx', 'src/cli/main.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const folder = mkdtempSync(join(tmpdir(), 'lab-'));

describe('lab describe', () => {
  test('answers with one line of JSON', () => {
    const { status, stdout } = lab('describe', 'data=cifar-10&model.preset=B_6-Wi_512');
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      config: { data: 'cifar-10', 'model.width': 512 },
      params: { total: 14_182_922, trainable: 14_182_922 },
      macsPerExample: 3072 * 512 + 6 * 2 * 4 * 512 * 512 + 512 * 10,
    });
  });

  test('takes a whole link and a JSON file', () => {
    const path = join(folder, 'config.json');
    writeFileSync(path, JSON.stringify({ 'model.width': 64, seed: 3 }));
    const fromFile = JSON.parse(lab('describe', path).stdout);
    const fromLink = JSON.parse(lab('describe', 'https://lab.example/#model.width=64&seed=3&v=1').stdout);
    expect(fromFile).toEqual(fromLink);
    expect(fromFile.config).toMatchObject({ 'model.width': 64, seed: 3 });
  });

  test('says on stderr what a link has that it does not know', () => {
    const { status, stderr } = lab('describe', 'model.wdith=64');
    expect(status).toBe(0);
    expect(stderr).toContain('model.wdith');
  });

  test('counts a sweep and what it costs, before anything starts', () => {
    const { stdout } = lab(
      'describe',
      'data=digits&train.epochs=1&sweep.train.batchSize=64,2048&sweep.seeds=2',
    );
    const { sweep, flopsPerStep } = JSON.parse(stdout);
    expect(sweep).toMatchObject({ trials: 2, refused: 2 });
    expect(sweep.flops).toBe(2 * 23 * (flopsPerStep / 2));
  });

  test('fails with exit 1 when the config cannot be trained, or the file is not JSON', () => {
    expect(lab('describe', 'train.batchSize=20000')).toMatchObject({ status: 1, stdout: '' });
    const path = join(folder, 'broken.json');
    writeFileSync(path, '{');
    expect(lab('describe', path)).toMatchObject({ status: 1, stdout: '' });
  });
});

describe('wrong usage', () => {
  test.each([
    [[]],
    [['fly']],
    [['describe']],
    [['train', 'model.width=64', '--backend', 'abacus']],
    [['train', 'model.width=64', '--trace', 'many']],
    [['train', 'model.wdith=64']],
    [['train', 'sweep.seeds=3']],
    [['export', 'nowhere', '--to', 'xls']],
  ])('lab %j exits with 2 and prints nothing on stdout', (args) => {
    expect(lab(...args)).toMatchObject({ status: 2, stdout: '' });
  });

  test('a run folder that is not there exits with 1', () => {
    expect(lab('export', join(folder, 'nowhere'), '--to', 'csv')).toMatchObject({ status: 1, stdout: '' });
  });
});

describe('lab export', () => {
  test('writes wide and long CSV beside the run', () => {
    writeFileSync(
      join(folder, 'metrics.jsonl'),
      '{"step":1,"train/loss":2.5}\n{"step":2,"train/loss":2.25,"test/accuracy":0.5}\n',
    );
    const { status, stdout } = lab('export', folder, '--to', 'csv');
    expect(status).toBe(0);
    expect(JSON.parse(stdout).files).toEqual([join(folder, 'metrics.csv'), join(folder, 'metrics-long.csv')]);
  });
});

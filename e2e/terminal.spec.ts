// Journey from a terminal: the same run twice is the same to the last bit; a stopped run goes on; files say all of it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'playwright/test';
import { decodeSafetensors } from '../src/core/safetensors.ts';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'lab-'));
const config =
  'data=digits&model=hourglass&model.width=24&augment=flip-crop&train.steps=60&train.labelSmoothing=0.1';

function lab(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('npx', ['tsx', 'src/cli/main.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

const lines = (name: string): Record<string, number>[] =>
  readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test('lab train answers in JSON and writes the run', () => {
  const answer = lab('train', config, '--backend', 'wasm', '--out', join(folder, 'one'), '--trace', '2');
  expect(answer).toMatchObject({ outcome: 'finished', backend: 'wasm', runner: 'compiled', steps: 60 });
  expect(answer.test.accuracy).toBeGreaterThan(0);
  expect(readdirSync(join(folder, 'one')).sort()).toEqual([
    'checkpoint.safetensors',
    'init.safetensors',
    'metrics.jsonl',
    'model.safetensors',
    'run.json',
    'trace.jsonl',
  ]);
  const record = JSON.parse(readFileSync(join(folder, 'one/run.json'), 'utf8'));
  expect(record).toMatchObject({
    id: answer.runId,
    config: {
      'model.bottleneck': 6,
      'model.norm': 'batch',
      'train.steps': 60,
      'optimizer.learningRate': 0.001,
    },
    environment: { backend: 'wasm', versions: { lab: '0.1.0' } },
    dataset: { id: 'digits', train: 1497, test: 300 },
    outcome: 'finished',
  });
  expect(record.config).not.toHaveProperty('train.epochs');
  const names = [...decodeSafetensors(readFileSync(join(folder, 'one/model.safetensors'))).tensors.keys()];
  expect(names).toEqual([
    'linear_in.weight',
    'norms.0.running_mean',
    'norms.0.running_var',
    'blocks.0.block.0.weight',
    'blocks.0.block.2.weight',
    'norms.1.running_mean',
    'norms.1.running_var',
    'blocks.1.block.0.weight',
    'blocks.1.block.2.weight',
    'linear_out.weight',
  ]);
  expect(lines('one/metrics.jsonl').map((line) => line['step'])).toEqual(
    Array.from({ length: 60 }, (_, i) => i + 1),
  );
  const [first, second] = lines('one/trace.jsonl');
  expect(first).toMatchObject({ step: 1, mixup: null, loss: lines('one/metrics.jsonl')[0]?.['train/loss'] });
  expect(second?.['indices']).toHaveLength(128);
});

test('the same command twice gives the same losses to the last bit', () => {
  lab('train', config, '--backend', 'wasm', '--out', join(folder, 'two'));
  const losses = (name: string) => lines(`${name}/metrics.jsonl`).map((line) => line['train/loss']);
  expect(losses('two')).toEqual(losses('one'));
  const init = (name: string) => readFileSync(join(folder, name, 'init.safetensors'));
  expect(init('two').equals(init('one'))).toBe(true);
});

test('--init starts from given weights, export writes CSV', () => {
  const init = join(folder, 'one/init.safetensors');
  lab('train', `${config}&seed=0`, '--backend', 'wasm', '--out', join(folder, 'three'), '--init', init);
  expect(lines('three/metrics.jsonl')[59]?.['train/loss']).toBe(
    lines('one/metrics.jsonl')[59]?.['train/loss'],
  );
  const { files } = lab('export', join(folder, 'one'), '--to', 'csv');
  expect(readFileSync(files[0], 'utf8').split('\r\n')[0]).toMatch(/^step,train\/loss,/);
});

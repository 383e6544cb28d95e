// `transfer.from` as a path: it becomes the weights' name, with their shape where none is written.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveBody } from '../../src/cli/body-argument.ts';
import { sha256Hex } from '../../src/core/hash.ts';
import { encodeSafetensors } from '../../src/core/safetensors.ts';
import { initialWeights } from '../../src/engine/initial-weights.ts';
import { decode } from '../../src/experiment/address.ts';
import { makeConfig, runId } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';

const folder = mkdtempSync(join(tmpdir(), 'body-'));
const config = makeConfig({ data: 'mnist', 'model.width': 24, 'model.depth': 1 });
const tensors = initialWeights(plan(config).layers, 1);
const bytes = encodeSafetensors(tensors);
const file = join(folder, 'official.safetensors');
writeFileSync(file, bytes);
writeFileSync(join(folder, 'model.safetensors'), encodeSafetensors(tensors, { run: runId(config) }));
writeFileSync(join(folder, 'run.json'), JSON.stringify({ id: runId(config) }));
const hash = sha256Hex(bytes).slice(0, 16);

const resolved = (argument: string, init?: string) => {
  const { argument: text, init: given } = resolveBody(argument, init);
  return { ...decode(text), given };
};

describe('a path', () => {
  test('of a file names its hash, brings its shape and the resolution that it reads', () => {
    const {
      config: read,
      problems,
      given,
    } = resolved(`data=digits&transfer.from=${encodeURIComponent(file)}`);
    expect(problems).toEqual([]);
    expect(given).toBe(file);
    expect(read).toMatchObject({
      'transfer.from': hash,
      'model.width': 24,
      'model.depth': 1,
      'data.resolution': 28,
    });
  });

  test('of a run folder names the run', () => {
    const { config: read, given } = resolved(`data=digits&transfer.from=${folder}&transfer.mode=probe`);
    expect(read).toMatchObject({ 'transfer.from': runId(config).slice(0, 16), 'transfer.mode': 'probe' });
    expect(given).toBe(join(folder, 'model.safetensors'));
  });

  test('that leads nowhere is refused', () => {
    expect(() => resolveBody('transfer.from=/nowhere/at.safetensors', undefined)).toThrow('no such file');
  });
});

test('what is written stays', () => {
  const { config: read } = resolved(`data=digits&model.width=64&transfer.from=${file}`);
  expect(read['model.width']).toBe(64);
  expect(read['model.depth']).toBe(1);
});

test('--init with settings of a transfer is the body', () => {
  expect(resolved('data=digits&transfer.mode=probe', file).config['transfer.from']).toBe(hash);
});

test('a name, or no transfer, is left as it is', () => {
  const name = `data=digits&transfer.from=${hash}`;
  expect(resolveBody(name, file)).toEqual({ argument: name, init: file });
  expect(resolveBody('data=digits', file)).toEqual({ argument: 'data=digits', init: file });
});

test('a sweep keeps its axes', () => {
  const { config: read, sweep } = resolved(
    `data=digits&transfer.from=${file}&sweep.optimizer.learningRate=1e-3,1e-2`,
  );
  expect(read['model.width']).toBe(24);
  expect(sweep?.axes.map(({ key }) => key)).toEqual(['optimizer.learningRate']);
});

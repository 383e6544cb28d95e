// PyTorch as an engine of the bench: a Python process that is asked over its pipe. Found at run time; absent is no error.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AGREEMENT_STEPS, type Ready, type Setup, type Timing } from './cases.ts';
import { LEARNING_RATE, startOf } from './start.ts';

/** A Python that has PyTorch, or null. */
export function findTorch(): string | null {
  const candidates = [process.env['PYTHON'], '/usr/bin/python3', 'python3'].filter(
    (path) => path !== undefined,
  );
  return (
    candidates.find(
      (path) => spawnSync(path, ['-c', 'import torch, numpy'], { stdio: 'ignore' }).status === 0,
    ) ?? null
  );
}

export interface Contestant {
  readonly ready: Ready;
  time(steps: number): Promise<Timing>;
  close(): Promise<void>;
}

export async function torchContestant(python: string, { config, batch, engine }: Setup): Promise<Contestant> {
  const start = startOf(config, batch, engine.rule);
  const folder = mkdtempSync(join(tmpdir(), 'lab-bench-'));
  writeFileSync(
    join(folder, 'weights.bin'),
    Buffer.concat(start.weights.map(({ values }) => Buffer.from(values.buffer))),
  );
  writeFileSync(join(folder, 'images.bin'), Buffer.from(start.images.buffer));
  const child = spawn(python, [join(import.meta.dirname, 'torch_peer.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  const ask = askerOf(child);
  const manifest = start.weights.map(({ name, values }) => [name, values.length]);
  const request = {
    folder,
    manifest,
    layers: start.layers,
    labels: [...start.labels],
    rate: LEARNING_RATE,
    agreement: AGREEMENT_STEPS,
  };
  const ready = (await ask(request)) as Ready;
  return {
    ready,
    time: async (steps) => (await ask({ steps })) as Timing,
    close() {
      child.kill();
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

function askerOf(child: ChildProcess): (request: object) => Promise<unknown> {
  if (!child.stdin || !child.stdout) throw new Error('PyTorch has no pipe.');
  const { stdin } = child;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (request) => {
    stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('PyTorch ended without an answer.');
    return JSON.parse(value as string);
  };
}

// PyTorch as an engine of the bench: a Python process that is asked over its pipe. Found at run time; absent is no error.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AGREEMENT_STEPS, type Contestant, type Ready, type Setup, type Timing } from './cases.ts';
import { LEARNING_RATE, startOf } from './start.ts';

/** Prints the version and what a product of 512 × 512 matrices reaches on one thread: a plain BLAS is no peer. */
const ABOUT = `
import time, torch, numpy
torch.set_num_threads(1)
a = torch.rand(512, 512)
a @ a
best = 1e9
for _ in range(5):
    began = time.perf_counter(); a @ a; best = min(best, time.perf_counter() - began)
print(f"{torch.__version__}, {2 * 512 ** 3 / best / 1e9:.0f} GFLOP/s a thread")
`;

export interface Torch {
  readonly python: string;
  /** "1.13.0, 80 GFLOP/s a thread". */
  readonly about: string;
}

/** A Python that has PyTorch, or null. */
export function findTorch(): Torch | null {
  for (const python of [process.env['PYTHON'], '/usr/bin/python3', 'python3']) {
    if (python === undefined) continue;
    const env = { ...process.env, OMP_NUM_THREADS: '1' };
    const { status, stdout } = spawnSync(python, ['-c', ABOUT], { encoding: 'utf8', env });
    if (status === 0) return { python, about: stdout.trim() };
  }
  return null;
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

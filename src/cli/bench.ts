// Runs the bench of tests/bench, which needs the development dependencies, in a process of its own.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './paths.ts';

/** Gives the exit status; the bench writes its JSON to stdout itself. */
export function bench(flags: readonly string[]): number {
  const script = join(root, 'tests/bench/bench.ts');
  const { status } = spawnSync('npx', ['tsx', script, ...flags], {
    cwd: root,
    stdio: 'inherit',
  });
  return status ?? 1;
}

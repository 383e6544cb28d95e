// Builds the page when the sources are newer than the last build.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build as viteBuild } from 'vite';
import { dist, root } from './paths.ts';

const sources = [
  'src',
  'public',
  'datasets',
  'index.html',
  'vite.config.ts',
  'package.json',
  'package-lock.json',
];

function newest(path: string): number {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** True when a source is newer than `dist/index.html`, or there is none. */
export function isStale(): boolean {
  const built = join(dist, 'index.html');
  if (!existsSync(built)) return true;
  const at = statSync(built).mtimeMs;
  return sources.some((source) => newest(join(root, source)) > at);
}

/** Builds when stale. Notes go to `report`; nothing is written to stdout. */
export async function ensureBuilt(report: (note: string) => void): Promise<void> {
  if (!isStale()) return;
  report('building the page …');
  const started = Date.now();
  await viteBuild({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'error' });
  report(`built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

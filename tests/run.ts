// All tests: the engine in a real browser and, beside it, pure logic in Node and then the journeys on the built page:
// the engine's tests mostly wait for one compiler. Prints the runners' own output and, last, their totals. Installs a
// browser where there is none.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from '../src/cli/chromium.ts';
import { root } from '../src/cli/paths.ts';

const run = (command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): number =>
  spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } }).status ??
  1;

function requireBrowser(): void {
  if (findChromium()) return;
  process.stderr.write('No Chrome or Chromium here: installing one.\n');
  if (
    run('npx', ['playwright', 'install', '--with-deps', 'chromium']) !== 0 &&
    process.platform === 'linux'
  ) {
    run('sh', ['-c', 'apt-get update -qq && apt-get install -y -qq chromium']);
  }
  if (findChromium()) return;
  process.stderr.write(
    'No browser could be installed. Install Chrome or Chromium, or name one in CHROMIUM=.\n',
  );
  process.exit(1);
}

interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

function report<T>(path: string): T | null {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : null;
}

function vitestTotals(path: string): Totals {
  const result = report<{ numPassedTests: number; numFailedTests: number; numPendingTests: number }>(path);
  if (!result) return { passed: 0, failed: 1, skipped: 0 };
  return { passed: result.numPassedTests, failed: result.numFailedTests, skipped: result.numPendingTests };
}

function playwrightTotals(path: string): Totals {
  const result = report<{ stats: { expected: number; unexpected: number; flaky: number; skipped: number } }>(
    path,
  );
  if (!result) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, unexpected, flaky, skipped } = result.stats;
  return { passed: expected + flaky, failed: unexpected, skipped };
}

requireBrowser();
const folder = join(root, 'out/tests');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const reportOf = (name: string): string => join(folder, `${name}.json`);

/** Ends with the exit status of what runs beside others. */
const beside = (args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<number> =>
  new Promise((done) => {
    const child = spawn('npx', [...args], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...environment },
    });
    child.on('close', (status) => done(status ?? 1));
  });

const project = (name: string): Promise<number> =>
  beside([
    ...['vitest', 'run', '--project', name, '--reporter=default', '--reporter=json'],
    `--outputFile.json=${reportOf(name)}`,
  ]);

async function pureThenJourneys(): Promise<readonly number[]> {
  const pure = await project('pure');
  const journeys = await beside(
    ['playwright', 'test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'],
    { PLAYWRIGHT_JSON_OUTPUT_NAME: reportOf('journeys') },
  );
  return [pure, journeys];
}

const statuses = (await Promise.all([project('engine'), pureThenJourneys()])).flat();
const totals = [
  vitestTotals(reportOf('pure')),
  vitestTotals(reportOf('engine')),
  playwrightTotals(reportOf('journeys')),
];
const sum = (key: keyof Totals): number => totals.reduce((all, part) => all + part[key], 0);
const failed = Math.max(sum('failed'), statuses.some((status) => status !== 0) ? 1 : 0);
const skipped = sum('skipped');
process.stdout.write(
  `${sum('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
);
process.exit(failed > 0 ? 1 : 0);

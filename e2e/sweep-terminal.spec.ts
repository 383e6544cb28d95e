// A sweep from a terminal: resumable from its folder alone, and the same numbers as in the page, to the last bit.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, open, test } from './lab.ts';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'lab-sweep-'));
const LINK =
  'data=digits&data.validationSize=97&augment=flip-crop&train.steps=150&sweep.model=isotropic,hourglass&sweep.equal=parameters&sweep.budget=3e3&sweep.seeds=2&v=1';

interface Line {
  readonly runId: string;
  readonly folder: string;
  readonly outcome: string;
  readonly reused: boolean;
  readonly train: { readonly loss: number };
  readonly test: { readonly loss: number; readonly accuracy: number };
}

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('npx', ['tsx', 'src/cli/main.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { status, stderr, lines: lines.map((line): Line => JSON.parse(line)) };
}

let first: readonly Line[] = [];
const record = ({ folder: at }: Line) => join(at, 'run.json');

test('lab sweep prints a line a finished run and writes a folder each, two at a time', () => {
  const { status, lines, stderr } = run('sweep', LINK, '--backend', 'wasm', '--jobs', '2', '--out', folder);
  expect(status, stderr).toBe(0);
  expect(lines).toHaveLength(4);
  expect(new Set(lines.map(({ runId }) => runId)).size).toBe(4);
  for (const line of lines) {
    expect(line).toMatchObject({ outcome: 'finished', reused: false, backend: 'wasm', steps: 150 });
    expect(readdirSync(line.folder).sort()).toEqual([
      'checkpoint.safetensors',
      'init.safetensors',
      'metrics.jsonl',
      'model.safetensors',
      'run.json',
    ]);
  }
  const grid = JSON.parse(readFileSync(join(folder, 'sweep.json'), 'utf8'));
  expect(grid.trials).toHaveLength(4);
  expect(existsSync(join(folder, 'sweep.lock'))).toBe(false);
  first = lines;
});

test('what is finished is not run again; what is half there is, with the same result', () => {
  const [cut, ...kept] = first as [Line, ...Line[]];
  const times = kept.map((line) => statSync(record(line)).mtimeMs);
  rmSync(record(cut));
  // The folder knows its sweep.
  const { status, lines, stderr } = run('sweep', '--backend', 'wasm', '--out', folder);
  expect(status, stderr).toBe(0);
  expect(lines.filter(({ reused }) => !reused).map(({ runId }) => runId)).toEqual([cut.runId]);
  expect(lines).toHaveLength(4);
  expect(kept.map((line) => statSync(record(line)).mtimeMs)).toEqual(times);
  expect(lines.find(({ runId }) => runId === cut.runId)?.train.loss).toBe(cut.train.loss);
});

test('the page gives the same losses for the same link, to the last bit', async ({ page }) => {
  await open(page);
  const report = await page.evaluate((link) => lab.sweep(link, { backend: 'wasm' }), LINK);
  const inPage = Object.fromEntries(
    report.trials.map(({ runId, final }) => [runId, [final?.['train/loss'], final?.['test/loss']]]),
  );
  expect(inPage).toEqual(
    Object.fromEntries(first.map(({ runId, train, test }) => [runId, [train.loss, test.loss]])),
  );
});

/** A `lab sweep` that is not waited for. */
function start(out: string, link: string) {
  const args = ['--import', 'tsx', 'src/cli/main.ts', 'sweep', link, '--backend', 'wasm', '--out', out];
  const child = spawn(process.execPath, args, { cwd: root, detached: true });
  const exit = new Promise<number | null>((done) => child.once('exit', done));
  const says = (stream: 'stdout' | 'stderr', text: RegExp): Promise<string> =>
    new Promise((done) => {
      let all = '';
      child[stream].on('data', (data) => {
        all += String(data);
        if (text.test(all)) done(all);
      });
    });
  return { child, exit, says };
}

test('killed or stopped in the middle, it goes on where it was; a second one is kept out meanwhile', async () => {
  const out = join(folder, 'cut');
  const link = 'data=digits&train.steps=1500&sweep.model.width=8,96&v=1';
  const killed = start(out, link);
  const line: Line = JSON.parse(await killed.says('stdout', /\n/));
  // It stands still, so that its second trial is not over before it is killed.
  process.kill(-(killed.child.pid as number), 'SIGSTOP');
  const second = run('sweep', '--out', out);
  expect(second).toMatchObject({ status: 1, lines: [] });
  expect(second.stderr).toContain('another lab sweep');
  process.kill(-(killed.child.pid as number), 'SIGKILL');
  await killed.exit;

  const stopped = start(out, link);
  await stopped.says('stderr', /: step \d+ of 1500/);
  stopped.child.kill('SIGINT');
  expect(await stopped.exit).toBe(1);

  const { status, lines, stderr } = run('sweep', '--backend', 'wasm', '--out', out);
  expect(status, stderr).toBe(0);
  expect(lines.map(({ reused }) => reused)).toEqual([true, false]);
  expect(lines[0]?.runId).toBe(line.runId);
  const steps = readFileSync(join(lines[1]?.folder ?? '', 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((text): number => JSON.parse(text).step);
  expect(steps).toEqual(Array.from({ length: 1500 }, (_, index) => index + 1));
});

test('a trial that a rival dominates is given up by the rule of the link, once and for all', () => {
  const out = join(folder, 'pruned');
  // A decay of 10 shrinks every weight by a tenth a step: nothing is learnt.
  const link =
    'data=digits&data.validationSize=97&train.batchSize=32&train.epochs=8&optimizer.learningRate=0.01&sweep.optimizer.weightDecay=0,10&sweep.tune=optimizer.weightDecay&sweep.prune=1.5';
  const { status, lines, stderr } = run('sweep', link, '--backend', 'wasm', '--out', out);
  expect(status, stderr).toBe(0);
  expect(lines.map(({ outcome }) => outcome)).toEqual(['finished', 'pruned']);
  const [, given] = lines as [Line, Line];
  const { pruned, measurement } = JSON.parse(readFileSync(record(given), 'utf8'));
  expect(pruned.loss).toBeGreaterThan(1.5 * pruned.rival);
  expect(measurement.steps).toBeLessThan(8 * 43);
  const again = run('sweep', '--backend', 'wasm', '--out', out);
  expect(again.lines.map(({ outcome, reused }) => [outcome, reused])).toEqual([
    ['finished', true],
    ['pruned', true],
  ]);
});

test('what cannot be swept says why', () => {
  const out = ['--out', join(folder, 'none')];
  expect(run('sweep', 'data=digits', ...out)).toMatchObject({ status: 2, lines: [] });
  expect(run('sweep', ...out)).toMatchObject({ status: 2, lines: [] });
  const many = run('sweep', 'sweep.seed=0..1e6+1&sweep.model.width=1..1e3+1', ...out);
  expect(many).toMatchObject({ status: 2, lines: [] });
  expect(many.stderr).toContain('1,000,001,000 cells');
  expect(run('sweep', 'sweep.train.batchSize=NaN', ...out).stderr).toContain('NaN is not a whole number');
  expect(run('sweep', 'train.batchSize=60000&sweep.seeds=2', ...out)).toMatchObject({ status: 1, lines: [] });
});

test('a study leaves what its runs say in the folder: verdict, figures and the fitted law', () => {
  const out = join(folder, 'study');
  const link =
    'study=scaling-law&data=digits&train.batchSize=32&sweep.model.width=4,8,16&sweep.data.trainSize=200,400,800&sweep.train.epochs=1,3&sweep.seeds=1';
  const { status, stderr } = run('sweep', link, '--backend', 'wasm', '--out', out);
  expect(status, stderr).toBe(0);
  const { study, runs, of, verdict, figures } = JSON.parse(readFileSync(join(out, 'finding.json'), 'utf8'));
  expect([study, runs, of]).toEqual(['scaling-law', 18, 18]);
  expect(stderr).not.toContain('Provisional');
  expect(stderr).toContain(verdict.evidence[0]);
  const points = figures[0].lines.flatMap(({ points: own }: { points: unknown[] }) => own);
  expect(points.length).toBeGreaterThan(10);
});

// `lab bench`: this lab beside stock tfjs, jax-js and PyTorch on the same networks, weights and batches. Rounds are
// interleaved and only ratios of one run are claimed. Progress on stderr, one line of JSON on stdout, both files in out/.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright';
import { createServer } from 'vite';
import { chromiumFlags, requireChromium } from '../../src/cli/chromium.ts';
import { root } from '../../src/cli/paths.ts';
import { macsPerExample } from '../../src/core/layers.ts';
import {
  batchSizes,
  type Case,
  cases,
  type Engine,
  engines,
  growth,
  type Ready,
  type Timing,
} from './cases.ts';
import { type CaseResult, difference, median, medians, ratiosOf, table } from './measure.ts';
import type { Reply, Request } from './peer.ts';
import { startOf } from './start.ts';
import { type Contestant, findTorch, torchContestant } from './torch.ts';

const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Losses of all engines after the same steps from the same start agree within this. */
const AGREEMENT = 1e-3;
/** A timed group of steps takes about so long. */
const GROUP_MS = 250;
const ROUNDS = 7;
const SLOW_ROUNDS = 2;
const LARGE_BATCH_ROUNDS = 3;

const { values: options } = parseArgs({
  options: { case: { type: 'string' }, quick: { type: 'boolean', default: false } },
});

async function openPage(): Promise<{ readonly page: Page; readonly close: () => Promise<void> }> {
  const server = await createServer({
    root,
    configFile: `${root}/vite.config.ts`,
    logLevel: 'error',
    cacheDir: `${root}/node_modules/.vite-bench`,
    optimizeDeps: { include: ['@jax-js/jax', '@tensorflow/tfjs-core/dist/register_all_gradients'] },
    server: { hmr: false },
  });
  await server.listen(0);
  const address = server.resolvedUrls?.local[0] ?? '';
  const browser = await chromium.launch({ executablePath: requireChromium(), args: [...chromiumFlags] });
  const page = await browser.newPage();
  const headers = {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Content-Type': 'text/html',
  };
  await page.route(`${address}bench`, (route) => route.fulfill({ headers, body: '<!doctype html>' }));
  page.on('console', (message) => message.type() === 'error' && note(`  page: ${message.text()}`));
  await page.goto(`${address}bench`);
  return {
    page,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

async function contestant(
  page: Page,
  python: string | null,
  one: Case,
  batch: number,
  engine: Engine,
): Promise<Contestant | null> {
  const setup = { config: one.config, batch, engine };
  if (engine.script === 'torch') return python ? torchContestant(python, setup) : null;
  const script = `/tests/bench/${engine.script}.worker.ts`;
  const worker = await page.evaluateHandle((url) => new Worker(url, { type: 'module' }), script);
  const ask = async (request: Request): Promise<Reply> => {
    const reply = await worker.evaluate(
      (on, message) =>
        new Promise<Reply>((resolve) => {
          on.onerror = (event) => resolve({ error: event.message });
          on.onmessage = ({ data }: MessageEvent<Reply>) => resolve(data);
          on.postMessage(message);
        }),
      request,
    );
    if ('error' in reply) throw new Error(`${engine.id}, case ${one.id}, batch ${batch}: ${reply.error}`);
    return reply;
  };
  const { ready } = (await ask({ prepare: setup })) as { ready: Ready };
  return {
    ready,
    time: async (steps) => ((await ask({ steps })) as { timing: Timing }).timing,
    close: () => worker.evaluate((one) => one.terminate()),
  };
}

function takesPart({ isSlow, rule, backend }: Engine, one: Case, batch: number): boolean {
  if (isSlow && batch === 1024) return false;
  if (rule === 'lion' && batch !== 128) return false;
  return !(options.quick && (rule === 'lion' || (one.id === 'b' && backend === 'webgpu')));
}

async function runCase(page: Page, python: string | null, one: Case, batch: number): Promise<CaseResult> {
  note(`case ${one.id}, batch ${batch}`);
  const field: { engine: Engine; entry: Contestant; steps: number; times: (number | null)[] }[] = [];
  for (const engine of engines.filter((candidate) => takesPart(candidate, one, batch))) {
    const entry = await contestant(page, python, one, batch, engine);
    if (!entry) continue;
    const { ms } = await entry.time(1);
    field.push({ engine, entry, steps: Math.max(1, Math.min(100, Math.round(GROUP_MS / ms))), times: [] });
  }
  const losses = (id: string): readonly number[] =>
    field.find(({ engine }) => engine.id === id)?.entry.ready.losses ?? [];
  const agreement: Record<string, number> = {};
  for (const { engine, entry } of field) {
    if (engine.variant === 'products') continue;
    const ours = losses(engine.rule === 'lion' ? 'labWebgpuLion' : 'labWasm');
    agreement[engine.id] = difference(entry.ready.losses, ours);
    if (!((agreement[engine.id] as number) <= AGREEMENT))
      throw new Error(
        `${engine.id} trains another network: losses ${entry.ready.losses}, this lab's ${ours}.`,
      );
  }
  const rounds = options.quick || batch === 1024 ? LARGE_BATCH_ROUNDS : ROUNDS;
  for (let round = 0; round < rounds; round++) {
    for (const { engine, entry, steps, times } of field) {
      if (engine.isSlow && round >= SLOW_ROUNDS) {
        times.push(null);
        continue;
      }
      times.push((await entry.time(steps)).ms);
    }
  }
  const ready = field.find(({ engine }) => engine.id === 'labWebgpu')?.entry.ready;
  for (const { entry } of field) await entry.close();
  const measured = new Map(field.map(({ engine, times }) => [engine.id, times]));
  const result = {
    id: one.id,
    batch,
    ms: medians(measured),
    ...ratiosOf(measured),
    agreement,
    step: ready
      ? { dispatches: ready.dispatches ?? 0, bytes: ready.bytes ?? 0, encodeMs: ready.encodeMs ?? 0 }
      : {},
  };
  note(`  ${JSON.stringify({ ms: result.ms, ratios: result.ratios, step: result.step })}`);
  return result;
}

/** Time per FLOP of the WASM step as the network grows: [FLOPs a step, picoseconds per FLOP]. */
async function runGrowth(page: Page): Promise<readonly (readonly [flops: number, ps: number])[]> {
  note('cost against FLOPs');
  const [engine] = engines.filter(({ id }) => id === 'labWasm');
  if (!engine) return [];
  const entries: {
    readonly flops: number;
    readonly entry: Contestant;
    readonly steps: number;
    readonly times: number[];
  }[] = [];
  for (const [index, config] of growth.entries()) {
    const entry = await contestant(page, null, { id: `growth-${index}`, config }, 128, engine);
    if (!entry) continue;
    const { ms } = await entry.time(2);
    const { layers } = startOf(config, 128, 'adamw');
    entries.push({
      flops: 6 * macsPerExample(layers) * 128,
      entry,
      steps: Math.max(1, Math.round(GROUP_MS / ms)),
      times: [],
    });
  }
  for (let round = 0; round < ROUNDS; round++)
    for (const { entry, steps, times } of entries) times.push((await entry.time(steps)).ms);
  for (const { entry } of entries) await entry.close();
  return entries.map(({ flops, times }) => [flops, (median(times) * 1e9) / flops] as const);
}

async function main(): Promise<void> {
  const chosen = cases.filter(({ id }) => options.case === undefined || options.case === id);
  if (chosen.length === 0) {
    note(`There is no case "${options.case}": choose ${cases.map(({ id }) => id).join(', ')}.`);
    process.exitCode = 2;
    return;
  }
  const python = findTorch();
  if (!python) note('No Python with PyTorch was found: that column stays empty.');
  const { page, close } = await openPage();
  const results: CaseResult[] = [];
  try {
    for (const one of chosen)
      for (const batch of options.quick ? [128] : batchSizes)
        results.push(await runCase(page, python, one, batch));
    const grown = options.case === undefined && !options.quick ? await runGrowth(page) : [];
    const machine = {
      processor: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      browser: page.context().browser()?.version() ?? '',
      python: python !== null,
      date: new Date().toISOString().slice(0, 10),
    };
    const answer = { machine, cases: results, growth: grown };
    const text = [
      `${machine.processor}, ${machine.cores} cores, Chromium ${machine.browser}, ${machine.date}.`,
      table(results),
      ...(grown.length > 0
        ? [
            'WASM time per FLOP as the network grows (ps):',
            grown
              .map(([flops, ps]) => `- ${(flops / 1e9).toPrecision(3)} GFLOP a step: ${ps.toPrecision(3)}`)
              .join('\n'),
          ]
        : []),
    ].join('\n\n');
    mkdirSync(`${root}/out`, { recursive: true });
    writeFileSync(`${root}/out/bench.json`, `${JSON.stringify(answer, null, 2)}\n`);
    writeFileSync(`${root}/out/bench.md`, `${text}\n`);
    note(`\n${text}\n`);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  } finally {
    await close();
  }
}

await main();

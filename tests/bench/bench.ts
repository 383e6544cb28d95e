// `lab bench`: this lab beside stock tfjs, jax-js and PyTorch on the same networks, weights and batches. Only ratios of
// one run are claimed. Progress on stderr, one line of JSON on stdout, both files in out/.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { root } from '../../src/cli/paths.ts';
import { batchSizes, cases } from './cases.ts';
import { runCase, runGrowth, type Start } from './contest.ts';
import { type CaseResult, growthTable, table } from './measure.ts';
import { openBenchPage } from './page.ts';
import { findTorch, torchContestant } from './torch.ts';

const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const { values: options } = parseArgs({
  options: { case: { type: 'string' }, quick: { type: 'boolean', default: false } },
});

async function main(): Promise<void> {
  const chosen = cases.filter(({ id }) => options.case === undefined || options.case === id);
  if (chosen.length === 0) {
    note(`There is no case "${options.case}": choose ${cases.map(({ id }) => id).join(', ')}.`);
    process.exitCode = 2;
    return;
  }
  const began = performance.now();
  const torch = findTorch();
  note(torch ? `PyTorch: ${torch.about}` : 'No Python with PyTorch was found: that column stays empty.');
  const page = await openBenchPage(note);
  const start: Start = async ({ config }, batch, engine) => {
    const setup = { config, batch, engine };
    if (engine.script !== 'torch') return page.contestant(setup);
    return torch ? torchContestant(torch.python, setup) : null;
  };
  try {
    const results: CaseResult[] = [];
    for (const one of chosen)
      for (const batch of options.quick ? [128] : batchSizes) {
        note(`case ${one.id}, batch ${batch}`);
        const result = await runCase(start, one, batch, options.quick);
        note(`  ${JSON.stringify({ ms: result.ms, ratios: result.ratios, step: result.step })}`);
        results.push(result);
      }
    const isWhole = options.case === undefined && !options.quick;
    if (isWhole) note('cost against FLOPs');
    const grown = isWhole ? await runGrowth(start) : [];
    const machine = {
      processor: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      browser: page.browserVersion,
      torch: torch?.about ?? null,
      date: new Date().toISOString().slice(0, 10),
      minutes: Number(((performance.now() - began) / 60_000).toFixed(1)),
    };
    const answer = { machine, cases: results, growth: grown };
    const about = `${machine.processor}, ${machine.cores} cores, Chromium ${machine.browser}, ${machine.date}, ${machine.minutes} minutes. PyTorch: ${machine.torch ?? 'not there'}.`;
    const text = [about, table(results), ...(grown.length > 0 ? [growthTable(grown)] : [])].join('\n\n');
    mkdirSync(`${root}/out`, { recursive: true });
    writeFileSync(`${root}/out/bench.json`, `${JSON.stringify(answer, null, 2)}\n`);
    writeFileSync(`${root}/out/bench.md`, `${text}\n`);
    note(`\n${text}\n`);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  } finally {
    await page.close();
  }
}

await main();

// A run's folder: what `lab train` and `lab sweep` write, and what going on from it needs.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import type { Lab, TrainResult } from '../experiment/lab-api.ts';
import type { Execution } from '../experiment/protocol.ts';
import { type LabPage, readBytes } from './page.ts';
import { root } from './paths.ts';

declare const lab: Lab;

export const CHECKPOINT = 'checkpoint.safetensors';
export const METRICS = 'metrics.jsonl';
const INIT = 'init.safetensors';
export const MODEL = 'model.safetensors';
export const RUN = 'run.json';
const TUNINGS = 'kernel-tunings.json';

/**
 * How the run of a folder (to be resumed) or of a `run.json` (to be reproduced) was executed; undefined where that is not
 * recorded.
 */
export function recordedExecution(argument: string, resume: string | undefined): Execution | undefined {
  const path = resume ? join(resume, RUN) : argument;
  if (!path.endsWith('.json') || !existsSync(path)) return undefined;
  const { environment } = JSON.parse(readFileSync(path, 'utf8')) as { environment?: Partial<Execution> };
  const { backend, runner, threads, kernelVariants } = environment ?? {};
  if (!backend || !runner || !threads) return undefined;
  return { backend, runner, threads, ...(kernelVariants ? { kernelVariants } : {}) };
}

function versions(): Record<string, string> {
  const { version, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  return { lab: version, tfjs: dependencies['@tensorflow/tfjs-core'] ?? '' };
}

/** Lines of an earlier part of the run, up to the step that it went on from. */
function earlierLines(folder: string | undefined, firstStep: number): string {
  const path = folder && join(folder, METRICS);
  if (!path || !existsSync(path)) return '';
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && (JSON.parse(line) as { step: number }).step < firstStep)
    .map((line) => `${line}\n`)
    .join('');
}

const firstStepOf = (lines: string): number => {
  const end = lines.indexOf('\n');
  return end < 0 ? Number.POSITIVE_INFINITY : (JSON.parse(lines.slice(0, end)) as { step: number }).step;
};

/** What is written of a run, whether it has ended or not. */
type WrittenResult = Omit<TrainResult, 'outcome'> & { readonly outcome: string };

/** Writes `run.json`, `metrics.jsonl`, weights, checkpoint and trace into the folder. */
export async function writeRun(
  folder: string,
  { page, browser }: LabPage,
  result: WrittenResult,
  options: { readonly resume?: string | undefined; readonly trace: number },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { key } = result;
  // Whoever is cut off leaves the file of before, never half of one.
  const write = (name: string, bytes: Buffer | string | null): void => {
    if (bytes === null) return;
    writeFileSync(join(folder, `${name}.part`), bytes);
    renameSync(join(folder, `${name}.part`), join(folder, name));
  };
  const { config, trace, card } = await describeRun(page, key);
  // The checkpoint is read before the metrics and written after them: its steps are always among theirs.
  const checkpoint = await readBytes(page, key, 'checkpoint');
  const lines = (await readBytes(page, key, 'jsonl'))?.toString('utf8') ?? '';
  write(METRICS, earlierLines(options.resume, firstStepOf(lines)) + lines);
  const first = options.resume ? join(options.resume, INIT) : '';
  write(INIT, first && existsSync(first) ? readFileSync(first) : await readBytes(page, key, 'init'));
  write(MODEL, await readBytes(page, key, 'model'));
  if (Number(config['train.ema']) > 0) write('average.safetensors', await readBytes(page, key, 'average'));
  write(CHECKPOINT, checkpoint);
  if (options.trace > 0) write('trace.jsonl', trace.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const { outcome, device, steps, seconds, examplesPerSecond, train: trained, test, tta } = result;
  const record = {
    id: result.runId,
    config,
    environment: {
      backend: device?.backend ?? null,
      runner: device?.runner ?? null,
      threads: device?.threads ?? null,
      adapter: device?.adapter ?? null,
      kernelVariants: device?.kernelVariants ?? {},
      note: device?.note ?? null,
      browser,
      versions: versions(),
    },
    dataset: card,
    outcome,
    measurement: { steps, seconds, examplesPerSecond, train: trained, test, ...(tta ? { tta } : {}) },
    failure: result.failure,
    ...(result.pruned ? { pruned: result.pruned } : {}),
  };
  const { known } = await page.evaluate(() => lab.tuning());
  if (known.length > 0) write(TUNINGS, `${JSON.stringify(known, null, 2)}\n`);
  write(RUN, `${JSON.stringify(record, null, 2)}\n`);
}

async function describeRun(page: Page, key: string) {
  return page.evaluate(async (runKey) => {
    const config = await lab.config(runKey);
    const card = await lab.data(String(config['data']));
    return {
      config,
      trace: await lab.trace(runKey),
      card: card && {
        id: card.id,
        sha256: card.sha256,
        order: card.order,
        train: card.train,
        test: card.test,
        shape: card.shape,
        classes: card.classes,
        normalisation: card.normalisation,
      },
    };
  }, key);
}

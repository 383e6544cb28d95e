// `lab train`: one run on the built page, its progress on stderr, its files in a folder.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { toError } from '../core/failure.ts';
import { scoreNames, scoreWords } from '../core/scores.ts';
import { encode } from '../experiment/address.ts';
import { executionWords } from '../experiment/execution.ts';
import type { Lab, TrainProgress, TrainResult } from '../experiment/lab-api.ts';
import type { BackendChoice, Execution, RunnerChoice } from '../experiment/protocol.ts';
import { readTrainable } from './config-argument.ts';
import { type LabPage, openLab, pickFiles, readBytes } from './page.ts';
import { root } from './paths.ts';

declare const lab: Lab;

export interface TrainArguments {
  readonly backend: BackendChoice;
  readonly runner: RunnerChoice;
  readonly data?: string;
  readonly out?: string;
  readonly init?: string;
  readonly resume?: string;
  readonly trace: number;
  /** False: nothing is measured, the fixed tables choose. */
  readonly tuning: boolean;
}

/** The one line that `lab train` answers with. */
export interface TrainAnswer
  extends Pick<TrainResult, 'runId' | 'steps' | 'seconds' | 'examplesPerSecond' | 'train' | 'test'> {
  readonly outcome: string;
  readonly backend: string | null;
  readonly runner: string | null;
  readonly adapter: string | null;
}

const CHECKPOINT = 'checkpoint.safetensors';
const METRICS = 'metrics.jsonl';
const INIT = 'init.safetensors';
const RUN = 'run.json';
const TUNINGS = 'kernel-tunings.json';

/**
 * How the run of a folder (to be resumed) or of a `run.json` (to be reproduced) was executed; undefined where that is not
 * recorded.
 */
function recordedExecution(argument: string, resume: string | undefined): Execution | undefined {
  const path = resume ? join(resume, RUN) : argument;
  if (!path.endsWith('.json') || !existsSync(path)) return undefined;
  const { environment } = JSON.parse(readFileSync(path, 'utf8')) as { environment?: Partial<Execution> };
  const { backend, runner, threads, kernelVariants } = environment ?? {};
  if (!backend || !runner || !threads) return undefined;
  return { backend, runner, threads, ...(kernelVariants ? { kernelVariants } : {}) };
}

function progressLine({
  step,
  totalSteps,
  stepsPerSecond,
  etaSeconds,
  trainLoss,
  test,
}: TrainProgress): string {
  const parts = [
    `step ${step}${totalSteps === null ? '' : ` of ${totalSteps}`}`,
    `${stepsPerSecond.toFixed(1)} steps/s`,
    ...(etaSeconds === null ? [] : [`${Math.ceil(etaSeconds)} s left`]),
    ...(trainLoss === null ? [] : [`loss ${trainLoss.toPrecision(4)}`]),
    ...scoreNames.flatMap((name) => {
      const value = name === 'loss' ? null : test[name];
      return value == null ? [] : [`test ${scoreWords[name].label} ${scoreWords[name].format(value)}`];
    }),
  ];
  return parts.join(', ');
}

/** Throws when nothing could be trained; a run that failed on the way throws after its files were written. */
export async function train(
  argument: string,
  options: TrainArguments,
  note: (text: string) => void,
): Promise<TrainAnswer> {
  const { config, readOnly } = readTrainable(argument, note);
  if (readOnly) throw new Error('This link was made by a newer lab; update the lab to train it.');
  const link = encode(config);
  const checkpoint = options.resume ? join(options.resume, CHECKPOINT) : undefined;
  if (checkpoint && !existsSync(checkpoint))
    throw new Error(`${checkpoint}: there is no checkpoint to go on from.`);
  const execution = recordedExecution(argument, options.resume);
  const opened = await openLab(options.backend, note);
  const { page } = opened;
  try {
    if (options.data) {
      const files = await pickFiles(page, options.data);
      await page.evaluate(([id, picked]) => lab.load(id as string, picked as never), [
        config.data,
        files,
      ] as const);
    }
    if (!options.tuning) await page.evaluate(() => lab.setTuning(false));
    let noted = 0;
    await page.exposeFunction('labProgress', (progress: TrainProgress) => {
      if (Date.now() - noted < 1000) return;
      noted = Date.now();
      note(progressLine(progress));
    });
    const interrupt = (): void => {
      note('stopping …');
      void page.evaluate(() => lab.stop());
    };
    process.once('SIGINT', interrupt);
    const result = await page.evaluate(
      async ([text, backend, runner, trace, init, resume, recorded]) => {
        const { labProgress } = globalThis as unknown as { labProgress: (progress: object) => void };
        return lab.train(text, {
          backend,
          runner,
          ...(trace > 0 ? { trace } : {}),
          ...(init ? { init: init[0] as never } : {}),
          ...(resume ? { resume: resume[0] as never } : {}),
          ...(recorded ? { execution: recorded } : {}),
          onEvent: (progress) => labProgress(progress),
        });
      },
      [
        link,
        options.backend,
        options.runner,
        options.trace,
        options.init ? ((await pickFiles(page, options.init)) as unknown as unknown[]) : null,
        checkpoint ? ((await pickFiles(page, checkpoint)) as unknown as unknown[]) : null,
        execution ?? null,
      ] as const,
    );
    process.off('SIGINT', interrupt);
    if (result.device) note(`computed by ${executionWords(result.device)}`);
    if (result.device?.note) note(`note: ${result.device.note}`);
    const folder = options.out ?? options.resume;
    if (folder) await writeRun(folder, opened, result, options);
    if (result.failure) throw toError(result.failure);
    const { runId, steps, seconds, examplesPerSecond } = result;
    return {
      runId,
      outcome: result.outcome,
      backend: result.device?.backend ?? null,
      runner: result.device?.runner ?? null,
      adapter: result.device?.adapter ?? null,
      steps,
      seconds,
      examplesPerSecond,
      train: result.train,
      test: result.test,
    };
  } finally {
    await opened.close();
  }
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

/** Writes `run.json`, `metrics.jsonl`, weights, checkpoint and trace into the folder. */
async function writeRun(
  folder: string,
  { page, browser }: LabPage,
  result: TrainResult,
  options: TrainArguments,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { key } = result;
  const write = (name: string, bytes: Buffer | string | null): void => {
    if (bytes !== null) writeFileSync(join(folder, name), bytes);
  };
  const { config, trace, card } = await describeRun(page, key);
  const lines = (await readBytes(page, key, 'jsonl'))?.toString('utf8') ?? '';
  write(METRICS, earlierLines(options.resume, firstStepOf(lines)) + lines);
  const first = options.resume ? join(options.resume, INIT) : '';
  write(INIT, first && existsSync(first) ? readFileSync(first) : await readBytes(page, key, 'init'));
  write('model.safetensors', await readBytes(page, key, 'model'));
  if (Number(config['train.ema']) > 0) write('average.safetensors', await readBytes(page, key, 'average'));
  write(CHECKPOINT, await readBytes(page, key, 'checkpoint'));
  if (options.trace > 0) write('trace.jsonl', trace.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const { outcome, device, steps, seconds, examplesPerSecond, train: trained, test } = result;
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
    measurement: { steps, seconds, examplesPerSecond, train: trained, test },
    failure: result.failure,
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
      },
    };
  }, key);
}

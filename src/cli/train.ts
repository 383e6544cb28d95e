// `lab train`: one run on the built page, its progress on stderr, its files in a folder.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { toError } from '../core/failure.ts';
import { encode } from '../experiment/address.ts';
import { executionWords } from '../experiment/execution.ts';
import type { Lab } from '../experiment/lab-api.ts';
import type { BackendChoice, RunnerChoice } from '../experiment/protocol.ts';
import { resolveBody } from './body-argument.ts';
import { readTrainable } from './config-argument.ts';
import { openLab } from './page.ts';
import { CHECKPOINT, recordedExecution, writeRun } from './run-folder.ts';
import {
  answerOf,
  everySecond,
  loadFiles,
  progressLine,
  type TrainAnswer,
  trainOnPage,
} from './train-on-page.ts';

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

/** Throws when nothing could be trained; a run that failed on the way throws after its files were written. */
export async function train(
  written: string,
  options: TrainArguments,
  note: (text: string) => void,
): Promise<TrainAnswer> {
  const { argument, init } = resolveBody(written, options.init);
  const { config, readOnly } = readTrainable(argument, note);
  if (readOnly) throw new Error('This link was made by a newer lab; update the lab to train it.');
  const checkpoint = options.resume ? join(options.resume, CHECKPOINT) : undefined;
  if (checkpoint && !existsSync(checkpoint))
    throw new Error(`${checkpoint}: there is no checkpoint to go on from.`);
  const execution = recordedExecution(argument, options.resume);
  const opened = await openLab(options.backend, note);
  const { page } = opened;
  try {
    if (options.data) await loadFiles(page, config.data, options.data);
    if (!options.tuning) await page.evaluate(() => lab.setTuning(false));
    const interrupt = (): void => {
      note('stopping …');
      void page.evaluate(() => lab.stop());
    };
    process.once('SIGINT', interrupt);
    const result = await trainOnPage(opened, encode(config), {
      ...options,
      init,
      checkpoint,
      execution,
      onProgress: everySecond((progress) => note(progressLine(progress))),
    });
    process.off('SIGINT', interrupt);
    if (result.device) note(`computed by ${executionWords(result.device)}`);
    if (result.device?.note) note(`note: ${result.device.note}`);
    const folder = options.out ?? options.resume;
    if (folder) await writeRun(folder, opened, result, options);
    if (result.failure) throw toError(result.failure);
    return answerOf(result);
  } finally {
    await opened.close();
  }
}

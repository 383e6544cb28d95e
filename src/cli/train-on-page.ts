// One run on an opened page: what `lab train` does once and `lab sweep` for each trial.
import type { Page } from 'playwright';
import { scoreNames, scoreWords } from '../core/scores.ts';
import type { Lab, TrainOptions, TrainProgress, TrainResult } from '../experiment/lab-api.ts';
import type { BackendChoice, Execution, RunnerChoice } from '../experiment/protocol.ts';
import { type LabPage, pickFiles } from './page.ts';

declare const lab: Lab;

/** The one line that `lab train` answers with. */
export interface TrainAnswer
  extends Pick<TrainResult, 'runId' | 'steps' | 'seconds' | 'examplesPerSecond' | 'train' | 'test' | 'tta'> {
  readonly outcome: string;
  readonly backend: string | null;
  readonly runner: string | null;
  readonly adapter: string | null;
}

/** What a line of stdout says of a run. */
export function answerOf({ runId, outcome, device, steps, seconds, ...rest }: TrainResult): TrainAnswer {
  return {
    runId,
    outcome,
    backend: device?.backend ?? null,
    runner: device?.runner ?? null,
    adapter: device?.adapter ?? null,
    steps,
    seconds,
    examplesPerSecond: rest.examplesPerSecond,
    train: rest.train,
    test: rest.test,
    ...(rest.tta ? { tta: rest.tta } : {}),
  };
}

/** A run's progress in one line. */
export function progressLine({
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

/** Calls at most once a second. */
export function everySecond<T>(call: (value: T) => void): (value: T) => void {
  let called = 0;
  return (value) => {
    if (Date.now() - called < 1000) return;
    called = Date.now();
    call(value);
  };
}

/** Loads a dataset of the page from files of this machine. */
export async function loadFiles(page: Page, dataset: string, path: string): Promise<void> {
  const files = await pickFiles(page, path);
  await page.evaluate(([id, picked]) => lab.load(id as string, picked as never), [dataset, files] as const);
}

interface OnPage {
  readonly backend: BackendChoice;
  readonly runner: RunnerChoice;
  readonly trace: number;
  /** Files of this machine. */
  readonly init?: string | undefined;
  readonly checkpoint?: string | undefined;
  readonly execution?: Execution | undefined;
  readonly rivals?: TrainOptions['rivals'];
  readonly onProgress: (progress: TrainProgress) => void;
}

/** Trains a link in the page until it ends. */
export async function trainOnPage(
  { page, reports }: LabPage,
  link: string,
  { backend, runner, trace, init, checkpoint, execution, rivals, onProgress }: OnPage,
): Promise<TrainResult> {
  reports.listener = onProgress;
  const pick = async (path: string | undefined) =>
    path === undefined ? null : ((await pickFiles(page, path)) as unknown as unknown[]);
  return page.evaluate(
    async ([text, options, first, last]) => {
      const { labProgress } = globalThis as unknown as { labProgress: (progress: object) => void };
      return lab.train(text, {
        ...options,
        ...(first ? { init: first[0] as never } : {}),
        ...(last ? { resume: last[0] as never } : {}),
        onEvent: (progress) => labProgress(progress),
      });
    },
    [
      link,
      {
        backend,
        runner,
        ...(trace > 0 ? { trace } : {}),
        ...(execution ? { execution } : {}),
        ...(rivals ? { rivals } : {}),
      },
      await pick(init),
      await pick(checkpoint),
    ] as const,
  );
}

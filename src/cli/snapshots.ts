// While a trial trains, its newest checkpoint and metrics are written to its folder now and then: a machine that goes
// down loses minutes, not the trial.
import type { Lab, RunSummary } from '../experiment/lab-api.ts';
import type { LabPage } from './page.ts';
import { writeRun } from './run-folder.ts';

declare const lab: Lab;

const INTERVAL_MS = 30_000;
/** Writing takes at most this share of the time. */
const SHARE = 0.05;

async function underway({ page }: LabPage): Promise<RunSummary | undefined> {
  return (await page.evaluate(() => lab.runs())).find(({ state }) => state === 'running');
}

/** Keeps writing until it is stopped; `stop` resolves when the last write is over. */
export function keepSnapshots(
  opened: LabPage,
  folder: string,
  written: Parameters<typeof writeRun>[3],
): { readonly stop: () => Promise<void> } {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing: Promise<void> = Promise.resolve();
  let step = 0;

  async function write(): Promise<void> {
    const run = await underway(opened);
    if (!run || stopped || run.checkpointStep === null || run.checkpointStep <= step) return;
    step = run.checkpointStep;
    const { key, runId, device, seconds } = run;
    const unknown = {
      examplesPerSecond: 0,
      train: { loss: null },
      test: { loss: null },
      failure: null,
      pruned: null,
    };
    await writeRun(
      folder,
      opened,
      { key, runId, device, seconds, steps: step, outcome: 'stopped', ...unknown },
      written,
    );
  }

  function next(wait: number): void {
    timer = setTimeout(() => {
      const began = Date.now();
      writing = write()
        .catch(() => {}) // The page is going away: what is written stands.
        .then(() => {
          if (!stopped) next(Math.max(INTERVAL_MS, (Date.now() - began) / SHARE));
        });
    }, wait);
  }

  next(INTERVAL_MS);
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      return writing;
    },
  };
}

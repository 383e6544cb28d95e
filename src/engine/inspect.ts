// Looks into stored weights. What was opened last is kept, so that looking again costs no reading; all of it can be let
// go of at any time.
import type { Dataset } from '../core/dataset.ts';
import { LabError } from '../core/failure.ts';
import type { Command } from '../experiment/protocol.ts';
import type { Sight } from '../experiment/sight.ts';
import type { Device } from './device.ts';
import { type Prepared, prepare, type SplitRows } from './prepare.ts';
import type { Runner, RunnerMaker } from './runner.ts';
import { answers } from './sights/answers.ts';
import { filters } from './sights/filters.ts';
import { gallery } from './sights/gallery.ts';
import { guess } from './sights/guess.ts';
import { images } from './sights/images.ts';
import { layerStatistics } from './sights/layers.ts';

export type Inspection = Omit<Extract<Command, { kind: 'inspect' }>, 'kind'>;

/** What a look needs beside the question. */
export interface Surroundings {
  readonly dataset: Dataset;
  readonly rows: SplitRows;
  readonly device: Device;
  readonly makeRunner: RunnerMaker;
  /** A run that trains is to stop: a long look is given up. */
  readonly isHurried: () => boolean;
}

export interface Inspector {
  /** Throws LabError `checkpoint-incompatible`, `config-invalid` where there is nothing to see, or what the device throws. */
  look(
    inspection: Inspection,
    around: Surroundings,
  ): Promise<{ readonly step: number; readonly sight: Sight }>;
  /** Lets go of what is kept. */
  forget(): void;
}

export function createInspector(): Inspector {
  let held: {
    readonly runId: string;
    readonly step: number;
    readonly dataset: Dataset;
    readonly prepared: Prepared;
  } | null = null;

  async function open(
    { runId, step, config, from, parent }: Inspection,
    around: Surroundings,
  ): Promise<Prepared> {
    const { dataset, rows, device } = around;
    if (held?.runId === runId && held.step === step && held.dataset === dataset) return held.prepared;
    const options = { from, ...(parent ? { parent } : {}) };
    const prepared = await prepare(config, dataset, rows, options, device.largestTensor);
    held = { runId, step, dataset, prepared };
    return prepared;
  }

  return {
    async look(inspection, around) {
      const { wish, config } = inspection;
      const { device, makeRunner, rows } = around;
      const { job, state, progress, widest } = await open(inspection, around);
      const withRunner = async <T>(work: (runner: Runner) => Promise<T>): Promise<T> => {
        const runner = await makeRunner(job, state);
        try {
          return await work(runner);
        } finally {
          runner.dispose();
        }
      };
      const made = async (): Promise<Sight | null> => {
        switch (wish.kind) {
          case 'gallery':
            return withRunner((runner) => gallery(runner, job));
          case 'filters':
            return filters(job, state);
          case 'answers':
            return withRunner((runner) => answers(runner, job, around, widest));
          case 'images':
            return images(config, around.dataset, wish.rows);
          case 'guess':
            return guess(job, state, around.dataset, wish);
          case 'layers':
            return layerStatistics(job, state, rows.train, widest);
          default:
            throw wish satisfies never;
        }
      };
      const sight = await device.guard(made);
      if (!sight)
        throw new LabError('config-invalid', `There is nothing of this kind to see of task=${config.task}.`);
      return { step: progress.step, sight };
    },
    forget() {
      held = null;
    },
  };
}

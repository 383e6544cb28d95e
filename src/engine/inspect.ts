// A look inside stored weights: a runner is made of a checkpoint, looked at, and let go.
import type { Dataset } from '../core/dataset.ts';
import { LabError } from '../core/failure.ts';
import type { Config } from '../experiment/config.ts';
import type { CheckpointBytes } from '../experiment/protocol.ts';
import type { Sight } from '../experiment/sight.ts';
import type { Device } from './device.ts';
import { prepare, type SplitRows } from './prepare.ts';
import type { RunnerMaker } from './runner.ts';
import { sightOf } from './sights.ts';

/** Throws LabError `checkpoint-incompatible`, `config-invalid` where the task has nothing to see, or what the device throws. */
export async function inspect(
  config: Config,
  dataset: Dataset,
  rows: SplitRows,
  device: Device,
  makeRunner: RunnerMaker,
  from: CheckpointBytes,
): Promise<{ readonly step: number; readonly sight: Sight }> {
  const { job, state, progress } = await prepare(config, dataset, rows, { from }, device.largestTensor);
  return device.guard(async () => {
    const runner = await makeRunner(job, state);
    try {
      const sight = await sightOf(runner, job);
      if (!sight) throw new LabError('config-invalid', `There is nothing to see of task=${config.task} yet.`);
      return { step: progress.step, sight };
    } finally {
      runner.dispose();
    }
  });
}

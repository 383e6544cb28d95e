// The trace of a run's first steps: all that somebody needs to take the same steps elsewhere.
import { tasks } from '../catalog/tasks/index.ts';
import { trainingNoise } from '../core/noise.ts';
import type { TraceLine } from '../experiment/protocol.ts';
import { firstOfEach } from './pictures.ts';
import type { Job } from './runner.ts';

/** The draws of a batch, one example each. */
function eachOf(draws: Int32Array | null, size: number): number[][] | null {
  if (!draws) return null;
  const words = draws.length / size;
  return Array.from({ length: size }, (_, row) => [...draws.subarray(words * row, words * (row + 1))]);
}

/** What a task on images adds to the line of `step`, counted from 0. */
function pictureOf({ config, dataset }: Job, rows: Uint32Array, step: number): Partial<TraceLine> {
  const { picture } = tasks[config.task];
  if (picture?.input === 'noisy') {
    const { seed, stream, lane } = trainingNoise(config.seed, step);
    return { noise: { seed, stream, step: lane } };
  }
  if (picture?.target !== 'prototype') return {};
  const first = firstOfEach(dataset.train.labels, rows);
  return { prototypes: dataset.classes.map((_, label) => first.get(label) ?? null) };
}

/**
 * Lines of the first `count` steps that `losses`, those of the steps after `step`, reach; `rows` are those that the run
 * trains on.
 */
export function traceLines(
  job: Job,
  rows: Uint32Array,
  step: number,
  losses: readonly number[],
  count: number,
): TraceLine[] {
  const { batches } = job;
  return losses.slice(0, Math.max(0, count - step)).map((loss, index) => ({
    step: step + index + 1,
    indices: [...batches.rows(step + index)],
    augment: eachOf(batches.draws(step + index), batches.size),
    mixup: batches.share(step + index),
    loss,
    ...pictureOf(job, rows, step + index),
  }));
}

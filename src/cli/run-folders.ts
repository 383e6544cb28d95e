// Folders that `lab train --out` or `lab sweep --out` wrote, read back as measurements.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { datasets } from '../catalog/datasets/index.ts';
import { LabError } from '../core/failure.ts';
import type { Measurement } from '../core/measurement.ts';
import { measure } from '../experiment/measure.ts';
import type { RunState } from '../experiment/run.ts';
import { readConfig } from './config-argument.ts';
import { readMetricFile } from './metric-file.ts';

const RUN = 'run.json';
const METRICS = 'metrics.jsonl';
const DEEPEST = 3;

/** What of `run.json` is read here. */
interface RunRecord {
  readonly id?: string;
  readonly outcome?: string;
  readonly dataset?: {
    readonly sha256: string;
    readonly order: string;
    readonly train: number;
    readonly test: number;
  };
  readonly measurement?: { readonly steps?: number; readonly seconds?: number };
}

const states: readonly string[] = ['finished', 'diverged', 'stopped', 'failed'] satisfies RunState[];

/** Folders at or below `folder` that hold a run, in order of their names. */
function runFolders(folder: string, depth = 0): readonly string[] {
  if (existsSync(join(folder, RUN))) return [folder];
  if (depth === DEEPEST) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => runFolders(join(folder, name), depth + 1));
}

/**
 * The measurements of all runs at or below a folder.
 * @throws LabError `dataset-invalid` where there is none, or a file cannot be read
 */
export function readRuns(folder: string): readonly Measurement[] {
  const folders = runFolders(folder);
  if (folders.length === 0) {
    throw new LabError(
      'dataset-invalid',
      `${folder}: no run in this folder; name one that lab train --out or lab sweep --out wrote.`,
    );
  }
  return folders.map((one) => readRun(one, relative(folder, one) || basename(one)));
}

function readRun(folder: string, name: string): Measurement {
  const path = join(folder, RUN);
  const { config } = readConfig(path, () => {});
  const record = JSON.parse(readFileSync(path, 'utf8')) as RunRecord;
  const { id = name, outcome = '', dataset, measurement = {} } = record;
  if (!states.includes(outcome)) {
    throw new LabError(
      'dataset-invalid',
      `${path}: "outcome" is ${JSON.stringify(outcome)}, none of ${states.join(', ')}.`,
    );
  }
  const { shape, classes } = datasets[config.data];
  return measure(
    {
      config,
      key: folder,
      id,
      name,
      state: outcome as RunState,
      step: measurement.steps ?? 0,
      seconds: measurement.seconds ?? 0,
      data: dataset
        ? {
            sha256: dataset.sha256,
            order: dataset.order,
            facts: { shape, classes, train: dataset.train, test: dataset.test },
          }
        : null,
    },
    readMetricFile(join(folder, METRICS)),
  );
}

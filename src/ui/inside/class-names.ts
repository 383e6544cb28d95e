// The names of a run's classes: those of the data it trained on, else those of the catalog.
import { datasets } from '../../catalog/datasets/index.ts';
import type { Run } from '../../experiment/run.ts';

export const classNames = (run: Run): readonly string[] =>
  run.data?.facts?.classes ?? datasets[run.config.data].classes;

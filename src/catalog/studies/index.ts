// The menu of studies, in menu order: those of one paper together.
import { batchSize } from './batch-size.ts';
import { scalingLaw } from './scaling-law.ts';
import { shapes } from './shapes.ts';

export const studies = { 'scaling-law': scalingLaw, shapes, 'batch-size': batchSize } as const;

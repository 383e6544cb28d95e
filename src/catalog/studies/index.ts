// The menu of studies, in menu order.
import { batchSize } from './batch-size.ts';
import { scalingLaw } from './scaling-law.ts';
import { shapes } from './shapes.ts';

export const studies = { 'batch-size': batchSize, 'scaling-law': scalingLaw, shapes } as const;

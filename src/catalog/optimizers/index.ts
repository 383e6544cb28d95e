// The menu of optimizers, in menu order.
import { adamw } from './adamw.ts';
import { lion } from './lion.ts';
import { sgd } from './sgd.ts';

export const optimizers = { lion, adamw, sgd } as const;

// The menu of tasks, in menu order.
import { classify } from './classify.ts';

export const tasks = { classify } as const;

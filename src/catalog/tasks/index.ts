// The menu of tasks, in menu order.
import { classify } from './classify.ts';
import { denoise } from './denoise.ts';
import { prototype } from './prototype.ts';
import { superResolve } from './super-resolve.ts';

export const tasks = { classify, denoise, 'super-resolve': superResolve, prototype } as const;

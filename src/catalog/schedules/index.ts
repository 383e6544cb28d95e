// The menu of schedules, in menu order.
import { constant } from './constant.ts';
import { cosine } from './cosine.ts';
import { linear } from './linear.ts';

export const schedules = { constant, cosine, linear } as const;

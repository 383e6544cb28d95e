// The menu of presets, in menu order.
import { firstHourglass } from './first-hourglass.ts';
import { firstRun } from './first-run.ts';
import { hourglassDepth } from './hourglass-depth.ts';
import { hourglassFigure5 } from './hourglass-figure-5.ts';
import { hourglassPareto } from './hourglass-pareto.ts';
import { scalingMlpsCifar10 } from './scaling-mlps-cifar-10.ts';
import { scalingMlpsFigure5 } from './scaling-mlps-figure-5.ts';
import { scalingMlpsFigure6 } from './scaling-mlps-figure-6.ts';
import { scalingMlpsFigure7 } from './scaling-mlps-figure-7.ts';
import { scalingMlpsFigure9 } from './scaling-mlps-figure-9.ts';

export type { Preset } from './preset.ts';

export const presets = {
  'first-run': firstRun,
  'first-hourglass': firstHourglass,
  'scaling-mlps-cifar-10': scalingMlpsCifar10,
  'scaling-mlps-figure-5': scalingMlpsFigure5,
  'scaling-mlps-figure-6': scalingMlpsFigure6,
  'scaling-mlps-figure-7': scalingMlpsFigure7,
  'scaling-mlps-figure-9': scalingMlpsFigure9,
  'hourglass-figure-5': hourglassFigure5,
  'hourglass-pareto': hourglassPareto,
  'hourglass-depth': hourglassDepth,
} as const;

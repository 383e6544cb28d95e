// The menu of presets, in menu order.
import { bMlpFromScratch } from './b-mlp-from-scratch.ts';
import { computeBetterSpent } from './compute-better-spent.ts';
import { fineTuning } from './fine-tuning.ts';
import { firstHourglass } from './first-hourglass.ts';
import { firstRun } from './first-run.ts';
import { gmlpKeras } from './gmlp-keras.ts';
import { hourglassDenoise } from './hourglass-denoise.ts';
import { hourglassDepth } from './hourglass-depth.ts';
import { hourglassFigure5 } from './hourglass-figure-5.ts';
import { hourglassMnistDenoise } from './hourglass-mnist-denoise.ts';
import { hourglassMnistPrototype } from './hourglass-mnist-prototype.ts';
import { hourglassMnistSuperResolve } from './hourglass-mnist-super-resolve.ts';
import { hourglassPareto } from './hourglass-pareto.ts';
import { hourglassSuperResolve } from './hourglass-super-resolve.ts';
import { mixerNano } from './mixer-nano.ts';
import { sMlpFromScratch } from './s-mlp-from-scratch.ts';
import { scalingLawRun } from './scaling-law-run.ts';
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
  'b-mlp-from-scratch': bMlpFromScratch,
  's-mlp-from-scratch': sMlpFromScratch,
  'scaling-law-run': scalingLawRun,
  'fine-tuning': fineTuning,
  'compute-better-spent': computeBetterSpent,
  'hourglass-mnist-prototype': hourglassMnistPrototype,
  'hourglass-mnist-denoise': hourglassMnistDenoise,
  'hourglass-mnist-super-resolve': hourglassMnistSuperResolve,
  'hourglass-denoise': hourglassDenoise,
  'hourglass-super-resolve': hourglassSuperResolve,
  'mixer-nano': mixerNano,
  'gmlp-keras': gmlpKeras,
} as const;

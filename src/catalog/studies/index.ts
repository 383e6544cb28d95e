// The menu of studies, in menu order: those of one paper together.

import { rateRules } from './batch-size/rate-rules.ts';
import { batchSize } from './batch-size.ts';
import { depth } from './hourglass/depth.ts';
import { fixedLift } from './hourglass/fixed-lift.ts';
import { liftOrShape } from './hourglass/lift-or-shape.ts';
import { scalingLaw } from './scaling-law.ts';
import { ablations } from './scaling-mlps/ablations.ts';
import { augmentation } from './scaling-mlps/augmentation.ts';
import { bMlp } from './scaling-mlps/b-mlp.ts';
import { shuffledPixels } from './scaling-mlps/shuffled-pixels.ts';
import { shapes } from './shapes.ts';

export const studies = {
  augmentation,
  'b-mlp': bMlp,
  'scaling-law': scalingLaw,
  ablations,
  'shuffled-pixels': shuffledPixels,
  shapes,
  'fixed-lift': fixedLift,
  'hourglass-depth': depth,
  'lift-or-shape': liftOrShape,
  'batch-size': batchSize,
  'rate-rules': rateRules,
} as const;

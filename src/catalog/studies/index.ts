// The menu of studies, in menu order: those of one paper together.

import { criticalBatch } from './batch-size/critical-batch.ts';
import { momentum } from './batch-size/momentum.ts';
import { noiseScale } from './batch-size/noise-scale.ts';
import { rateRules } from './batch-size/rate-rules.ts';
import { regimes } from './batch-size/regimes.ts';
import { batchSize } from './batch-size.ts';
import { depth } from './hourglass/depth.ts';
import { fixedLift } from './hourglass/fixed-lift.ts';
import { liftOrShape } from './hourglass/lift-or-shape.ts';
import { pareto } from './hourglass/pareto.ts';
import { scalingLaw } from './scaling-law.ts';
import { earlyStop } from './scaling-laws/early-stop.ts';
import { isoFlopBias } from './scaling-laws/iso-flop-bias.ts';
import { ablations } from './scaling-mlps/ablations.ts';
import { allocation } from './scaling-mlps/allocation.ts';
import { augmentation } from './scaling-mlps/augmentation.ts';
import { bMlp } from './scaling-mlps/b-mlp.ts';
import { bottlenecks } from './scaling-mlps/bottlenecks.ts';
import { localFilters } from './scaling-mlps/local-filters.ts';
import { sMlpExponent } from './scaling-mlps/s-mlp-exponent.ts';
import { shuffledPixels } from './scaling-mlps/shuffled-pixels.ts';
import { testCrops } from './scaling-mlps/test-crops.ts';
import { shapes } from './shapes.ts';

export const studies = {
  augmentation,
  'b-mlp': bMlp,
  'scaling-law': scalingLaw,
  bottlenecks,
  allocation,
  's-mlp-exponent': sMlpExponent,
  ablations,
  'local-filters': localFilters,
  'test-crops': testCrops,
  'shuffled-pixels': shuffledPixels,
  shapes,
  'hourglass-pareto': pareto,
  'fixed-lift': fixedLift,
  'hourglass-depth': depth,
  'lift-or-shape': liftOrShape,
  'batch-size': batchSize,
  regimes,
  'critical-batch': criticalBatch,
  'noise-scale': noiseScale,
  'rate-rules': rateRules,
  momentum,
  'iso-flop-bias': isoFlopBias,
  'early-stop': earlyStop,
} as const;

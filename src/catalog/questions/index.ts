// The menu of questions, in the order in which they build on each other.
import { batchEpochs } from './batch-epochs.ts';
import { batchLearningRate } from './batch-learning-rate.ts';
import { batchNoise } from './batch-noise.ts';
import { batchSteps } from './batch-steps.ts';

export type { Arm, Question } from './question.ts';

export const questions = {
  'batch-epochs': batchEpochs,
  'batch-steps': batchSteps,
  'batch-learning-rate': batchLearningRate,
  'batch-noise': batchNoise,
} as const;

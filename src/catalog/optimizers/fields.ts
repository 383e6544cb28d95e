// Settings that more than one optimizer offers, declared once.
import { choice, real } from '../../core/fields.ts';

export const learningRate = real([0, 1e9], {
  label: 'Learning rate',
  scale: 'log10',
  help: 'The size of a step; the schedule multiplies it.',
  source: 'Scaling MLPs, appendix (5e-5 with Lion)',
  default: 1e-3,
});

export const weightDecay = real([0, 10], {
  label: 'Weight decay',
  scale: 'log10',
  help: 'Pull of every parameter towards zero, as PyTorch’s optimizer of that name applies it.',
  source: 'Scaling MLPs, appendix (0 when pre-training)',
  default: 0,
});

/** Biases and the scales and shifts of norms are vectors; everything else is a matrix. */
export const decayGroup = choice(
  [
    { value: 'all', label: 'All', help: 'Every parameter, as PyTorch’s optimizers do unless told otherwise' },
    {
      value: 'matrices',
      label: 'Matrices',
      help: 'Only matrices: biases and norms are left alone, the common recipe for transformers',
    },
  ],
  {
    label: 'Decay acts on',
    help: 'Which parameters weight decay pulls towards zero.',
    source: 'PyTorch’s default is all; matrices as in Compute Better Spent, code',
    default: 'all',
    applies: (config) => Number(config['optimizer.weightDecay']) > 0,
  },
);

export const beta1 = real([0, 0.999999], {
  label: 'β₁',
  scale: 'linear',
  help: 'Memory of the gradient’s moving average.',
  source: 'PyTorch AdamW; Chen et al. 2023 for Lion',
  default: 0.9,
});

export const beta2 = real([0, 0.9999999], {
  label: 'β₂',
  scale: 'linear',
  help: 'Memory of the second moving average.',
  source: 'PyTorch AdamW; Chen et al. 2023 for Lion',
  default: 0.999,
});

// Settings that more than one optimizer offers, declared once; and the learning rate that results from the batch size.
import { choice, integer, real } from '../../core/fields.ts';

export const learningRate = real([0, 1e9], {
  label: 'Learning rate',
  scale: 'log10',
  help: 'The size of a step; the schedule multiplies it.',
  source: 'Scaling MLPs, appendix (5e-5 with Lion)',
  default: 1e-3,
});

/** Rules to be tried and never truths: neither holds in general (Shallue et al. 2019). */
const scaling = choice(
  [
    { value: 'none', label: 'None', help: 'The learning rate is used as it is set' },
    { value: 'linear', label: 'Linear', help: 'Twice the batch, twice the learning rate; made for SGD' },
    { value: 'sqrt', label: 'Square root', help: 'Four times the batch, twice the learning rate' },
  ],
  {
    label: 'Batch scaling',
    help: 'How the learning rate grows with the batch size, from the reference batch.',
    source:
      'linear: Krizhevsky 2014, Goyal et al. 2017; root: Hoffer et al. 2017, Malladi et al. 2022 for Adam',
    default: 'none',
  },
);

const referenceBatch = integer([1, 65536], {
  label: 'Reference batch',
  unit: 'images',
  scale: 'log2',
  help: 'The batch size at which the learning rate is the one that is set.',
  source: 'Goyal et al. 2017, section 2.1 (256)',
  default: 128,
  applies: (config) => config['optimizer.scaling'] !== 'none',
});

/** Every optimizer's learning rate, and what makes it follow the batch size. */
export const rateFields = {
  'optimizer.learningRate': learningRate,
  'optimizer.scaling': scaling,
  'optimizer.referenceBatch': referenceBatch,
} as const;

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

interface RateConfig {
  readonly 'optimizer.learningRate': number;
  readonly 'optimizer.scaling': 'none' | 'linear' | 'sqrt';
  readonly 'optimizer.referenceBatch': number;
  readonly 'train.batchSize': number;
}

/**
 * The learning rate that the schedule multiplies: as set, × κ (linear) or × √κ (sqrt) with κ = batch / reference.
 * Only the learning rate changes. Malladi et al.'s rule for Adam also has 1 − βᵢ grow by κ and ε shrink by √κ.
 */
export function batchScaledRate(config: RateConfig): number {
  const { 'optimizer.learningRate': rate, 'optimizer.scaling': rule } = config;
  const factor = config['train.batchSize'] / config['optimizer.referenceBatch'];
  switch (rule) {
    case 'none':
      return rate;
    case 'linear':
      return rate * factor;
    case 'sqrt':
      return rate * Math.sqrt(factor);
    default:
      throw rule satisfies never;
  }
}

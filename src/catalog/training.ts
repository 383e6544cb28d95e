// Settings of the training loop that belong to no menu: batch size, budget, smoothing, clipping, seed.
import { choice, integer, real } from '../core/fields.ts';
import type { Known } from '../core/setting.ts';

const isSet = (config: Known, key: string): boolean => Number(config[key] ?? 0) > 0;

/** In the order in which they are decoded: the epochs default depends on whether steps or seconds are named. */
export const trainingFields = {
  'train.batchSize': integer([1, 65536], {
    label: 'Batch size',
    unit: 'images',
    scale: 'log2',
    help: 'Examples averaged into one step.',
    source: 'Scaling MLPs, figure 5',
    default: 128,
  }),
  'train.microBatch': integer([0, 65536], {
    label: 'Micro-batch',
    unit: 'images',
    scale: 'log2',
    help: 'Examples that pass through the network at once: gradients of the parts of a batch are averaged, which takes less memory and measures the gradient noise scale; 0 is the whole batch.',
    source: 'McCandlish et al. 2018, appendix A.1',
    default: 0,
    axis: false,
  }),
  'train.accumulation': integer([1, 4096], {
    label: 'Accumulation',
    unit: 'passes',
    scale: 'log2',
    help: 'Micro-batches of a batch, instead of their size: gradients of so many equal parts are averaged, of fewer where the batch has no such parts; 2 measures the gradient noise scale at little cost.',
    source: 'McCandlish et al. 2018, appendix A.1',
    default: 1,
    axis: false,
    applies: (config) => !isSet(config, 'train.microBatch'),
  }),
  'train.steps': integer([0, 100_000_000], {
    label: 'Steps',
    unit: 'steps',
    scale: 'log10',
    help: 'Budget in steps; naming it switches the budget in epochs off.',
    source: 'Shallue et al. 2019, section 2: equal steps favour large batches, equal epochs small ones',
    default: 0,
  }),
  'train.seconds': real([0, 1_000_000], {
    label: 'Seconds',
    unit: 's',
    scale: 'log10',
    help: 'Budget in seconds of training; naming it switches the budget in epochs off.',
    source: 'this lab; a machine’s speed decides the steps, so such a run is not reproduced bit by bit',
    default: 0,
    applies: (config) => !isSet(config, 'train.steps'),
  }),
  'train.epochs': integer([1, 1_000_000], {
    label: 'Epochs',
    unit: 'epochs',
    scale: 'log10',
    help: 'Budget in passes over the training images.',
    source: 'Scaling MLPs, table 1',
    default: 10,
    applies: (config) => !isSet(config, 'train.steps') && !isSet(config, 'train.seconds'),
  }),
  'train.labelSmoothing': real([0, 0.99], {
    label: 'Label smoothing',
    scale: 'linear',
    help: 'Share of each target spread evenly over all classes.',
    source: 'Scaling MLPs, table 7 (0.3)',
    default: 0,
    applies: (config) => config['task'] === 'classify',
  }),
  'train.clipNorm': real([0, 1e6], {
    label: 'Clip norm',
    scale: 'log10',
    help: 'Shrinks the gradient of all parameters together to this length where it is longer; 0 is off.',
    source: 'PyTorch’s clip_grad_norm_',
    default: 0,
  }),
  'train.ema': real([0, 0.9999999], {
    label: 'Weight average',
    scale: 'linear',
    help: 'How much an exponential moving average of the weights keeps of itself at each step; it is scored beside them; 0 is off.',
    source: 'torch.optim.swa_utils; one constant-rate run then serves all horizons (Zhang et al. 2024)',
    default: 0,
  }),
  'train.evaluateEvery': real([0.001, 1_000_000], {
    label: 'Evaluate every',
    unit: 'epochs',
    scale: 'log2',
    help: 'How often the test images are scored; always at the end.',
    source: 'this lab; scoring changes no number of the run',
    default: 1,
    axis: false,
  }),
  'train.target': real([0, 1_000_000], {
    label: 'Target',
    scale: 'linear',
    help: 'Ends the run once it scores this on the validation images, or without them on the test images: accuracy as a fraction, PSNR in dB; 0 is off.',
    source: 'Shallue et al. 2019, section 4',
    default: 0,
  }),
  'train.targetOf': choice(
    [
      { value: 'score', label: 'Score', help: 'What the task is judged by: accuracy, or PSNR' },
      { value: 'loss', label: 'Loss', help: 'The loss of the same images' },
    ],
    {
      label: 'Target of',
      help: 'What has to reach the target.',
      source: 'Shallue et al. 2019, section 4: steps to a goal',
      default: 'score',
      axis: false,
      applies: (config) => isSet(config, 'train.target'),
    },
  ),
} as const;

export const seedField = integer([0, 2 ** 31 - 1], {
  label: 'Seed',
  scale: 'linear',
  help: 'Decides initial weights, batches and augmentation; the same seed gives the same run.',
  source: 'this lab; counters of Salmon et al. 2011',
  default: 0,
});

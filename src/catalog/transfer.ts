// Settings of transfer: which body a run starts from and what becomes of it, and how test images are varied when scored.
import { choice, integer, real, text } from '../core/fields.ts';
import type { Known } from '../core/setting.ts';

const isTransfer = (config: Known): boolean => (config['transfer.from'] ?? '') !== '';

export const transferFields = {
  'transfer.from': text(/^(?:[0-9a-f]{8,64})?$/, {
    label: 'Start from',
    legal: 'the id of a run or the SHA-256 of a safetensors file, 8 to 64 hexadecimal digits',
    help: 'A trained run, or a file of weights, whose body this run starts from under a new head; empty is a start of its own.',
    source: 'Scaling MLPs, section 4.2',
    default: '',
    axis: false,
  }),
  'transfer.mode': choice(
    [
      { value: 'finetune', label: 'Fine-tune', help: 'Body and head learn, the body more slowly' },
      {
        value: 'probe',
        label: 'Probe',
        help: 'Only the head learns: the body is fixed, without dropout and with the statistics it came with',
      },
    ],
    {
      label: 'Transfer',
      help: 'What becomes of the body.',
      source: 'Scaling MLPs, section 4.2',
      default: 'finetune',
      applies: isTransfer,
    },
  ),
  'transfer.bodyLearningRate': real([1e-6, 100], {
    label: 'Body rate',
    unit: '× learning rate',
    scale: 'log10',
    help: 'The learning rate of everything below the head, as a share of the head’s.',
    source: 'Scaling MLPs, section 4.2 (0.001 against 0.01) and code (0.1)',
    default: 0.1,
    applies: (config) => isTransfer(config) && config['transfer.mode'] === 'finetune',
  }),
} as const;

/** A classifier whose images are varied in training can look at test images in several such versions. */
const canVary = (config: Known): boolean => config['task'] === 'classify' && config['augment'] !== 'none';

export const evaluationFields = {
  'evaluate.tta': integer([0, 1000], {
    label: 'Test-time crops',
    unit: 'an image',
    scale: 'log2',
    help: 'At the end each test image is also scored in so many versions, varied as in training, by the mean of what the network says of them; 0 is off.',
    source: 'Scaling MLPs, table 2 (100)',
    default: 0,
    applies: canVary,
  }),
  'evaluate.ttaMean': choice(
    [
      { value: 'probabilities', label: 'Probabilities', help: 'As the code of Scaling MLPs does' },
      { value: 'logits', label: 'Logits', help: 'As its text says' },
    ],
    {
      label: 'Mean of',
      help: 'What is averaged over the versions of an image.',
      source: 'Scaling MLPs, section 4.2 and code: they differ',
      default: 'probabilities',
      applies: (config) => canVary(config) && Number(config['evaluate.tta'] ?? 0) > 0,
    },
  ),
} as const;

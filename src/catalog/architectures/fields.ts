// Settings that more than one architecture offers, declared once.

import { LabError } from '../../core/failure.ts';
import { choice, integer, real, toggle } from '../../core/fields.ts';
import type { Activation, BatchNorm, Dropout, Layer, LayerNorm, Linear } from '../../core/layers.ts';
import { maximalStart } from '../../core/maximal-update.ts';
import type { Ends } from './architecture.ts';

const SCALING = 'Scaling MLPs, section 3 and appendix D';
const HOURGLASS = 'Rethinking the shape convention of an MLP, section 3';

export const width = integer([1, 16384], {
  label: 'Width',
  unit: 'units',
  scale: 'log2',
  help: 'Features that travel from block to block.',
  source: SCALING,
  default: 128,
});

export const depth = integer([1, 512], {
  label: 'Depth',
  unit: 'blocks',
  scale: 'linear',
  help: 'Number of residual blocks.',
  source: SCALING,
  default: 2,
});

export const norm = choice(
  [
    { value: 'layer', label: 'Layer', help: 'LayerNorm with scale and shift, eps 1e-5' },
    {
      value: 'batch',
      label: 'Batch',
      help: 'BatchNorm without scale and shift; running statistics when testing',
    },
    { value: 'none', label: 'None', help: 'No normalisation' },
  ],
  {
    label: 'Norm',
    help: 'Normalisation at the entrance of each block.',
    source: 'Scaling MLPs, table 6; the hourglass paper uses batch',
    default: 'layer',
  },
);

export const normPosition = choice(
  [
    { value: 'pre', label: 'Before', help: 'At the entrance of each block, off the skip connection' },
    { value: 'post', label: 'After', help: 'After the sum with the skip connection' },
  ],
  {
    label: 'Norm position',
    help: 'Whether a block’s input or the sum after it is normalised.',
    source: 'Scaling MLPs, appendix A.2: before is better',
    default: 'pre',
    applies: (config) => config['model.norm'] !== 'none',
  },
);

export const skip = toggle({
  label: 'Skip connections',
  help: 'Whether each block’s input is added to its output.',
  source: 'Scaling MLPs, figure 9',
  default: true,
});

export const dropout = real([0, 0.95], {
  label: 'Dropout',
  scale: 'linear',
  help: 'Share of features set to zero in training, after the activation and after the second matrix of a block.',
  source: 'Scaling MLPs, appendix D',
  default: 0,
});

export const activation = choice(
  [
    { value: 'gelu', label: 'GELU', help: 'x Φ(x) with the exact error function' },
    { value: 'relu', label: 'ReLU', help: 'max(0, x)' },
  ],
  { label: 'Activation', help: 'The nonlinearity inside each block.', source: SCALING, default: 'gelu' },
);

export const bias = toggle({
  label: 'Biases',
  help: 'Whether each matrix adds a trained offset.',
  source: HOURGLASS,
  default: true,
});

export const lift = choice(
  [
    { value: 'trained', label: 'Trained', help: 'The input projection learns like every other matrix' },
    {
      value: 'fixed',
      label: 'Fixed',
      help: 'The input projection keeps its random start (PyTorch’s uniform)',
    },
    {
      value: 'fixed-gaussian',
      label: 'Fixed, Gaussian',
      help: 'It keeps a start of N(0, 1/inputs), three times the variance of the uniform one',
    },
    {
      value: 'fixed-orthogonal',
      label: 'Fixed, orthogonal',
      help: 'It keeps a random start with orthonormal rows, or columns where those are fewer',
    },
    {
      value: 'identity',
      label: 'Identity',
      help: 'It starts as the identity and learns: the width must equal the number of inputs',
    },
    { value: 'none', label: 'None', help: 'No projection: the width must equal the number of inputs' },
  ],
  { label: 'Lift', help: 'The projection from pixels to the width.', source: HOURGLASS, default: 'trained' },
);

const MUP = 'Yang et al. 2022, Tensor Programs V; Qiu et al. 2024, code';

/** How the start and the learning rate of each tensor depend on the width. */
export const parametrisation = {
  'model.parametrisation': choice(
    [
      { value: 'standard', label: 'Standard', help: 'PyTorch’s start, one learning rate for every tensor' },
      {
        value: 'mup',
        label: 'μP',
        help: 'Starts and learning rates follow the width, so that the best learning rate is the same at every width',
      },
    ],
    {
      label: 'Parametrisation',
      help: 'How the start and the learning rate of each matrix depend on the width.',
      source: MUP,
      default: 'standard',
    },
  ),
  'model.baseWidth': integer([1, 16384], {
    label: 'Base width',
    unit: 'units',
    scale: 'log2',
    help: 'The width at which μP changes no learning rate but the lift’s.',
    source: MUP,
    default: 64,
    applies: (config) => config['model.parametrisation'] === 'mup',
  }),
} as const;

/** The network as the chosen parametrisation starts it. */
export function parametrised(
  config: { readonly 'model.parametrisation': 'standard' | 'mup' },
  layers: readonly Layer[],
): readonly Layer[] {
  return config['model.parametrisation'] === 'mup' ? maximalStart(layers) : layers;
}

/** The norm layers at the entrance of block `index`: none, one LayerNorm or one BatchNorm. */
export function normLayers(
  kind: 'layer' | 'batch' | 'none',
  index: number,
  size: number,
): (LayerNorm | BatchNorm)[] {
  switch (kind) {
    case 'layer':
      return [{ kind: 'layer-norm', name: `layernorms.${index}`, width: size }];
    case 'batch':
      return [{ kind: 'batch-norm', name: `norms.${index}`, width: size }];
    case 'none':
      return [];
    default:
      throw kind satisfies never;
  }
}

export function linear(
  name: string,
  role: Linear['role'],
  inputs: number,
  outputs: number,
  hasBias: boolean,
): Linear {
  return { kind: 'linear', name, role, inputs, outputs, bias: hasBias, trainable: true };
}

type LiftKind = 'trained' | 'fixed' | 'fixed-gaussian' | 'fixed-orthogonal' | 'identity' | 'none';

/** The input projection; empty without one. Throws LabError `config-invalid` where the width is not what the kind needs. */
function liftLayers(kind: LiftKind, size: number, inputs: number, hasBias: boolean): readonly Linear[] {
  const made = linear('linear_in', 'lift', inputs, size, hasBias);
  switch (kind) {
    case 'trained':
      return [made];
    case 'fixed':
      return [{ ...made, trainable: false }];
    case 'fixed-gaussian': {
      const weightInit = { kind: 'normal', deviation: 1 / Math.sqrt(inputs), within: null } as const;
      return [{ ...made, trainable: false, weightInit }];
    }
    case 'fixed-orthogonal':
      return [{ ...made, trainable: false, weightInit: { kind: 'orthogonal' } }];
    case 'identity':
      requireWidth(kind, size, inputs);
      return [{ ...made, weightInit: { kind: 'identity' }, biasInit: { kind: 'constant', value: 0 } }];
    case 'none':
      requireWidth(kind, size, inputs);
      return [];
    default:
      throw kind satisfies never;
  }
}

function requireWidth(kind: LiftKind, size: number, inputs: number): void {
  if (size === inputs) return;
  throw new LabError(
    'config-invalid',
    `model.lift=${kind} needs model.width equal to the ${inputs} inputs, not ${size}: set model.width=${inputs}, or choose another lift.`,
  );
}

/** One dropout, or none at rate 0. */
export const dropoutLayers = (rate: number, site: number): readonly Dropout[] =>
  rate === 0 ? [] : [{ kind: 'dropout', rate, site }];

interface BlockConfig {
  readonly 'model.width': number;
  readonly 'model.depth': number;
  readonly 'model.norm': 'layer' | 'batch' | 'none';
  readonly 'model.normPosition': 'pre' | 'post';
  readonly 'model.skip': boolean;
  readonly 'model.dropout': number;
  readonly 'model.activation': Activation;
  readonly 'model.bias': boolean;
  readonly 'model.lift': LiftKind;
  readonly 'model.parametrisation': 'standard' | 'mup';
}

/**
 * Lift, residual blocks z + W₂ σ(W₁ norm(z)) with `inner` features inside, head. The inverted bottleneck and the
 * hourglass are this one network: they differ in whether `inner` is wider or narrower than the width. With the norm
 * after the sum a block is norm(z + W₂ σ(W₁ z)); without skip connections the sum is left out.
 */
export function residualNetwork(
  config: BlockConfig,
  inner: number,
  { inputs, outputs }: Ends,
): readonly Layer[] {
  const size = config['model.width'];
  const hasBias = config['model.bias'];
  const rate = config['model.dropout'];
  const layers: Layer[] = [...liftLayers(config['model.lift'], size, inputs, hasBias)];
  for (let block = 0; block < config['model.depth']; block++) {
    const norms = normLayers(config['model.norm'], block, size);
    const isBefore = config['model.normPosition'] === 'pre';
    const branch: readonly Layer[] = [
      ...(isBefore ? norms : []),
      linear(`blocks.${block}.block.0`, 'block', size, inner, hasBias),
      { kind: 'activation', function: config['model.activation'] },
      ...dropoutLayers(rate, 2 * block),
      linear(`blocks.${block}.block.2`, 'block', inner, size, hasBias),
      ...dropoutLayers(rate, 2 * block + 1),
    ];
    layers.push(...(config['model.skip'] ? [{ kind: 'residual', branch } as const] : branch));
    layers.push(...(isBefore ? [] : norms));
  }
  layers.push(linear('linear_out', 'head', size, outputs, hasBias));
  return parametrised(config, layers);
}

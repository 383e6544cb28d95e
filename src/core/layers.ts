// The layer list: a network as plain data. Parameter and MAC counts, names of weights, the drawing, the training
// step and every export read this one list. Order of execution is order in the list; a residual holds its branch.

export type Activation = 'gelu' | 'relu';

/**
 * How a tensor starts. `normal`: N(0, deviation²), cut off at `within` deviations where that is not null. `orthogonal`:
 * random orthonormal rows, or columns where those are fewer. `identity`: ones on the diagonal.
 */
export type Init =
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'normal'; readonly deviation: number; readonly within: 2 | null }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'orthogonal' }
  | { readonly kind: 'identity' };

export interface Linear {
  readonly kind: 'linear';
  /** Name in the official PyTorch module: `linear_in`, `blocks.0.block.0`, `linear_out`. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly bias: boolean;
  /** False: the weight keeps its initial values (a fixed lift) and has neither gradient nor slots. */
  readonly trainable: boolean;
  readonly role: 'lift' | 'block' | 'head';
  /** How weight and bias start, where not as PyTorch's `nn.Linear` does: uniform in ±1/√fan-in. */
  readonly weightInit?: Init;
  readonly biasInit?: Init;
}

/** Affine layer normalisation over the last axis, eps 1e-5 (PyTorch's default). */
export interface LayerNorm {
  readonly kind: 'layer-norm';
  readonly name: string;
  readonly width: number;
  /** False in a frozen body. */
  readonly trainable?: boolean;
}

/** Batch normalisation without affine parameters; running statistics (momentum 0.1) are used in evaluation. */
export interface BatchNorm {
  readonly kind: 'batch-norm';
  readonly name: string;
  readonly width: number;
  /** False in a frozen body: the running statistics are used in training too, and stay. */
  readonly trainable?: boolean;
}

export interface Activate {
  readonly kind: 'activation';
  readonly function: Activation;
}

/**
 * In training a share `rate` of all elements, drawn anew each step, becomes 0 and the others are divided by 1 − rate;
 * in evaluation nothing happens.
 */
export interface Dropout {
  readonly kind: 'dropout';
  readonly rate: number;
  /** Counts the dropouts of a network: each draws by itself. */
  readonly site: number;
}

/** z + branch(z). */
export interface Residual {
  readonly kind: 'residual';
  readonly branch: readonly Layer[];
}

/**
 * Cuts an image into squares of patch × patch pixels and maps each to `outputs` features, which makes it a token: a convolution
 * whose kernel and stride are the patch. Tokens run left to right, top to bottom; each becomes a row.
 */
export interface PatchEmbedding {
  readonly kind: 'patch-embedding';
  readonly name: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Divides height and width. */
  readonly patch: number;
  readonly outputs: number;
  readonly weightInit?: Init;
  readonly biasInit?: Init;
  /** False in a frozen body. */
  readonly trainable?: boolean;
}

/** The rows × columns of each example become columns × rows: what follows acts across tokens, or across features again. */
export interface Transpose {
  readonly kind: 'transpose';
  readonly rows: number;
  readonly columns: number;
}

/** Of 2 · width features the first half times branch(second half). */
export interface Gate {
  readonly kind: 'gate';
  readonly width: number;
  readonly branch: readonly Layer[];
}

/** The mean of each example's tokens: one row an example again. */
export interface TokenMean {
  readonly kind: 'token-mean';
  readonly tokens: number;
}

/** Layers that hold others. */
type Holder = Residual | Gate;

export type Layer =
  | Linear
  | LayerNorm
  | BatchNorm
  | Activate
  | Dropout
  | PatchEmbedding
  | Transpose
  | TokenMean
  | Holder;

/** PyTorch's default for both norms. */
export const NORM_EPSILON = 1e-5;
/** PyTorch's default weight of the newest batch in BatchNorm's running statistics. */
export const BATCH_NORM_MOMENTUM = 0.1;

/** One tensor of the network: a parameter, or a buffer (BatchNorm's running statistics) that no optimizer touches. */
export interface TensorSpec {
  /** `linear_in.weight`, `layernorms.0.bias`, `norms.0.running_mean`: the key in a state dict. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: 'lift' | 'block' | 'head';
  readonly kind: 'parameter' | 'buffer';
  readonly trainable: boolean;
  readonly init: Init;
}

/** Every layer in order of execution, branches unfolded. */
export function* walk(layers: readonly Layer[]): Generator<Exclude<Layer, Holder>> {
  for (const layer of layers) {
    if ('branch' in layer) yield* walk(layer.branch);
    else yield layer;
  }
}

export const tokensOf = ({ height, width, patch }: PatchEmbedding): number => (height * width) / patch ** 2;

/** A layer, the rows that each example has behind it (tokens, or features across them), and the features of a row. */
export interface Flow {
  readonly layer: Exclude<Layer, Holder>;
  readonly rows: number;
  readonly width: number;
}

/** Every layer with what leaves it, given how many features enter the first. */
export function* flow(layers: readonly Layer[], inputs: number): Generator<Flow> {
  yield* flowFrom(layers, { rows: 1, width: inputs });
}

function* flowFrom(layers: readonly Layer[], at: { rows: number; width: number }): Generator<Flow> {
  for (const layer of layers) {
    switch (layer.kind) {
      case 'gate':
        at.width = layer.width;
        yield* flowFrom(layer.branch, at);
        continue;
      case 'residual':
        yield* flowFrom(layer.branch, at);
        continue;
      case 'linear':
        at.width = layer.outputs;
        break;
      case 'patch-embedding':
        Object.assign(at, { rows: tokensOf(layer), width: layer.outputs });
        break;
      case 'transpose':
        Object.assign(at, { rows: layer.columns, width: layer.rows });
        break;
      case 'token-mean':
        at.rows = 1;
        break;
      case 'layer-norm':
      case 'batch-norm':
      case 'activation':
      case 'dropout':
        break;
      default:
        throw layer satisfies never;
    }
    yield { layer, ...at };
  }
}

/** The layers as they are in evaluation. */
export function withoutDropout(layers: readonly Layer[]): readonly Layer[] {
  return layers
    .filter((layer) => layer.kind !== 'dropout')
    .map((layer) => ('branch' in layer ? { ...layer, branch: withoutDropout(layer.branch) } : layer));
}

/** Number of features that leave the list, given how many enter. */
export function outputWidth(layers: readonly Layer[], inputs: number): number {
  return [...flow(layers, inputs)].at(-1)?.width ?? inputs;
}

/**
 * Every tensor of the network in order of execution, weights before biases. Weights and biases start as the layer says,
 * else uniform in ±1/√fan-in (PyTorch's `nn.Linear`); norms start at 1 and 0.
 */
export function tensors(layers: readonly Layer[]): TensorSpec[] {
  const specs: TensorSpec[] = [];
  for (const layer of walk(layers)) {
    switch (layer.kind) {
      case 'linear': {
        const { name, role, trainable } = layer;
        const uniform = { kind: 'uniform', bound: 1 / Math.sqrt(layer.inputs) } as const;
        const { weightInit = uniform, biasInit = uniform } = layer;
        const shared = { role, trainable, kind: 'parameter' } as const;
        const shape = [layer.outputs, layer.inputs];
        specs.push({ ...shared, name: `${name}.weight`, shape, init: weightInit });
        if (layer.bias)
          specs.push({ ...shared, name: `${name}.bias`, shape: [layer.outputs], init: biasInit });
        break;
      }
      case 'patch-embedding': {
        const { name, channels, patch, outputs } = layer;
        const uniform = { kind: 'uniform', bound: 1 / Math.sqrt(channels * patch ** 2) } as const;
        const { weightInit = uniform, biasInit = uniform } = layer;
        const shared = { role: 'lift', trainable: layer.trainable ?? true, kind: 'parameter' } as const;
        const shape = [outputs, channels, patch, patch];
        specs.push({ ...shared, name: `${name}.weight`, shape, init: weightInit });
        specs.push({ ...shared, name: `${name}.bias`, shape: [outputs], init: biasInit });
        break;
      }
      case 'layer-norm': {
        const { width, trainable = true } = layer;
        const shared = { role: 'block', trainable, kind: 'parameter', shape: [width] } as const;
        specs.push({ ...shared, name: `${layer.name}.weight`, init: { kind: 'constant', value: 1 } });
        specs.push({ ...shared, name: `${layer.name}.bias`, init: { kind: 'constant', value: 0 } });
        break;
      }
      case 'batch-norm': {
        const shared = { role: 'block', trainable: false, kind: 'buffer', shape: [layer.width] } as const;
        specs.push({ ...shared, name: `${layer.name}.running_mean`, init: { kind: 'constant', value: 0 } });
        specs.push({ ...shared, name: `${layer.name}.running_var`, init: { kind: 'constant', value: 1 } });
        break;
      }
      case 'activation':
      case 'dropout':
      case 'transpose':
      case 'token-mean':
        break;
      default:
        layer satisfies never;
    }
  }
  return specs;
}

export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export interface ParameterCount {
  readonly total: number;
  readonly trainable: number;
  /** Outside the lift and the head. */
  readonly block: number;
}

export function countParameters(layers: readonly Layer[]): ParameterCount {
  const count = { total: 0, trainable: 0, block: 0 };
  for (const tensor of tensors(layers)) {
    if (tensor.kind !== 'parameter') continue;
    const size = elements(tensor.shape);
    count.total += size;
    if (tensor.trainable) count.trainable += size;
    if (tensor.role === 'block') count.block += size;
  }
  return count;
}

/** Multiply-adds of one example's forward pass, matrix products only: a matrix counts once for each row it maps. */
export function macsPerExample(layers: readonly Layer[]): number {
  let macs = 0;
  for (const { layer, rows } of flow(layers, 0)) {
    if (layer.kind === 'linear') macs += rows * layer.inputs * layer.outputs;
    if (layer.kind === 'patch-embedding') macs += rows * layer.channels * layer.patch ** 2 * layer.outputs;
  }
  return macs;
}

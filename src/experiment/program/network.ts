// The layer list with activations and residuals folded into the layer before them: the nodes that have a fused kernel.
import { LabError } from '../../core/failure.ts';
import {
  type Activation,
  type BatchNorm,
  type Dropout,
  type Gate,
  type Layer,
  type LayerNorm,
  type Linear,
  type PatchEmbedding,
  type TokenMean,
  type Transpose,
  withoutDropout,
} from '../../core/layers.ts';

/** Features that pass from node to node. */
export interface Value {
  readonly name: string;
  readonly width: number;
  /** What the value went through last. */
  readonly activation: Activation | null;
  /** Something that is trained lies below. */
  readonly needsGradient: boolean;
}

/** output = activation(input Wᵀ + b) + residual. */
export interface LinearNode {
  readonly kind: 'linear';
  readonly layer: Linear;
  readonly input: Value;
  readonly output: Value;
  readonly residual: Value | null;
}

/** output = activation(norm(input)). */
export interface NormNode {
  readonly kind: 'norm';
  readonly layer: LayerNorm | BatchNorm;
  readonly input: Value;
  readonly output: Value;
}

/** output = dropout(input) + residual. */
export interface DropoutNode {
  readonly kind: 'dropout';
  readonly layer: Dropout;
  readonly input: Value;
  readonly output: Value;
  readonly residual: Value | null;
}

export type Node = LinearNode | NormNode | DropoutNode;

export interface Network {
  readonly nodes: readonly Node[];
  readonly input: Value;
  readonly output: Value;
  /**
   * Values whose one consumer takes the derivative of their activation with it: a matrix or a dropout. For the others
   * it is taken when their gradient is complete.
   */
  readonly fused: ReadonlySet<Value>;
}

class NoCompiledForm extends LabError {
  constructor(what: string) {
    super('internal', `No compiled form for ${what}: run this network with the tfjs engine.`);
    this.what = what;
  }
  readonly what: string;
}

const unsupported = (what: string): LabError => new NoCompiledForm(what);

type OfTokens = PatchEmbedding | Transpose | Gate | TokenMean;

const isOfTokens = (layer: Layer): layer is OfTokens =>
  ['patch-embedding', 'transpose', 'gate', 'token-mean'].includes(layer.kind);

/**
 * Folds the list. Throws LabError `internal` for a list without a compiled form: one with tokens, an activation that follows neither a
 * matrix nor a norm, a branch that, dropouts aside, does not end in a matrix or starts with a branch, a frozen BatchNorm
 * above something that is trained.
 */
export function lower(layers: readonly Layer[], inputs: number): Network {
  const nodes: Node[] = [];

  const place = (layers: readonly Layer[], start: Value, residual: Value | null): Value => {
    let value = start;
    for (let i = 0; i < layers.length; i++) {
      const layer = layers[i] as Layer;
      const next = layers[i + 1];
      if (isOfTokens(layer)) throw unsupported('layers that work on patches');
      if (layer.kind === 'activation') throw unsupported('an activation without a matrix or norm before it');
      if (layer.kind === 'residual') {
        const bare = withoutDropout(layer.branch);
        if (bare.at(-1)?.kind !== 'linear') throw unsupported('a branch that does not end in a matrix');
        if (bare[0]?.kind === 'residual') throw unsupported('a branch that starts with a branch');
        value = place(layer.branch, value, value);
        continue;
      }
      const activation = layer.kind !== 'dropout' && next?.kind === 'activation' ? next.function : null;
      if (activation) i++;
      const skip = i === layers.length - 1 ? residual : null;
      const below = value.needsGradient || skip?.needsGradient === true;
      const input = value;
      switch (layer.kind) {
        case 'linear': {
          const { name, outputs: width, trainable } = layer;
          value = { name, activation, width, needsGradient: below || trainable };
          nodes.push({ kind: 'linear', layer, input, output: value, residual: skip });
          break;
        }
        case 'layer-norm':
        case 'batch-norm': {
          const { name, width, kind, trainable = true } = layer;
          if (kind === 'batch-norm' && !trainable && below)
            throw unsupported('a frozen BatchNorm above something that is trained');
          const learns = kind === 'layer-norm' && trainable;
          value = { name, activation, width, needsGradient: below || learns };
          nodes.push({ kind: 'norm', layer, input, output: value });
          break;
        }
        case 'dropout':
          value = { name: `dropout.${layer.site}`, activation, width: value.width, needsGradient: below };
          nodes.push({ kind: 'dropout', layer, input, output: value, residual: skip });
          break;
        default:
          throw layer satisfies never;
      }
    }
    return value;
  };

  const input: Value = { name: 'input', width: inputs, activation: null, needsGradient: false };
  const output = place(layers, input, null);
  if (output.activation) throw unsupported('an activation on the logits');
  return { nodes, input, output, fused: fusedValues(nodes) };
}

function fusedValues(nodes: readonly Node[]): ReadonlySet<Value> {
  const uses = new Map<Value, number>();
  const use = (value: Value): void => void uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const node of nodes) {
    use(node.input);
    if (node.kind !== 'norm' && node.residual) use(node.residual);
  }
  const fused = nodes.filter(
    ({ kind, input }) => kind !== 'norm' && input.activation !== null && uses.get(input) === 1,
  );
  return new Set(fused.map(({ input }) => input));
}

/** What of the list only tfjs can run, in words ("a branch that starts with a branch"); null where it has a compiled form. */
export function uncompiledPart(layers: readonly Layer[], inputs: number): string | null {
  try {
    lower(layers, inputs);
    return null;
  } catch (thrown) {
    if (thrown instanceof NoCompiledForm) return thrown.what;
    throw thrown;
  }
}

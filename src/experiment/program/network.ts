// The layer list with activations and residuals folded into the layer before them: the nodes that have a fused kernel.
import { LabError } from '../../core/failure.ts';
import type { Activation, BatchNorm, Layer, LayerNorm, Linear } from '../../core/layers.ts';

/** Features that pass from node to node. */
export interface Value {
  readonly name: string;
  readonly width: number;
  /** What the value went through last; its consumer applies the derivative. */
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

export type Node = LinearNode | NormNode;

export interface Network {
  readonly nodes: readonly Node[];
  readonly input: Value;
  readonly output: Value;
}

class NoCompiledForm extends LabError {
  constructor(what: string) {
    super('internal', `No compiled form for ${what}: run this network with the tfjs engine.`);
    this.what = what;
  }
  readonly what: string;
}

const unsupported = (what: string): LabError => new NoCompiledForm(what);

/**
 * Folds the list. Throws LabError `internal` for a list without a compiled form: an activation that follows neither a
 * matrix nor a norm or that feeds anything but a matrix, a branch that does not end in a matrix or starts with a branch.
 */
export function lower(layers: readonly Layer[], inputs: number): Network {
  const nodes: Node[] = [];

  const place = (layers: readonly Layer[], start: Value, residual: Value | null): Value => {
    let value = start;
    for (let i = 0; i < layers.length; i++) {
      const layer = layers[i] as Layer;
      const next = layers[i + 1];
      if (layer.kind === 'activation') throw unsupported('an activation without a matrix or norm before it');
      if (layer.kind !== 'linear' && value.activation) throw unsupported(`${layer.kind} after an activation`);
      if (layer.kind === 'residual') {
        if (layer.branch.at(-1)?.kind !== 'linear')
          throw unsupported('a branch that does not end in a matrix');
        if (layer.branch[0]?.kind === 'residual') throw unsupported('a branch that starts with a branch');
        value = place(layer.branch, value, value);
        continue;
      }
      const activation = next?.kind === 'activation' ? next.function : null;
      if (activation) i++;
      const skip = i === layers.length - 1 ? residual : null;
      const { name } = layer;
      const below = value.needsGradient || skip?.needsGradient === true;
      if (layer.kind === 'linear') {
        const output = { name, activation, width: layer.outputs, needsGradient: below || layer.trainable };
        nodes.push({ kind: 'linear', layer, input: value, output, residual: skip });
        value = output;
      } else {
        const output = {
          name,
          activation,
          width: layer.width,
          needsGradient: below || layer.kind === 'layer-norm',
        };
        nodes.push({ kind: 'norm', layer, input: value, output });
        value = output;
      }
    }
    return value;
  };

  const input: Value = { name: 'input', width: inputs, activation: null, needsGradient: false };
  const output = place(layers, input, null);
  if (output.activation) throw unsupported('an activation on the logits');
  return { nodes, input, output };
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

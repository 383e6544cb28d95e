// The backward pass, by hand: nodes in reverse, each from the gradient of its output (before its activation) to the
// gradients of its parameters and of its input. The derivative of an activation is taken by the one consumer of the
// value, or where there is another, when the gradient is complete. Nothing is computed below the lowest trained parameter.
import type { Forward, Kept } from './forward.ts';
import type { DropoutNode, LinearNode, Network, Node, NormNode, Value } from './network.ts';
import type { Derivative, Op } from './op.ts';
import type { State } from './state.ts';
import { type Operand, type Transient, transient } from './transient.ts';

/** Operations after `forward`, which must be a training pass of `network` with `rows` rows. */
export function backwardOps(
  network: Network,
  state: State,
  forward: Forward,
  rows: number,
): readonly Op<Operand>[] {
  const ops: Op<Operand>[] = [];
  const gradients = new Map<Value, Transient>();
  const producers = new Map(network.nodes.map((node) => [node.output, node]));
  const kept = (node: Node): Kept => forward.kept.get(node) as Kept;

  /** Where the gradient of a value goes: into what its skip connection already left, or into a new tensor. */
  const target = (value: Value): { tensor: Transient; accumulate: boolean } => {
    const present = gradients.get(value);
    if (present) return { tensor: present, accumulate: true };
    const tensor = transient(`d ${value.name}`, [rows, value.width]);
    gradients.set(value, tensor);
    return { tensor, accumulate: false };
  };

  const derivativeAt = (value: Value): Derivative<Operand> | null => {
    const producer = producers.get(value);
    return value.activation && producer
      ? { function: value.activation, of: kept(producer).derivativeOf }
      : null;
  };
  const fusedAt = (value: Value): Derivative<Operand> | null =>
    network.fused.has(value) ? derivativeAt(value) : null;

  const linear = (node: LinearNode, gradient: Transient): void => {
    const { layer, input, residual } = node;
    const plain = {
      kind: 'matmul',
      bias: null,
      preActivation: null,
      activation: null,
      residual: null,
    } as const;
    if (layer.trainable) {
      ops.push({
        ...plain,
        layout: 'TN',
        m: layer.outputs,
        n: layer.inputs,
        k: rows,
        a: gradient,
        b: forward.tensor(input),
        output: state.gradient(`${layer.name}.weight`),
        derivative: null,
        accumulate: false,
      });
    }
    if (layer.trainable && layer.bias) {
      const output = state.gradient(`${layer.name}.bias`);
      ops.push({ kind: 'column-sum', rows, columns: layer.outputs, input: gradient, output });
    }
    // z + W z: the gradient is still being read while that of z is written, so it joins as a residual instead.
    const isOwnSkip = residual === input;
    if (residual?.needsGradient && !isOwnSkip) gradients.set(residual, gradient);
    if (!input.needsGradient) return;
    const { tensor: output, accumulate } = target(input);
    ops.push({
      ...plain,
      layout: 'NN',
      m: rows,
      n: layer.inputs,
      k: layer.outputs,
      a: gradient,
      b: state.tensor(`${layer.name}.weight`),
      output,
      residual: isOwnSkip ? gradient : null,
      derivative: fusedAt(input),
      accumulate,
    });
  };

  const norm = (node: NormNode, gradient: Transient): void => {
    const { layer, input } = node;
    const { mean, rstd, normalised } = kept(node);
    const shared = { rows, columns: layer.width, gradient } as const;
    if (layer.kind === 'layer-norm' && mean && rstd) {
      const saved = { ...shared, input: forward.tensor(input), mean, rstd } as const;
      if (layer.trainable ?? true) {
        const weightGradient = state.gradient(`${layer.name}.weight`);
        const biasGradient = state.gradient(`${layer.name}.bias`);
        ops.push({ kind: 'layer-norm-parameters', ...saved, weightGradient, biasGradient });
      }
      if (!input.needsGradient) return;
      const weight = state.tensor(`${layer.name}.weight`);
      const { tensor: inputGradient, accumulate } = target(input);
      ops.push({ kind: 'layer-norm-backward', ...saved, weight, inputGradient, accumulate });
    } else if (normalised && rstd && input.needsGradient) {
      const { tensor: inputGradient, accumulate } = target(input);
      ops.push({ kind: 'batch-norm-backward', ...shared, normalised, rstd, inputGradient, accumulate });
    }
  };

  /** gradient · derivative, through the dropout where there is one, plus what is there already: always a new tensor. */
  const pointwise = (
    value: Value,
    gradient: Transient,
    dropout: DropoutNode['layer'] | null,
    derivative: Derivative<Operand> | null,
    residual: Transient | null,
  ): Transient => {
    const output = transient(`d ${value.name}${dropout ? '' : '.pre'}`, [rows, value.width]);
    const mask = dropout && { rate: dropout.rate, site: dropout.site };
    const shared = { kind: 'pointwise', rows, columns: value.width, input: gradient, output } as const;
    ops.push({ ...shared, dropout: mask, derivative, residual });
    return output;
  };

  const dropout = ({ layer, input, residual }: DropoutNode, gradient: Transient): void => {
    if (residual?.needsGradient) gradients.set(residual, gradient);
    if (!input.needsGradient) return;
    const present = gradients.get(input) ?? null;
    gradients.set(input, pointwise(input, gradient, layer, fusedAt(input), present));
  };

  if (forward.logitsGradient) gradients.set(network.output, forward.logitsGradient);
  for (const node of network.nodes.toReversed()) {
    const complete = gradients.get(node.output);
    if (!complete) continue;
    const own = network.fused.has(node.output) ? null : derivativeAt(node.output);
    const gradient = own ? pointwise(node.output, complete, null, own, null) : complete;
    switch (node.kind) {
      case 'linear':
        linear(node, gradient);
        break;
      case 'norm':
        norm(node, gradient);
        break;
      case 'dropout':
        dropout(node, gradient);
        break;
      default:
        throw node satisfies never;
    }
  }
  return ops;
}

// The forward pass: one operation a node, with what the backward pass will need kept beside it.
import { BATCH_NORM_MOMENTUM, NORM_EPSILON } from '../../core/layers.ts';
import { batchOps } from './batch.ts';
import type { DropoutNode, LinearNode, Network, Node, NormNode, Value } from './network.ts';
import { objective } from './objective.ts';
import type { Op } from './op.ts';
import type { PictureSpec } from './picture.ts';
import type { Places } from './places.ts';
import type { State } from './state.ts';
import { type Operand, type Transient, transient } from './transient.ts';

/** Tensors that a node leaves for the backward pass. */
export interface Kept {
  readonly output: Transient;
  /** What the derivative of the node's activation is taken of. */
  readonly derivativeOf: Transient;
  readonly mean: Transient | null;
  readonly rstd: Transient | null;
  readonly normalised: Transient | null;
}

export interface Forward {
  readonly ops: readonly Op<Operand>[];
  /** What evaluation is for: logits, or pixels after the sigmoid. */
  readonly outputs: Transient;
  readonly logitsGradient: Transient | null;
  readonly kept: ReadonlyMap<Node, Kept>;
  /** The tensor of a value. */
  readonly tensor: (value: Value) => Transient;
}

export interface ForwardOptions {
  readonly rows: number;
  readonly mode: 'train' | 'evaluate';
  readonly labelSmoothing: number;
  readonly picture: PictureSpec | null;
}

/**
 * From the gather to the losses (and, in training, the gradient of the logits). A network to be evaluated is lowered
 * without its dropouts.
 */
export function forwardOps(network: Network, state: State, spots: Places, options: ForwardOptions): Forward {
  const { rows, mode } = options;
  const isTraining = mode === 'train';
  const ops: Op<Operand>[] = [];
  const kept = new Map<Node, Kept>();
  const held = new Map<Value, Transient>();
  const tensor = (value: Value): Transient => held.get(value) as Transient;
  const make = (name: string, shape: readonly number[]): Transient => transient(name, shape);

  const linear = (node: LinearNode): Kept => {
    const { layer, output: value } = node;
    const output = make(value.name, [rows, value.width]);
    const keepsPre = isTraining && value.activation === 'gelu' && value.needsGradient;
    const pre = keepsPre ? make(`${value.name}.pre`, [rows, value.width]) : null;
    ops.push({
      kind: 'matmul',
      layout: 'NT',
      m: rows,
      n: layer.outputs,
      k: layer.inputs,
      a: tensor(node.input),
      b: state.tensor(`${layer.name}.weight`),
      output,
      bias: layer.bias ? state.tensor(`${layer.name}.bias`) : null,
      preActivation: pre,
      activation: value.activation,
      residual: node.residual && tensor(node.residual),
      derivative: null,
      accumulate: false,
    });
    return { output, derivativeOf: pre ?? output, mean: null, rstd: null, normalised: null };
  };

  const norm = (node: NormNode): Kept => {
    const { layer, output: value } = node;
    const { width: columns } = layer;
    const shape = [rows, columns];
    const { activation } = value;
    const shared = { rows, columns, epsilon: NORM_EPSILON, activation, input: tensor(node.input) } as const;
    if (layer.kind === 'layer-norm') {
      const keeps = isTraining && value.needsGradient;
      const output = make(value.name, shape);
      const pre = keeps && activation === 'gelu' ? make(`${value.name}.pre`, shape) : null;
      const mean = keeps ? make(`${value.name}.mean`, [rows]) : null;
      const rstd = keeps ? make(`${value.name}.rstd`, [rows]) : null;
      const weight = state.tensor(`${layer.name}.weight`);
      const bias = state.tensor(`${layer.name}.bias`);
      ops.push({ kind: 'layer-norm', ...shared, weight, bias, output, preActivation: pre, mean, rstd });
      return { output, derivativeOf: pre ?? output, mean, rstd, normalised: null };
    }
    const runningMean = state.tensor(`${layer.name}.running_mean`);
    const runningVariance = state.tensor(`${layer.name}.running_var`);
    if (!isTraining || layer.trainable === false) {
      const output = make(value.name, shape);
      ops.push({ kind: 'batch-norm-evaluation', ...shared, output, runningMean, runningVariance });
      return { output, derivativeOf: output, mean: null, rstd: null, normalised: null };
    }
    const normalised = make(activation ? `${value.name}.pre` : value.name, shape);
    const output = activation ? make(value.name, shape) : null;
    const rstd = make(`${value.name}.rstd`, [columns]);
    ops.push({
      kind: 'batch-norm',
      ...shared,
      momentum: BATCH_NORM_MOMENTUM,
      normalised,
      output,
      rstd,
      runningMean,
      runningVariance,
    });
    return { output: output ?? normalised, derivativeOf: normalised, mean: null, rstd, normalised };
  };

  const dropout = ({ layer, input, output: value, residual }: DropoutNode): Kept => {
    const output = make(value.name, [rows, value.width]);
    const { rate, site } = layer;
    ops.push({
      kind: 'pointwise',
      rows,
      columns: value.width,
      input: tensor(input),
      output,
      dropout: { rate, site },
      derivative: null,
      residual: residual && tensor(residual),
    });
    return { output, derivativeOf: output, mean: null, rstd: null, normalised: null };
  };

  const pass = (node: Node): Kept => {
    switch (node.kind) {
      case 'linear':
        return linear(node);
      case 'norm':
        return norm(node);
      case 'dropout':
        return dropout(node);
      default:
        throw node satisfies never;
    }
  };

  const batch = batchOps(network.input.width, spots, options);
  ops.push(...batch.ops);
  held.set(network.input, batch.input);
  for (const node of network.nodes) {
    const left = pass(node);
    kept.set(node, left);
    held.set(node.output, left.output);
  }
  const logits = tensor(network.output);
  const hasGradient = isTraining && network.output.needsGradient;
  const logitsGradient = hasGradient ? make('d logits', logits.shape) : null;
  const { op, outputs } = objective(logits, logitsGradient, batch.target, spots, options);
  ops.push(op);
  return { ops, outputs, logitsGradient, kept, tensor };
}

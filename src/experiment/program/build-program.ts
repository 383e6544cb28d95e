// From a layer list, a batch size and a rule of update to the whole program, with every byte planned before anything
// is allocated.
import { optimizers } from '../../catalog/optimizers/index.ts';
import { type Layer, withoutDropout } from '../../core/layers.ts';
import type { UpdateGroup } from '../update-groups.ts';
import { type ArenaPlan, liveBytes, planArena } from './arena.ts';
import { backwardOps } from './backward.ts';
import { forwardOps } from './forward.ts';
import { lower } from './network.ts';
import type { Op } from './op.ts';
import { mapOperands } from './operands.ts';
import type { PictureSpec } from './picture.ts';
import { placeBytes, places } from './places.ts';
import type { Bank, Program } from './program.ts';
import type { BufferName, Ref } from './ref.ts';
import { layOutState } from './state.ts';
import { isTransient, type Operand } from './transient.ts';
import { accumulateOps, accumulatorBytes, normOps, summaryOp, updateOps } from './update.ts';
import type { UpdateRule } from './update-rule.ts';

export interface ProgramSpec {
  readonly layers: readonly Layer[];
  /** Features that enter the network. */
  readonly inputs: number;
  /** Rows of one pass. */
  readonly batch: number;
  /** Passes whose gradients make one update; 1 where it is not given. */
  readonly microBatches?: number;
  /** Rows scored at once; the training batch where it is not given. */
  readonly evaluationBatch?: number;
  readonly rule: UpdateRule;
  /** Tensors that are updated alike; without groups all are. */
  readonly groups?: readonly UpdateGroup[];
  readonly labelSmoothing: number;
  /** What is done to images and asked of them; without it the network names their class. */
  readonly picture?: PictureSpec | null;
  /** Largest length of the gradient of all trainable parameters; 0 is off. */
  readonly clipNorm: number;
  /** How much an average of the weights keeps of itself at a step; 0 (the default) keeps none. */
  readonly averageDecay?: number;
  /** 'apart' (the default): see `Bank`. 'joint': one bank, the least memory, for executors that address memory freely. */
  readonly banks?: 'apart' | 'joint';
}

/** Everything of a program but where its transient tensors lie. */
function outline(spec: ProgramSpec) {
  const { layers, batch, evaluationBatch = batch, rule, clipNorm, labelSmoothing, picture = null } = spec;
  const network = lower(layers, spec.inputs);
  const state = layOutState(layers, spec.groups);
  const groups = state.groups.length;
  const averages = (spec.averageDecay ?? 0) > 0;
  const { microBatches = 1 } = spec;
  const accumulates = microBatches > 1;
  const from = accumulates ? 'accumulator' : 'gradients';
  const capacity = Math.max(batch, evaluationBatch);
  const spots = places(batch, capacity, groups);
  const pass = forwardOps(network, state, spots, { rows: batch, mode: 'train', labelSmoothing, picture });
  const step = {
    forward: pass.ops,
    backward: backwardOps(network, state, pass, batch),
    accumulateFirst: accumulates ? accumulateOps(state, spots, microBatches, true) : [],
    accumulate: accumulates ? accumulateOps(state, spots, microBatches, false) : [],
    norm: normOps(state, spots, clipNorm, from),
    update: updateOps(state, spots, rule, { isClipping: clipNorm > 0, averages, from }),
  };
  const scoring = places(evaluationBatch, capacity, groups);
  const scored = forwardOps(lower(withoutDropout(layers), spec.inputs), state, scoring, {
    rows: evaluationBatch,
    mode: 'evaluate',
    labelSmoothing: 0,
    picture,
  });
  const slots = optimizers[rule.kind].slots;
  return {
    state,
    spots,
    step,
    stepOps: Object.values(step).flat(),
    evaluation: [...scored.ops, summaryOp(scoring)],
    outputs: scored.outputs,
    slots,
    bytes: {
      parameters: state.parameterBytes,
      gradients: state.trainableBytes,
      'slot-0': slots.length > 0 ? state.trainableBytes : 0,
      'slot-1': slots.length > 1 ? state.trainableBytes : 0,
      accumulator: accumulates ? accumulatorBytes(state) : 0,
      average: averages ? state.trainableBytes : 0,
      statistics: state.statisticsBytes,
      ...placeBytes(capacity, groups),
    },
  };
}

/**
 * Bytes of every buffer, and of the activations the most that live at one time: what `buildProgram` plans, without
 * placing anything. `workspace` is the largest left operand of a product, which executors rearrange. Throws like it.
 */
export function programBytes(spec: ProgramSpec): Readonly<Record<BufferName | 'workspace', number>> {
  const { stepOps, evaluation, outputs, bytes } = outline(spec);
  const operands = [...stepOps, ...evaluation].map((op) => (op.kind === 'matmul' ? 4 * op.m * op.k : 0));
  const workspace = operands.reduce((most, size) => Math.max(most, size), 0);
  return { ...bytes, workspace, arena: Math.max(liveBytes(stepOps), liveBytes(evaluation, [outputs])) };
}

/** Throws LabError `internal` for a layer list without a compiled form (see `lower`). */
export function buildProgram(spec: ProgramSpec): Program {
  const { batch, evaluationBatch = batch, rule, clipNorm, averageDecay = 0, banks: kind = 'apart' } = spec;
  const { state, spots, step, stepOps, evaluation, outputs, slots, bytes } = outline(spec);
  const stepPlan = planArena(stepOps, kind);
  const evaluationPlan = planArena(evaluation, kind, [outputs]);
  const banks = joinBanks([stepPlan, evaluationPlan]);
  const resolveStep = resolver(stepPlan, banks);
  const resolveEvaluation = resolver(evaluationPlan, banks);
  const placed = (ops: readonly Op<Operand>[]): readonly Op[] =>
    ops.map((op) => mapOperands(op, resolveStep));
  const scoring = evaluation.map((op) => mapOperands(op, resolveEvaluation));
  return {
    batch,
    microBatches: spec.microBatches ?? 1,
    evaluationBatch,
    tensors: state.tensors,
    rule,
    groups: state.groups,
    slots,
    averageDecay,
    bytes: { ...bytes, arena: banks.reduce((sum, bank) => sum + bank.bytes, 0) },
    banks,
    liveBytes: Math.max(stepPlan.liveBytes, evaluationPlan.liveBytes),
    forward: placed(step.forward),
    backward: placed(step.backward),
    accumulateFirst: placed(step.accumulateFirst),
    accumulate: placed(step.accumulate),
    norm: placed(step.norm),
    isClipping: clipNorm > 0,
    update: placed(step.update),
    evaluation: scoring,
    averageEvaluation: averageDecay > 0 ? scoring.map((op) => withAverage(op, state.trainableBytes)) : [],
    outputs: resolveEvaluation(outputs),
    readings: spots.readings,
  };
}

/** The operation on averaged weights; those that are not trained stay as they are. */
function withAverage(op: Op, trainableBytes: number): Op {
  return mapOperands(op, (ref) =>
    ref.buffer === 'parameters' && ref.byteOffset < trainableBytes ? { ...ref, buffer: 'average' } : ref,
  );
}

/** Banks that are large enough for every plan, one after the other. */
function joinBanks(plans: readonly ArenaPlan[]): readonly Bank[] {
  const count = Math.max(...plans.map(({ banks }) => banks.length));
  const joined: Bank[] = [];
  let byteOffset = 0;
  for (let index = 0; index < count; index++) {
    const bytes = Math.max(...plans.map(({ banks }) => banks[index] ?? 0));
    joined.push({ byteOffset, bytes });
    byteOffset += bytes;
  }
  return joined;
}

const resolver =
  ({ places }: ArenaPlan, banks: readonly Bank[]) =>
  (operand: Operand): Ref => {
    if (!isTransient(operand)) return operand;
    const place = places.get(operand);
    const bank = banks[place?.bank ?? -1];
    if (!place || !bank) throw new Error(`${operand.name} has no place in the arena.`);
    return { ...operand, byteOffset: bank.byteOffset + place.byteOffset };
  };

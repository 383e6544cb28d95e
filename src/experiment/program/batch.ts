// The beginning of a step: images are gathered, and a task on images makes of them what enters the network and what has
// to come out.
import { features } from '../../core/dataset.ts';
import type { ForwardOptions } from './forward.ts';
import type { Op } from './op.ts';
import type { Places } from './places.ts';
import { type Operand, type Transient, transient } from './transient.ts';

interface Batch {
  readonly ops: readonly Op<Operand>[];
  /** [rows, inputs]. */
  readonly input: Transient;
  /** [rows, outputs]: the images asked for; null where classes are. */
  readonly target: Transient | null;
}

export function batchOps(
  inputs: number,
  { labels }: Places,
  { rows, mode, picture }: Pick<ForwardOptions, 'rows' | 'mode' | 'picture'>,
): Batch {
  const input = transient('input', [rows, inputs]);
  const gather = (into: Transient, count: number): Op<Operand> => ({
    kind: 'gather',
    rows,
    features: count,
    input: into,
    labels,
  });
  if (!picture) return { ops: [gather(input, inputs)], input, target: null };
  const pixels = features(picture.shape);
  const image = transient(picture.input === 'image' ? 'input' : 'image', [rows, pixels]);
  const ops: Op<Operand>[] = [gather(image, pixels)];
  if (picture.input === 'noisy')
    ops.push({ kind: 'noise', rows, features: pixels, isFixed: mode === 'evaluate', image, output: input });
  if (picture.input === 'halved') ops.push({ kind: 'halve', rows, ...picture.shape, image, output: input });
  const seen = picture.input === 'image' ? image : input;
  if (picture.target === 'image') return { ops, input: seen, target: image };
  const target = transient('target', [rows, pixels]);
  ops.push({ kind: 'prototype', rows, features: pixels, labels, output: target });
  return { ops, input: seen, target };
}

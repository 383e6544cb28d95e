// The operations of tasks on images as records of the tape: noise, halving, prototypes, and the squared error.
import { streams } from '../../core/rng.ts';
import type { Halve, Noise, Prototype, SquaredError } from '../../experiment/program/op.ts';
import type { Ref } from '../../experiment/program/ref.ts';
import { mean } from './objectives.ts';
import * as codes from './opcodes.ts';
import type { Address, Operation } from './operations.ts';

/** Where things are that tasks on images need beside the batch. */
export interface PictureAddresses {
  /** float32: 65,536 values of the noise. */
  readonly noise: Address;
  /** int32 × 2: the lane of the noise, the step in training; and the micro-batch of it. */
  readonly lane: Address;
  readonly seed: number;
  /** float32, classes × features. */
  readonly prototypes: Address;
}

interface Around extends PictureAddresses {
  of(ref: Ref): Address;
  readonly labels: Address;
  readonly indices: Address;
  readonly loss: Address;
}

type PictureOp = Noise<Ref> | Halve<Ref> | Prototype<Ref> | SquaredError<Ref>;

const ofRows = (rows: number, count: number): number =>
  Math.max(1, Math.min(32, rows, Math.ceil((rows * count) / 8192)));

export function pictureOperations(op: PictureOp, around: Around): readonly Operation[] {
  const { of, noise, lane, seed, prototypes, labels, indices, loss } = around;
  switch (op.kind) {
    case 'noise': {
      const { rows, features, isFixed } = op;
      const stream = isFixed ? streams.fixedNoise : streams.noise;
      const ids = isFixed ? indices : 0;
      const words = [of(op.image), of(op.output), noise, ids, lane, seed, stream, rows, features];
      return [{ code: codes.NOISE, chunks: ofRows(rows, 4 * features), words, reals: [] }];
    }
    case 'halve': {
      const { rows, channels, height, width } = op;
      const words = [of(op.image), of(op.output), rows, channels, height, width];
      const chunks = ofRows(rows, channels * height * width);
      return [{ code: codes.HALVE, chunks, words, reals: [] }];
    }
    case 'prototype': {
      const { rows, features } = op;
      const words = [prototypes, labels, indices, of(op.output), rows, features];
      return [{ code: codes.PROTOTYPE, chunks: ofRows(rows, features), words, reals: [] }];
    }
    case 'squared-error': {
      const { rows, features, scale } = op;
      const [output, gradient] = [op.output ? of(op.output) : 0, op.gradient ? of(op.gradient) : 0];
      const losses = of(op.losses);
      const words = [of(op.logits), of(op.goal), losses, output, gradient, rows, features];
      const chunks = ofRows(rows, 4 * features);
      return [{ code: codes.SQUARED_ERROR, chunks, words, reals: [scale] }, mean(losses, loss, rows)];
    }
    default:
      throw op satisfies never;
  }
}

// Where a tensor lies: a slice of one of a few flat buffers, which is what kernels are bound to.

/**
 * `parameters`: trainable tensors first, then fixed ones. `gradients`, `slot-0`, `slot-1` and `average`: the trainable
 * tensors only, at the same offsets. `accumulator`: the gradient of the micro-batches so far, at these offsets too, then
 * the sums of their squares. `statistics`: BatchNorm's running mean and variance. `arena`: everything that lives within a step.
 * `results`: loss and correctness of each row. `scalars`: the gradient's norm and the clip scale. `settings`: what the
 * host writes before each step (`settingNames`). `readings`: what steps leave for the host, one row a step (`readingNames`).
 */
export type BufferName =
  | 'parameters'
  | 'gradients'
  | 'slot-0'
  | 'slot-1'
  | 'average'
  | 'accumulator'
  | 'statistics'
  | 'arena'
  | 'labels'
  | 'results'
  | 'scalars'
  | 'settings'
  | 'readings';

/** A tensor at its place: contiguous, row-major. Offsets are multiples of `ALIGNMENT` bytes, so a slice can be bound. */
export interface Ref {
  readonly name: string;
  readonly shape: readonly number[];
  readonly buffer: BufferName;
  readonly byteOffset: number;
}

/** minStorageBufferOffsetAlignment of WebGPU. */
export const ALIGNMENT = 256;
export const ELEMENT_BYTES = 4;

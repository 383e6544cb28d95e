// Constants of a network as tensors on the device: made once, so that no step uploads or recompiles for them.
import * as tf from '@tensorflow/tfjs-core';

export interface Scalars {
  /** The float32 scalar of this value; the same tensor every time. */
  (value: number): tf.Scalar;
  /** [1, size] of this value. */
  row(value: number, size: number): tf.Tensor2D;
  dispose(): void;
}

export function createScalars(): Scalars {
  const kept = new Map<string, tf.Tensor>();
  const remember = <T extends tf.Tensor>(key: string, make: () => T): T => {
    const known = kept.get(key) as T | undefined;
    if (known) return known;
    const made = tf.keep(make());
    kept.set(key, made);
    return made;
  };
  const scalar = (value: number): tf.Scalar => remember(String(value), () => tf.scalar(value, 'float32'));
  return Object.assign(scalar, {
    row: (value: number, size: number) =>
      remember(`${value}×${size}`, () => tf.tensor2d(new Float32Array(size).fill(value), [1, size])),
    dispose() {
      for (const tensor of kept.values()) tensor.dispose();
      kept.clear();
    },
  });
}

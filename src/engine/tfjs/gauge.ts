// Scalars that steps leave on the device until somebody reads them all at once.
import * as tf from '@tensorflow/tfjs-core';

/** One size of block, so that WebGPU compiles one program for joining scalars. */
const BLOCK = 7;

export interface Gauge {
  /** Takes a [1] tensor, kept by the caller's tidy or not. */
  push(value: tf.Tensor1D): void;
  /** Values since the last read, in order. */
  read(): Promise<number[]>;
  dispose(): void;
}

export function createGauge(): Gauge {
  let full: tf.Tensor1D[] = [];
  let single: tf.Tensor1D[] = [];
  const dispose = (): void => {
    for (const tensor of [...full, ...single]) tensor.dispose();
    full = [];
    single = [];
  };
  return {
    push(value) {
      single.push(tf.keep(value));
      if (single.length < BLOCK) return;
      full.push(tf.tidy(() => tf.keep(tf.concat(single))));
      for (const tensor of single) tensor.dispose();
      single = [];
    },
    async read() {
      const taken = [...full, ...single];
      full = [];
      single = [];
      try {
        const pieces = await Promise.all(taken.map((tensor) => tensor.data<'float32'>()));
        return pieces.flatMap((piece) => [...piece]);
      } finally {
        for (const tensor of taken) tensor.dispose();
      }
    },
    dispose,
  };
}

// The numbers of tests/reference/tasks.py.
import type { PackedCase } from '../engine/golden.ts';
import text from './tasks.json?raw';

interface Raw {
  readonly table: { readonly std: number; readonly values: string };
  /** Noise of std 1: that of a batch's places at a step, and the fixed one of rows of the test split. */
  readonly noise: readonly {
    readonly features: number;
    readonly seed: number;
    readonly step: number;
    readonly rows: readonly number[];
    readonly training: string;
    readonly test: string;
  }[];
  readonly halved: { readonly images: string; readonly shape: readonly number[]; readonly values: string };
  /** Of the images of `halved` with `other`. */
  readonly ssim: { readonly other: string; readonly values: readonly number[] };
  readonly ssimSmall: number;
  readonly cases: readonly PackedCase[];
}

export const tasksGolden = JSON.parse(text) as Raw;

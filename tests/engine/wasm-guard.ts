// Operands between walls of NaN: what a kernel must not read shows in its result, what it must not write in the walls.
import { expect } from 'vitest';
import type { Kernels } from '../../src/engine/wasm/memory.ts';

const WALL = 16;

export interface Guarded {
  readonly at: number;
  values(): Float32Array;
  check(): void;
}

/** Deterministic values in ±1 (a linear congruence is random enough here). */
export function noise(count: number, seed: number): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
}

/** `contents` floats (or so many NaNs, to be written) in the kernels' memory, at an address no multiple of 16. */
export function guarded(kernels: Kernels, contents: ArrayLike<number> | number): Guarded {
  const count = typeof contents === 'number' ? contents : contents.length;
  const base = kernels.allocate((count + 2 * WALL + 1) * 4);
  const at = base + (WALL + 1) * 4;
  kernels.floats(base, count + 2 * WALL + 1).fill(Number.NaN);
  if (typeof contents !== 'number') kernels.floats(at, count).set(contents);
  return {
    at,
    values: () => kernels.floats(at, count).slice(),
    check: () => {
      expect(kernels.floats(base, WALL + 1).every(Number.isNaN)).toBe(true);
      expect(kernels.floats(at + count * 4, WALL).every(Number.isNaN)).toBe(true);
    },
  };
}

/** Fails unless every value is within `tolerance` × (1 + largest |expected|) of what is expected. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((actual[i] as number) - (expected[i] as number));
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
    size = Math.max(size, Math.abs(expected[i] as number));
  }
  expect(worst).toBeLessThanOrEqual(tolerance * (1 + size));
}

// Normal numbers for synthetic studies: a function of (seed, index), as everything random here.
import { stream } from '../../../src/core/rng.ts';

const PURPOSE = 4096;

/** Standard normal numbers, one a call (Box and Muller). */
export function normals(seed: number): () => number {
  const random = stream(seed, PURPOSE);
  let at = 0;
  return () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform(at)));
    at += 2;
    return radius * Math.cos(2 * Math.PI * random.uniform(at - 1));
  };
}

export const logSpaced = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));

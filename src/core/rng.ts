// Counter-based random numbers: Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random numbers: as easy
// as 1, 2, 3"). Any number of a run is a function of (seed, stream, index): nothing has to be drawn in order.
// Integer arithmetic and exact float32 scaling only, so that every backend and shading language agrees bit for bit.

/** One purpose, one stream. The numbers are part of every run's identity: append, never renumber. */
export const streams = {
  init: 1,
  permutation: 2,
  augment: 3,
  subset: 4,
  validation: 5,
  teacher: 6,
  mixup: 7,
  labelNoise: 8,
  shufflePixels: 9,
  noise: 12,
  fixedNoise: 13,
  dropout: 16,
  views: 20,
  bootstrap: 64,
} as const;

const PARITY = 0x1bd11bda;
const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

/** Threefry-2x32-20 of a 64-bit key and a 64-bit counter, each as two uint32. Writes two uint32 to `out`. */
export function threefry(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  out: Uint32Array,
): void {
  const key2 = PARITY ^ key0 ^ key1;
  const keys = [key0, key1, key2];
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  for (let group = 0; group < 5; group++) {
    const rotation = ROTATIONS[group & 1] as readonly [number, number, number, number];
    for (let round = 0; round < 4; round++) {
      const by = rotation[round] as number;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << by) | (x1 >>> (32 - by))) ^ x0;
    }
    x0 = (x0 + (keys[(group + 1) % 3] as number)) | 0;
    x1 = (x1 + (keys[(group + 2) % 3] as number) + group + 1) | 0;
  }
  out[0] = x0;
  out[1] = x1;
}

/** Random access to one stream: `word(index, lane)` is a uint32 that depends on nothing else. */
export interface Stream {
  /** A uint32. `index` and `lane` are uint32. */
  word(index: number, lane?: number): number;
  /** A float32 in [0, 1): the top 24 bits, scaled by 2^-24. */
  uniform(index: number, lane?: number): number;
  /** An integer in [0, bound), by multiply-high: bias below bound / 2^32. */
  integer(bound: number, index: number, lane?: number): number;
}

export function stream(seed: number, purpose: number): Stream {
  const out = new Uint32Array(2);
  /** What `out` holds: both words of a pair are often wanted one after the other. */
  let pair = -1;
  let laneOfPair = -1;
  const word = (index: number, lane = 0): number => {
    if (index >>> 1 !== pair || lane !== laneOfPair) {
      pair = index >>> 1;
      laneOfPair = lane;
      threefry(seed, purpose, pair, lane, out);
    }
    return out[index & 1] as number;
  };
  return {
    word,
    uniform: (index, lane) => (word(index, lane) >>> 8) * 2 ** -24,
    integer: (bound, index, lane) => Math.floor((word(index, lane) / 2 ** 32) * bound),
  };
}

/** A permutation of 0 … n−1 (Fisher–Yates) that depends on (seed, purpose, lane) only; lane is the epoch of a shuffle. */
export function permutation(
  n: number,
  seed: number,
  purpose: number,
  lane: number,
): Uint32Array<ArrayBuffer> {
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  const random = stream(seed, purpose);
  for (let i = n - 1; i > 0; i--) {
    const j = random.integer(i + 1, i, lane);
    const kept = order[i] as number;
    order[i] = order[j] as number;
    order[j] = kept;
  }
  return order;
}

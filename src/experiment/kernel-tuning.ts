// What was measured of one GPU in one browser version, as plain data: the engine measures, the page keeps it and gives
// it back with later runs, and a person can send it.

/** The variant that computes each matrix product of a run: "NT 128×512×784 gelu" → "tile64". */
export type KernelVariants = Readonly<Record<string, string>>;

export interface VariantTiming {
  readonly variant: string;
  /** `wrong`: it differed from the safest variant by more than rounding; `too slow`: given up after one round. */
  readonly outcome: 'measured' | 'not compiled' | 'wrong' | 'too slow';
  /** Median time of one product; null where too few samples were good. */
  readonly ms: number | null;
  readonly gflops: number | null;
  readonly samples: readonly (number | null)[];
}

/** Products of like size: which variant was chosen for all of them, and on which one it was measured. */
export interface TunedBucket {
  readonly variant: string;
  readonly product: { readonly layout: string; readonly m: number; readonly n: number; readonly k: number };
  readonly timings: readonly VariantTiming[];
}

/** A small network's step on the GPU and on the CPU, in ms. */
export interface BackendTimings {
  readonly webgpu: number;
  readonly wasm: number;
}

export interface KernelTuning {
  /** Everything that the choices depend on: adapter, limits, browser version, the kernels' text. */
  readonly key: string;
  /** "nvidia ada", and "Chrome 156": for people. */
  readonly adapter: string;
  readonly browser: string;
  readonly buckets: Readonly<Record<string, TunedBucket>>;
  /** Variants that ran when the device was lost: never tried again. */
  readonly avoided: readonly string[];
  /** By size of network. */
  readonly backends: Readonly<Record<string, BackendTimings>>;
}

/** Adapters and browser versions that are kept: a browser updates about monthly. */
const MOST_KEPT = 8;

/** The tunings with another one joined to what was known under its key; the newest last, the oldest given up. */
export function withTuning(known: readonly KernelTuning[], one: KernelTuning): readonly KernelTuning[] {
  const before = known.find(({ key }) => key === one.key);
  const joined: KernelTuning = {
    ...one,
    buckets: { ...before?.buckets, ...one.buckets },
    avoided: [...new Set([...(before?.avoided ?? []), ...one.avoided])],
    backends: { ...before?.backends, ...one.backends },
  };
  return [...known.filter(({ key }) => key !== one.key), joined].slice(-MOST_KEPT);
}

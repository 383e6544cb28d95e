// Which variant computes each product of a run: as recorded, else as measured on this adapter, else by the static table.
// What is missing is measured first where that is wanted.
import type { KernelTuning, KernelVariants, TunedBucket } from '../../experiment/kernel-tuning.ts';
import type { Product } from './kernels/epilogue.ts';
import { type Choice, choiceName, choiceOf } from './kernels/matmul.ts';
import { type Tuned, type Tuning, type TuningDevice, type TuningRequest, tune } from './tuner.ts';
import { bucket, productKey, tuningRequests } from './tuning-key.ts';
import { type AdapterFacts, defaultChoice, isUsable } from './variants.ts';

/** What a run brings to the choice; nothing means the static table. */
export interface KernelWish {
  readonly recorded?: KernelVariants | undefined;
  readonly known?: readonly KernelTuning[];
  readonly measures?: boolean;
  /** Measuring ends when it turns false. */
  readonly isIdle?: () => boolean;
  /** `isLost`: the device was lost on the way. */
  readonly onTuned?: (tuning: KernelTuning, isLost: boolean) => void;
}

/** The adapter, and how to measure on it. */
export interface Adapter {
  readonly facts: AdapterFacts;
  /** Nothing known of it yet; its key says what a choice depends on. */
  readonly untuned: KernelTuning;
  readonly measure: <T>(
    work: (device: TuningDevice<unknown>) => Promise<T>,
    isIdle: () => boolean,
  ) => Promise<T>;
}

export interface KernelChoices {
  readonly choose: (product: Product) => Choice;
  /** Of every product, to be recorded with the run. */
  readonly variants: KernelVariants;
  /** Recorded variants that cannot be used here. */
  readonly missing: readonly string[];
}

/** Choices for `products`, those of a whole step and of scoring; never rejects for what the device does. */
export async function chooseKernels(
  adapter: Adapter,
  products: readonly Product[],
  { recorded = {}, known = [], measures = false, isIdle = () => true, onTuned }: KernelWish,
): Promise<KernelChoices> {
  const { facts, untuned } = adapter;
  let tuning = known.find(({ key }) => key === untuned.key) ?? untuned;
  const requests = measures ? missingRequests(products, facts, recorded, tuning) : [];
  if (requests.length > 0) {
    const result = await adapter.measure((device) => tune(device, requests), isIdle);
    tuning = joined(tuning, requests, result);
    onTuned?.(tuning, result.end === 'device lost');
  }
  const missing = new Set<string>();
  const choose = (product: Product): Choice => {
    const name = recorded[productKey(product)];
    const again = name === undefined ? null : usable(name, product, facts);
    if (name !== undefined && !again) missing.add(name);
    return again ?? measured(product, facts, tuning) ?? safeDefault(product, facts, tuning);
  };
  const variants = Object.fromEntries(
    products.map((product) => [productKey(product), choiceName(choose(product))]),
  );
  return { choose, variants, missing: [...missing] };
}

function usable(name: string, product: Product, facts: AdapterFacts): Choice | null {
  const choice = choiceOf(name);
  return choice && isUsable(choice, product, facts) ? choice : null;
}

function measured(product: Product, facts: AdapterFacts, { buckets }: KernelTuning): Choice | null {
  const known = buckets[bucket(product)];
  return known ? usable(known.variant, product, facts) : null;
}

function safeDefault(product: Product, facts: AdapterFacts, { avoided }: KernelTuning): Choice {
  const choice = defaultChoice(product, facts);
  return avoided.includes(choiceName(choice)) ? { variant: 'tile32' } : choice;
}

/** Requests that neither the record nor an earlier measurement answers, without what once cost the device. */
function missingRequests(
  products: readonly Product[],
  facts: AdapterFacts,
  recorded: KernelVariants,
  { buckets, avoided }: KernelTuning,
): readonly TuningRequest[] {
  return tuningRequests(products, facts)
    .filter(({ key, product }) => !buckets[key] && recorded[productKey(product)] === undefined)
    .map((request) => ({
      ...request,
      candidates: request.candidates.filter((choice) => !avoided.includes(choiceName(choice))),
    }))
    .filter(({ candidates }) => candidates.length > 1);
}

/** What is known with what was just measured. A complete tuning settles every bucket, if only by the default. */
function joined(tuning: KernelTuning, requests: readonly TuningRequest[], result: Tuning): KernelTuning {
  const buckets: Record<string, TunedBucket> = { ...tuning.buckets };
  if (result.end === 'complete')
    for (const { key, product, candidates } of requests)
      buckets[key] = bucketOf({ product, choice: candidates[0] as Choice, measurements: [] });
  for (const one of result.tuned) buckets[one.key] = bucketOf(one);
  const culprit = result.culprit ? [choiceName(result.culprit)] : [];
  return { ...tuning, buckets, avoided: [...tuning.avoided, ...culprit] };
}

function bucketOf({ product, choice, measurements }: Omit<Tuned, 'key'>): TunedBucket {
  const { layout, m, n, k } = product;
  return {
    variant: choiceName(choice),
    product: { layout, m, n, k },
    timings: measurements.map(({ choice: tried, outcome, ms, samples }) => ({
      variant: choiceName(tried),
      outcome,
      ms,
      gflops: ms === null ? null : Math.round((2 * m * n * k) / ms / 1e6),
      samples,
    })),
  };
}

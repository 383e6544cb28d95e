// The numbers of tests/reference/golden.py, unpacked.
import type { Dataset } from '../../src/core/dataset.ts';
import type { NamedTensor } from '../../src/core/safetensors.ts';
import { type Config, makeConfig, type Named } from '../../src/experiment/config.ts';
import text from '../reference/golden.json?raw';
import modelsText from '../reference/models.json?raw';

export type Packed = Readonly<Record<string, { readonly shape: readonly number[]; readonly values: string }>>;

/** One network's training as a reference script writes it. */
export interface PackedCase {
  readonly title: string;
  readonly config: Named;
  readonly start: Packed;
  readonly losses: readonly number[];
  readonly rates: readonly number[];
  readonly norms: readonly number[];
  readonly spread: number;
  readonly gradients: Packed;
  readonly updated: Packed;
  readonly slots: Readonly<Record<string, Packed>>;
  readonly final: Packed;
  readonly outputs: string;
}

interface Raw {
  readonly batch: number;
  readonly steps: number;
  readonly images: string;
  readonly labels: readonly number[];
  readonly starts: Readonly<Record<string, Packed>>;
  readonly cases: readonly (Omit<PackedCase, 'start' | 'outputs'> & {
    readonly model: string;
    readonly logits: string;
  })[];
}

const raw = JSON.parse(text) as Raw;
const models = JSON.parse(modelsText) as { readonly cases: readonly PackedCase[] };

export const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
export const floats = (text: string): Float32Array<ArrayBuffer> => new Float32Array(bytesOf(text).buffer);

export function unpack(packed: Packed): Map<string, NamedTensor> {
  return new Map(
    Object.entries(packed).map(([name, { shape, values }]) => [
      name,
      { name, shape, values: floats(values) },
    ]),
  );
}

export interface GoldenCase {
  readonly title: string;
  readonly config: Config;
  readonly start: ReadonlyMap<string, NamedTensor>;
  readonly losses: readonly number[];
  readonly rates: readonly number[];
  readonly norms: readonly number[];
  /** Largest relative difference of a loss between float32, float64 and permuted sums. */
  readonly spread: number;
  /** After one step. */
  readonly gradients: ReadonlyMap<string, NamedTensor>;
  readonly updated: ReadonlyMap<string, NamedTensor>;
  readonly slots: Readonly<Record<string, ReadonlyMap<string, NamedTensor>>>;
  /** After all steps. */
  readonly final: ReadonlyMap<string, NamedTensor>;
  /** Of the first batch's rows in evaluation. */
  readonly outputs: Float32Array;
}

/** The images of a script, for training and for testing. */
export function datasetOf(script: { readonly images: string; readonly labels: readonly number[] }): Dataset {
  const split = { images: bytesOf(script.images), labels: Uint8Array.from(script.labels) };
  return {
    id: 'digits',
    order: 'golden',
    sha256: 'golden',
    shape: { channels: 1, height: 8, width: 8 },
    classes: [...'0123456789'],
    train: split,
    test: split,
  };
}

export const goldenDataset = datasetOf(raw);

export const goldenSteps = raw.steps;
export const goldenBatch = raw.batch;

/** Batches as the script takes them: rows in their order. */
export const goldenBatches = {
  size: goldenBatch,
  stepsPerEpoch: goldenSteps,
  rows: (step: number) => Uint32Array.from({ length: goldenBatch }, (_, row) => step * goldenBatch + row),
  draws: () => null,
  share: () => null,
};

export const unpackCase = (entry: PackedCase): GoldenCase => ({
  title: entry.title,
  config: makeConfig({ data: 'digits', ...entry.config }),
  start: unpack(entry.start),
  losses: entry.losses,
  rates: entry.rates,
  norms: entry.norms,
  spread: entry.spread,
  gradients: unpack(entry.gradients),
  updated: unpack(entry.updated),
  slots: Object.fromEntries(Object.entries(entry.slots).map(([slot, packed]) => [slot, unpack(packed)])),
  final: unpack(entry.final),
  outputs: floats(entry.outputs),
});

export const goldenCases: readonly GoldenCase[] = [
  ...raw.cases.map((entry) =>
    unpackCase({ ...entry, start: raw.starts[entry.model] as Packed, outputs: entry.logits }),
  ),
  ...models.cases.map(unpackCase),
];

// What a tuned choice is valid for, and which products of a step are worth tuning.
import { powerOfTwo } from './kernel.ts';
import type { Product } from './kernels/epilogue.ts';
import { type Choice, matmul, type VariantId } from './kernels/matmul.ts';
import type { TuningRequest } from './tuner.ts';
import { type AdapterFacts, candidates } from './variants.ts';

/** Kinds of epilogue that cost alike. */
function epilogueClass({ activation, derivative, residual, accumulate }: Product): string {
  if (activation === 'gelu' || derivative?.function === 'gelu') return 'gelu';
  return residual !== null || accumulate || derivative !== null ? 'reading' : 'plain';
}

/** Layout, m, n and k up to powers of two, epilogue class. */
export const bucket = (product: Product): string =>
  [
    product.layout,
    ...[product.m, product.n, product.k].map((size) => powerOfTwo(size)),
    epilogueClass(product),
  ].join(' ');

/** A product by its exact size: what a run records its variant under. */
export const productKey = (product: Product): string =>
  `${product.layout} ${product.m}×${product.n}×${product.k} ${epilogueClass(product)}`;

const flops = ({ m, n, k }: Product): number => 2 * m * n * k;
const LEAST_SHARE = 0.05;
const MOST_BUCKETS = 6;

/** Buckets with at least 5 % of the step's arithmetic, at most six, the largest first. */
export function tuningRequests(products: readonly Product[], facts: AdapterFacts): readonly TuningRequest[] {
  const total = products.reduce((sum, product) => sum + flops(product), 0);
  const buckets = new Map<string, { product: Product; flops: number }>();
  for (const product of products) {
    const key = bucket(product);
    const known = buckets.get(key);
    if (known) known.flops += flops(product);
    else buckets.set(key, { product, flops: flops(product) });
  }
  return [...buckets]
    .filter(([, one]) => one.flops >= LEAST_SHARE * total)
    .sort(([, a], [, b]) => b.flops - a.flops)
    .slice(0, MOST_BUCKETS)
    .map(([key, { product }]) => ({ key, product, candidates: candidates(product, facts) }))
    .filter((request) => request.candidates.length > 1);
}

/** The text whose hash names the generator: it changes with any variant's WGSL. */
export function generatorText(): string {
  const texts: string[] = [];
  const variants: readonly VariantId[] = [
    'tile32',
    'tile32deep',
    'tile32wide',
    'tile64',
    'tile128',
    'kgroup',
    'reg44',
    'thin',
    'intel',
    'skinny',
    'dot',
    'row-dot',
  ];
  const base = { kind: 'matmul', a: 0, b: 0, output: 0, bias: 0, preActivation: 0, residual: 0 } as const;
  const more = { activation: 'gelu', derivative: { function: 'gelu', of: 0 }, accumulate: true } as const;
  for (const variant of variants)
    for (const layout of ['NN', 'NT', 'TN'] as const) {
      if (variant === 'intel' && layout !== 'NN') continue;
      const choice: Choice = variant === 'tile32' ? { variant, slices: 2 } : { variant };
      for (const { code } of matmul({ ...base, ...more, layout, m: 64, n: 12, k: 64 }, choice))
        texts.push(code);
    }
  return texts.join('\n');
}

export interface KeyParts {
  readonly facts: AdapterFacts;
  /** Limits the device was asked for. */
  readonly limits: Readonly<Record<string, number>>;
  /** Browser and major version: its shader compiler comes with it. */
  readonly browser: string;
  /** Hash of `generatorText`. */
  readonly generator: string;
}

/** Everything a measured choice depends on, before the bucket. */
export function adapterKey({ facts, limits, browser, generator }: KeyParts): string {
  const { vendor, architecture, device, description, isFallback, hasSubgroups } = facts;
  const subgroups = hasSubgroups ? `${facts.subgroupMinSize}–${facts.subgroupMaxSize}` : 'none';
  const asked = Object.entries(limits)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  return [vendor, architecture, device, description, isFallback, subgroups, asked, browser, generator].join(
    ' | ',
  );
}

/** "Chrome 156": the engine and its major version; the whole text where it is none that is known. */
export function browserName(userAgent: string): string {
  const [, name, version] = /\b(Firefox|Edg|Chrome|Version)\/(\d+)/.exec(userAgent) ?? [];
  return name ? `${name === 'Version' ? 'Safari' : name} ${version}` : userAgent;
}

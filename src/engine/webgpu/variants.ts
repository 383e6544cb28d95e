// Which variant computes a product where nothing has been measured, and which others are worth a measurement: a static
// table by vendor and shape, from figures that others published for their GPUs.

import type { Sharing } from './kernel.ts';
import type { Product } from './kernels/epilogue.ts';
import type { Choice, VariantId } from './kernels/matmul.ts';
import { blocks, tilings } from './kernels/matmul.ts';
import { registerTile } from './kernels/register.ts';
import { outputTile } from './kernels/tiled.ts';

export type Vendor = 'nvidia' | 'amd' | 'apple' | 'intel' | 'mobile' | 'software' | 'unknown';

/** What is known of an adapter. */
export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallback: boolean;
  /** The feature was granted. */
  readonly hasSubgroups: boolean;
  readonly subgroupMinSize: number;
  readonly subgroupMaxSize: number;
}

export function vendorOf({ vendor, isFallback }: AdapterFacts): Vendor {
  if (isFallback) return 'software';
  const name = vendor.toLowerCase();
  switch (name) {
    case 'nvidia':
    case 'amd':
    case 'apple':
    case 'intel':
      return name;
    case 'qualcomm':
    case 'arm':
    case 'img-tec':
    case 'imagination':
    case 'samsung':
      return 'mobile';
    default:
      return 'unknown';
  }
}

/** How lanes sum in the kernels that have no variants. */
export const sharingOf = (facts: AdapterFacts): Sharing => (facts.isFallback ? 'alone' : 'shared');

/** 32×32 tiles of the output: how many workgroups there are to spread. */
export const tileCount = ({ m, n }: Pick<Product, 'm' | 'n'>): number =>
  Math.ceil(m / 32) * Math.ceil(n / 32);

/** Slices of k for a product of few tiles: at most 16, about 256 workgroups together, at least 128 steps each. */
export function sliceCount({ m, n, k }: Product): number {
  const wanted = Math.min(16, Math.ceil(256 / tileCount({ m, n })), Math.floor(k / 128));
  return Math.max(1, wanted);
}

/** E's conditions: NN, and enough tiles of 64×128. */
const suitsIntel = ({ layout, m, n, k }: Product): boolean =>
  layout === 'NN' && m > 32 && n > 64 && k >= 32 && Math.ceil(m / 64) * Math.ceil(n / 128) >= 24;

/** Outputs so narrow that no tile fits them, or null. */
function narrow(product: Product): VariantId | null {
  const { layout, m, n, k } = product;
  if (m * n <= 128 && k >= 256) return 'dot';
  if (n <= 16 && layout !== 'TN') return m >= 4096 ? 'skinny' : 'row-dot';
  if (n <= 32 && m >= 64) return 'skinny';
  if (k <= 16 && n >= 64) return 'thin';
  return null;
}

/** Slices for outputs of few tiles; never at 256 tiles and k ≤ 512, where others lost a quarter of their speed. */
function sliced(product: Product): Choice | null {
  const slices = tileCount(product) < 64 && product.k >= 256 ? sliceCount(product) : 1;
  return slices > 1 ? { variant: 'tile32', slices } : null;
}

/** The choice where nothing was measured. */
export function defaultChoice(product: Product, facts: AdapterFacts): Choice {
  const vendor = vendorOf(facts);
  const tiles = tileCount(product);
  // Every subgroup has at least four lanes, which is all that the spread form asks for.
  if (vendor === 'software') return { variant: facts.hasSubgroups ? 'software' : 'software-plain' };
  const few = narrow(product);
  if (few) return { variant: few };
  if (vendor !== 'mobile' && tiles < 64) {
    const split = sliced(product);
    if (split) return split;
    if (product.k >= 64) return { variant: 'kgroup' };
  }
  switch (vendor) {
    case 'nvidia':
      return { variant: tiles >= 1024 ? 'tile128' : 'tile32wide' };
    case 'amd':
      return { variant: tiles >= 256 ? 'tile64' : 'tile32' };
    case 'apple':
      return { variant: tiles >= 512 ? 'reg44' : 'tile32' };
    case 'intel':
      return { variant: facts.hasSubgroups && suitsIntel(product) ? 'intel' : 'tile32deep' };
    case 'mobile':
      return { variant: 'reg44' };
    case 'unknown':
      return { variant: 'tile32' };
    default:
      throw vendor satisfies never;
  }
}

/** Choices worth a measurement, the default first. On a software adapter nothing is measured: compiling costs more. */
export function candidates(product: Product, facts: AdapterFacts): readonly Choice[] {
  const first = defaultChoice(product, facts);
  const vendor = vendorOf(facts);
  if (vendor === 'software') return [first];
  const { n, k } = product;
  const tiles = tileCount(product);
  const others: Choice[] = [];
  const add = (variant: VariantId, slices = 1): void => {
    others.push(slices > 1 ? { variant, slices } : { variant });
  };
  if (n <= 32) {
    if (first.variant !== 'skinny' && n <= 32) add('skinny');
    add('tile32');
  } else if (tiles >= 512) {
    for (const variant of ['tile32', 'tile64', 'reg44'] as const) add(variant);
    if (vendor !== 'mobile') add('tile128');
    if (product.layout === 'TN' && k >= 1024) add('tile64', 4);
  } else if (tiles >= 64) {
    for (const variant of ['tile32', 'tile64', 'reg44'] as const) add(variant);
    // 512×512 outputs are never sliced at k ≤ 512.
    if (k >= 1024) add('tile32', 2);
    else add('kgroup');
  } else {
    add('tile32');
    add('kgroup');
    const slices = sliceCount(product);
    if (slices > 1) add('tile32', slices);
    if (slices > 3) add('tile32', slices >> 1);
  }
  if (vendor === 'intel' && facts.hasSubgroups && suitsIntel(product)) add('intel');
  const key = ({ variant, slices = 1 }: Choice): string => `${variant}/${slices}`;
  const seen = new Set([key(first)]);
  const kept = others.filter((one) => !seen.has(key(one)) && seen.add(key(one)));
  return [first, ...kept].slice(0, 5);
}

/** Outputs of one workgroup: what decides how many there are. */
export function outputsOf(
  variant: VariantId,
  n: number,
): { readonly rows: number; readonly columns: number } {
  switch (variant) {
    case 'tile32':
    case 'tile32deep':
    case 'tile32wide':
    case 'tile64':
    case 'tile128':
    case 'kgroup':
      return outputTile(tilings[variant]);
    case 'reg44':
    case 'thin':
    case 'software':
    case 'software-plain':
      return registerTile(blocks[variant]);
    case 'intel':
      return { rows: 64, columns: 128 };
    case 'skinny':
      return { rows: 64, columns: n };
    case 'dot':
      return { rows: 1, columns: 1 };
    case 'row-dot':
      return { rows: 1, columns: n };
    default:
      throw variant satisfies never;
  }
}

const SPREAD: readonly VariantId[] = ['intel', 'software'];

/** Whether a choice made elsewhere can be used for a product on this adapter. */
export function isUsable({ variant, slices = 1 }: Choice, product: Product, facts: AdapterFacts): boolean {
  return suits(variant, product) && slices <= product.k && (facts.hasSubgroups || !SPREAD.includes(variant));
}

/** Whether a variant computes a product at all. */
export function suits(variant: VariantId, { layout, m, n }: Product): boolean {
  switch (variant) {
    case 'intel':
      return layout === 'NN';
    case 'skinny':
      return n <= 32;
    case 'row-dot':
      return n <= 16 && m <= 65_535;
    case 'dot':
      return m * n <= 65_535;
    default:
      return true;
  }
}

// Every way to compute a matrix product, by name. Each sums over k in one fixed order; they differ in which hardware
// they suit, not in what they compute beyond rounding.
import type { Kernel } from '../kernel.ts';
import type { Subgroups } from '../subgroups.ts';
import type { Product } from './epilogue.ts';
import { intelProduct } from './intel.ts';
import { dotProduct, rowDotProduct, skinnyProduct } from './narrow.ts';
import { type RegisterBlock, registerProduct } from './register.ts';
import { joinSlices, type Tiling, tiledProduct } from './tiled.ts';

const square = { lanesX: 8, lanesY: 8, rows: 4, columns: 4, groups: 1 } as const;

export const tilings = {
  /** 32×32 by 64 lanes: the most workgroups, the safest. */
  tile32: { ...square, id: 'tile32', depth: 8 },
  tile32deep: { ...square, id: 'tile32deep', depth: 32 },
  /** The same tile by 128 lanes: one subgroup of 32 for each of NVIDIA's four schedulers. */
  tile32wide: { ...square, id: 'tile32wide', lanesY: 16, rows: 2, depth: 32 },
  tile64: { ...square, id: 'tile64', lanesX: 16, lanesY: 16, depth: 16 },
  tile128: { id: 'tile128', lanesX: 16, lanesY: 16, rows: 8, columns: 8, depth: 8, groups: 1 },
  /** 32×32 with k dealt to four groups of lanes. */
  kgroup: { ...square, id: 'kgroup', depth: 8, groups: 4 },
} as const satisfies Readonly<Record<string, Tiling>>;

const patch = { lanesX: 8, lanesY: 8, patches: 4, rows: 4, columns: 4, isSpread: false } as const;

export const blocks = {
  reg44: { ...patch, id: 'reg44' },
  /** Four outputs a lane: for k ≤ 16, where memory decides. */
  thin: { ...patch, id: 'thin', patches: 1, lanesX: 16, lanesY: 4, rows: 1 },
  /** CPU adapters: 8 columns by 16 rows a lane, with and without subgroups. */
  software: {
    ...patch,
    id: 'software',
    patches: 1,
    lanesX: 16,
    lanesY: 1,
    rows: 16,
    columns: 8,
    isSpread: true,
  },
  'software-plain': { ...patch, id: 'software-plain', patches: 1, lanesX: 8, lanesY: 2, rows: 8, columns: 8 },
} as const satisfies Readonly<Record<string, RegisterBlock>>;

type TilingId = keyof typeof tilings;
type BlockId = keyof typeof blocks;
export type VariantId = TilingId | BlockId | 'intel' | 'skinny' | 'dot' | 'row-dot';

/** What computes one product: a variant, and slices of k for a tiling (1 where not given). */
export interface Choice {
  readonly variant: VariantId;
  readonly slices?: number;
}

/** More slices than this are never tried. */
const MOST_SLICES = 16;

export const choiceName = ({ variant, slices = 1 }: Choice): string =>
  slices > 1 ? `${variant}/${slices}` : variant;

const isVariant = (name: string): name is VariantId =>
  Object.hasOwn(tilings, name) ||
  Object.hasOwn(blocks, name) ||
  ['intel', 'skinny', 'dot', 'row-dot'].includes(name);

/** The choice of a name that `choiceName` made; null where there is no such variant, or it cannot be sliced so. */
export function choiceOf(name: string): Choice | null {
  const [, variant = '', digits = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(name) ?? [];
  if (!isVariant(variant)) return null;
  const slices = Number(digits);
  if (slices < 2) return { variant };
  return variant in tilings && slices <= MOST_SLICES ? { variant, slices } : null;
}

export interface ProductOptions {
  /** Test every bound, for comparison with the form that does not. */
  readonly force?: boolean;
  readonly subgroups?: Subgroups;
}

/** Kernels in order; two where k is sliced, which share the binding `scratch` of [slices, m, n] floats. */
export function matmul(product: Product, choice: Choice, options: ProductOptions = {}): readonly Kernel[] {
  const { variant, slices = 1 } = choice;
  const { force = false } = options;
  switch (variant) {
    case 'tile32':
    case 'tile32deep':
    case 'tile32wide':
    case 'tile64':
    case 'tile128':
    case 'kgroup': {
      const first = tiledProduct(product, tilings[variant], { force, slices });
      return slices > 1 ? [first, joinSlices(product, slices)] : [first];
    }
    case 'reg44':
    case 'thin':
    case 'software':
    case 'software-plain':
      return [registerProduct(product, blocks[variant], options)];
    case 'intel':
      return [intelProduct(product, options)];
    case 'skinny':
      return [skinnyProduct(product, force)];
    case 'dot':
      return [dotProduct(product)];
    case 'row-dot':
      return [rowDotProduct(product)];
    default:
      throw variant satisfies never;
  }
}

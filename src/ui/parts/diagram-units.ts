// The runs of matrices that are drawn or left out together: the lift, one block, the head. Pure: the layer list in.
import { type Layer, type Linear, type PatchEmbedding, tokensOf } from '../../core/layers.ts';

/** One matrix of the drawing. */
export interface Drawn {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly trainable: boolean;
  readonly role: Linear['role'];
  /** How often an example passes it: 1, or once a token, or once a feature where it acts across tokens. */
  readonly uses: number;
  readonly over: 'example' | 'tokens' | 'features';
}

export interface Unit {
  readonly role: Linear['role'];
  readonly matrices: readonly Drawn[];
  /** Skip connections from before matrix `from` to behind matrix `to` of the unit. */
  readonly skips: readonly { readonly from: number; readonly to: number }[];
  /** The mean of tokens stands before it: fewer features enter than left the unit before. */
  readonly isPooled: boolean;
}

interface Open extends Unit {
  readonly key: string;
  readonly matrices: Drawn[];
  readonly skips: { readonly from: number; readonly to: number }[];
}

/** Where the walk through the layers is. */
interface Walk {
  rows: number;
  isAcross: boolean;
  isPooled: boolean;
  readonly units: Open[];
}

export function units(layers: readonly Layer[]): readonly Unit[] {
  const walk: Walk = { rows: 1, isAcross: false, isPooled: false, units: [] };
  visit(layers, walk);
  return walk.units;
}

/** `blocks.0` of `blocks.0.block.2`: what belongs to one block. */
const blockOf = (name: string): string => /^\w+\.\d+/.exec(name)?.[0] ?? name;

function visit(layers: readonly Layer[], walk: Walk): void {
  for (const layer of layers) {
    switch (layer.kind) {
      case 'linear':
      case 'patch-embedding':
        add(layer, walk);
        break;
      case 'transpose':
        walk.rows = layer.columns;
        walk.isAcross = !walk.isAcross;
        break;
      case 'token-mean':
        walk.rows = 1;
        walk.isPooled = true;
        break;
      case 'gate':
        visit(layer.branch, walk);
        break;
      case 'residual': {
        const count = (): number => walk.units.reduce((sum, unit) => sum + unit.matrices.length, 0);
        const before = count();
        visit(layer.branch, walk);
        const unit = walk.units.at(-1);
        if (!unit || count() === before) break;
        const to = unit.matrices.length - 1;
        unit.skips.push({ from: Math.max(0, to + 1 - (count() - before)), to });
        break;
      }
      case 'layer-norm':
      case 'batch-norm':
      case 'activation':
      case 'dropout':
        break;
      default:
        throw layer satisfies never;
    }
  }
}

function add(layer: Linear | PatchEmbedding, walk: Walk): void {
  const isEmbedding = layer.kind === 'patch-embedding';
  if (isEmbedding) walk.rows = tokensOf(layer);
  const drawn: Drawn = {
    name: `${layer.name}.weight`,
    inputs: isEmbedding ? layer.channels * layer.patch ** 2 : layer.inputs,
    outputs: layer.outputs,
    trainable: isEmbedding || layer.trainable,
    role: isEmbedding ? 'lift' : layer.role,
    uses: walk.rows,
    over: walk.rows === 1 ? 'example' : walk.isAcross ? 'features' : 'tokens',
  };
  const key = blockOf(layer.name);
  const last = walk.units.at(-1);
  if (last && last.role === 'block' && drawn.role === 'block' && last.key === key) last.matrices.push(drawn);
  else walk.units.push({ role: drawn.role, key, matrices: [drawn], skips: [], isPooled: walk.isPooled });
  walk.isPooled = false;
}

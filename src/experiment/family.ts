// One family of residual networks by the ratio k = d_h / d_z of the width inside a block to that between blocks: the
// hourglass below 1, the residual isotropic network at 1, the inverted bottleneck above.
import type { Config, Named } from './config.ts';

/** Ratios that the form offers, in order; any other can be typed as expansion or bottleneck. */
export const ratios: readonly number[] = [
  1 / 16,
  1 / 12,
  1 / 8,
  1 / 6,
  1 / 4,
  1 / 3,
  1 / 2,
  2 / 3,
  1,
  1.5,
  2,
  3,
  4,
  6,
  8,
];

export interface Ratio {
  /** d_z, the width between blocks. */
  readonly width: number;
  /** d_h, the width inside a block. */
  readonly inner: number;
  /** d_h / d_z as it came out. */
  readonly k: number;
}

/** d_h of an inverted bottleneck. */
const widened = (width: number, expansion: number): number => Math.max(1, Math.round(width * expansion));

/** Where a config stands in the family; null outside it. */
export function ratioOf(config: Config): Ratio | null {
  const width = config['model.width'];
  switch (config.model) {
    case 'inverted-bottleneck': {
      const inner = widened(width, config['model.expansion']);
      return { width, inner, k: inner / width };
    }
    case 'hourglass':
      return { width, inner: config['model.bottleneck'], k: config['model.bottleneck'] / width };
    case 'isotropic':
    case 'mlp-mixer':
    case 'gmlp':
      return null;
    default:
      throw config.model satisfies never;
  }
}

/** The offered ratio that is nearest to k on a logarithmic scale. */
export function nearestRatio(k: number): number {
  const distance = (ratio: number): number => Math.abs(Math.log(ratio / k));
  return ratios.reduce((best, ratio) => (distance(ratio) < distance(best) ? ratio : best));
}

/**
 * What to change for ratio k. Only the shape changes: norm, activation and biases stay, although the two ends of the
 * family have different ones by default.
 */
export function withRatio(config: Config, k: number): Named {
  const kept = {
    'model.norm': config['model.norm'],
    'model.activation': config['model.activation'],
    'model.bias': config['model.bias'],
  } as const;
  return k < 1
    ? { ...kept, model: 'hourglass', 'model.bottleneck': widened(config['model.width'], k) }
    : { ...kept, model: 'inverted-bottleneck', 'model.expansion': k };
}

// The width at which a network has a given size. Parameters and MACs rise with the width, so the nearest whole width
// is found by halving; defaults that follow the width (the bottleneck of a hourglass) go along.
import { LabError, toFailure } from '../../core/failure.ts';
import { type Config, canonical, declarations, makeConfig, type Named, withSetting } from '../config.ts';
import type { Plan } from '../plan.ts';

export interface Match {
  readonly width: number;
  /** (what the network has − what was asked) ÷ what was asked. */
  readonly mismatch: number;
}

const WIDTH = 'model.width';

const widest = Math.max(...(declarations.get(WIDTH) ?? []).map(({ range }) => range?.[1] ?? 1));

/** The config with defaults for everything that does not decide the network, so that only its shape can be refused. */
function shapeOf(config: Config): Config {
  const shape = Object.entries(config).filter(([key]) => /^(model|data|task)(\..*)?$/.test(key));
  const sizes = ['data.trainSize', 'data.validationSize'];
  const kept = Object.fromEntries(shape.filter(([key]) => !sizes.includes(key)));
  return makeConfig({ ...kept, 'train.batchSize': 2 } as Named);
}

/** `shape` with the width whose `size` comes nearest to `target`. Throws LabError `config-invalid` where there is none. */
function matchWidth(shape: Config, size: (config: Config) => number, target: number): Match {
  const at = (width: number): Match => {
    const changed = withSetting(shape, { [WIDTH]: width });
    if (changed[WIDTH] !== width) {
      throw new LabError(
        'config-invalid',
        `${shape.model} has no width to choose: its size cannot be matched.`,
      );
    }
    return { width, mismatch: (size(changed) - target) / target };
  };
  let [low, high] = [1, widest];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (at(middle).mismatch < 0) low = middle + 1;
    else high = middle;
  }
  const above = at(low);
  if (low === 1) return above;
  const below = at(low - 1);
  return Math.abs(below.mismatch) <= Math.abs(above.mismatch) ? below : above;
}

const sizes = {
  parameters: (planned: Plan) => planned.parameters.total,
  macs: (planned: Plan) => planned.macsPerExample,
} as const;

/**
 * `matchWidth` for the trials of a grid: each shape and target is solved once. The result throws where there is no width.
 */
export function createMatcher(
  planOf: (config: Config) => Plan,
): (config: Config, what: keyof typeof sizes, target: number) => Match {
  const known = new Map<string, Match | LabError>();
  return (config, what, target) => {
    const shape = shapeOf(config);
    const key = `${what} ${target} ${canonical(withSetting(shape, { [WIDTH]: 1 }))}`;
    let match = known.get(key);
    if (match === undefined) {
      try {
        match = matchWidth(shape, (sized) => sizes[what](planOf(sized)), target);
      } catch (error) {
        const { code, message } = toFailure(error);
        match = new LabError(code, message);
      }
      known.set(key, match);
    }
    if (match instanceof LabError) throw match;
    return match;
  };
}

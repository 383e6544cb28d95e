// What a trained body asks of the settings: read off the run that trained it, or off the names and shapes of a file.
import type { DatasetFacts } from '../core/dataset.ts';
import { decode } from './address.ts';
import { type Config, type Named, settingsOf, withSetting } from './config.ts';
import { resolutionFor, type Shapes } from './transfer.ts';

/** What a body asks of the settings. */
export interface Body {
  readonly settings: Named;
  /** Numbers that it reads of an image. */
  readonly inputs: number;
}

/** The part of a config that says what a network is like. */
export function modelSettings(config: Config): Named {
  const chosen = settingsOf(config).filter(({ key }) => key === 'model' || key.startsWith('model.'));
  return Object.fromEntries(chosen.map(({ key }) => [key, config[key]])) as Named;
}

/**
 * The body of a file: by the config that the lab wrote into it, else by the shapes of the official code's tensors, which
 * say nothing of the activation. Null where it is neither.
 */
export function bodyOfFile(metadata: Readonly<Record<string, string>>, shapes: Shapes): Body | null {
  const seen = bodyOfShapes(shapes);
  const written = metadata['config'];
  if (written === undefined) return seen;
  const { config, problems } = decode(written);
  const inputs = seen?.inputs ?? Number(metadata['inputs']);
  return problems.length > 0 || !(inputs > 0) ? seen : { settings: modelSettings(config), inputs };
}

function bodyOfShapes(shapes: Shapes): Body | null {
  const count = (pattern: RegExp): number => [...shapes.keys()].filter((name) => pattern.test(name)).length;
  const lift = shapes.get('linear_in.weight');
  const blocks = count(/^blocks\.\d+\.block\.0\.weight$/);
  const [inner, width] = shapes.get('blocks.0.block.0.weight') ?? [];
  const isNormed = count(/^layernorms\.\d+\.weight$/) > 0;
  const isBatch = count(/^norms\.\d+\.running_mean$/) > 0;
  const norm = isNormed ? 'layer' : isBatch ? 'batch' : 'none';
  if (blocks > 0 && inner !== undefined && width !== undefined) {
    const shared = {
      'model.width': width,
      'model.depth': blocks,
      'model.norm': norm,
      'model.bias': shapes.has('blocks.0.block.0.bias'),
      ...(lift ? {} : ({ 'model.lift': 'none' } as const)),
    } as const;
    const inputs = lift?.[1] ?? width;
    return inner < width
      ? { settings: { model: 'hourglass', 'model.bottleneck': inner, ...shared }, inputs }
      : {
          settings: { model: 'inverted-bottleneck', 'model.expansion': inner / width, ...shared },
          inputs,
        };
  }
  const [size, inputs] = lift ?? [];
  if (size === undefined || inputs === undefined || !shapes.has('linear_out.weight')) return null;
  return {
    settings: {
      model: 'isotropic',
      'model.width': size,
      'model.depth': 1 + count(/^layers\.\d+\.weight$/),
      'model.norm': norm,
      'model.bias': shapes.has('linear_in.bias'),
    },
    inputs,
  };
}

/**
 * The config with the body's shape, and with images in the resolution that it reads where there is one. `kept` are keys
 * that somebody named: they stay. `facts` are those of the config's dataset.
 */
export function withBody(
  config: Config,
  { settings, inputs }: Body,
  { shape }: Pick<DatasetFacts, 'shape'>,
  kept: ReadonlySet<string> = new Set(),
): Config {
  const resolution = resolutionFor(shape, inputs);
  const wanted = { ...settings, ...(resolution === null ? {} : { 'data.resolution': resolution }) };
  const changes = Object.entries(wanted).filter(([key]) => !kept.has(key));
  return withSetting(config, Object.fromEntries(changes) as Named);
}

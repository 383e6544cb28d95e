// Statistics of every tensor, every layer's output and every gradient on a fixed batch of training images: made when
// somebody asks, never in a step.
import { type Layer, tensors } from '../../core/layers.ts';
import type { NamedTensor } from '../../core/safetensors.ts';
import { type Spread, spreadOf } from '../../core/spread.ts';
import type { LayerStatistics } from '../../experiment/sight.ts';
import { rowsAtOnce } from '../evaluate.ts';
import type { Job } from '../runner.ts';
import { lookInside } from '../tfjs/inside.ts';

/** Training images that are looked at. */
const IMAGES = 256;

/** The batch: evenly spaced over the run's training images, the same at every look. */
export function fixedBatch(train: Uint32Array, most: number): Uint32Array<ArrayBuffer> {
  const count = Math.min(train.length, most);
  return Uint32Array.from(
    { length: count },
    (_, index) => train[Math.floor((index * train.length) / count)] as number,
  );
}

function nameOf(layer: Layer): string {
  switch (layer.kind) {
    case 'linear':
    case 'layer-norm':
    case 'batch-norm':
    case 'patch-embedding':
      return layer.name;
    case 'activation':
      return layer.function;
    case 'residual':
      return 'sum';
    case 'gate':
      return 'gate';
    case 'dropout':
      return 'dropout';
    case 'transpose':
      return 'transpose';
    case 'token-mean':
      return 'token mean';
    default:
      throw layer satisfies never;
  }
}

/** Units of rows × width values that are above zero in no row. */
export function deadUnits(values: Float32Array, width: number): number {
  const alive = new Uint8Array(width);
  for (let i = 0; i < values.length; i++) if ((values[i] as number) > 0) alive[i % width] = 1;
  return width - alive.reduce((sum, one) => sum + one, 0);
}

/** `train` are the rows that the run trains on, `widest` the features of the widest tensor an example leaves. */
export async function layerStatistics(
  job: Job,
  state: ReadonlyMap<string, NamedTensor>,
  train: Uint32Array,
  widest: number,
): Promise<LayerStatistics> {
  const rows = fixedBatch(train, Math.min(IMAGES, rowsAtOnce(widest)));
  const outputs: LayerStatistics['outputs'][number][] = [];
  const gradients = new Map<string, Spread>();
  await lookInside(job, state, rows, {
    onOutput(layer, values, width) {
      if (layer.kind === 'transpose') return;
      const dead = layer.kind === 'activation' ? deadUnits(values, width) : null;
      outputs.push({ name: nameOf(layer), width, values: spreadOf(values), dead });
    },
    onGradient: (name, values) => gradients.set(name, spreadOf(values)),
  });
  return {
    kind: 'layers',
    images: rows.length,
    tensors: tensors(job.layers).map(({ name, shape }) => ({
      name,
      shape,
      values: spreadOf(state.get(name)?.values ?? []),
      gradient: gradients.get(name) ?? null,
    })),
    outputs,
  };
}

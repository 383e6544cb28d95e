// The first matrix of a network as images with their locality: the figure for the page, and one number at every scoring.
import { tasks } from '../../catalog/tasks/index.ts';
import { features } from '../../core/dataset.ts';
import { type FilterLayer, filterBytes, filterLayer, locality } from '../../core/filters.ts';
import type { NamedTensor } from '../../core/safetensors.ts';
import { pixelOrder, unshuffled } from '../../core/shuffle-pixels.ts';
import type { FilterSet, Filters } from '../../experiment/sight.ts';
import { initialWeights } from '../initial-weights.ts';
import type { Job, Runner } from '../runner.ts';

/** Filters in a set at most. */
const SHOWN = 50;
/** Filters that the mean locality is taken over at most, evenly spaced. */
const MEASURED = 256;

export function filterLayerOf({ config, layers, dataset }: Job): FilterLayer | null {
  return filterLayer(layers, tasks[config.task].input(dataset));
}

/** Pixels are shuffled before a task halves an image: what it then makes of them has no order to undo. */
function orderOf({ config, dataset }: Job, { shape, isPatch }: FilterLayer): Uint32Array | null {
  if (!config['data.shufflePixels'] || isPatch || features(shape) !== features(dataset.shape)) return null;
  return pixelOrder(dataset.shape, config.seed);
}

/** Reads filter `unit` of the tensor's values, its pixels in their places. */
function filterReader(job: Job, layer: FilterLayer, values: Float32Array): (unit: number) => Float32Array {
  const size = features(layer.shape);
  const order = orderOf(job, layer);
  return (unit) => {
    const filter = values.subarray(unit * size, (unit + 1) * size);
    return order ? unshuffled(filter, order) : filter;
  };
}

const length = (filter: Float32Array): number =>
  Math.sqrt(filter.reduce((sum, weight) => sum + weight * weight, 0));

/** Mean locality over at most 256 filters, those of zeros left out; null for patches, and where none is left. */
function meanLocality(layer: FilterLayer, read: (unit: number) => Float32Array): number | null {
  if (layer.isPatch) return null;
  const measured = Math.min(MEASURED, layer.count);
  let [sum, count] = [0, 0];
  for (let index = 0; index < measured; index++) {
    const score = locality(read(Math.floor((index * layer.count) / measured)), layer.shape);
    if (Number.isNaN(score)) continue;
    sum += score;
    count++;
  }
  return count > 0 ? sum / count : null;
}

/** Reads the mean locality of a network that trains; null where there is none to follow. */
export function localityReader(runner: Runner, job: Job): (() => Promise<number | null>) | null {
  const layer = filterLayerOf(job);
  if (!layer || layer.isPatch || !layer.isTrainable) return null;
  const names = new Set([layer.tensor]);
  return async () => {
    const [weights] = await runner.exportState(names);
    return weights ? meanLocality(layer, filterReader(job, layer, weights.values)) : null;
  };
}

export function filters(job: Job, state: ReadonlyMap<string, NamedTensor>): Filters {
  const layer = filterLayerOf(job);
  const weights = layer && state.get(layer.tensor);
  if (!layer || !weights)
    return {
      kind: 'filters',
      layer: null,
      isUnshuffled: false,
      locality: null,
      startLocality: null,
      sets: null,
    };
  const start = initialWeights(job.layers, job.config.seed).find(({ name }) => name === layer.tensor);
  const [now, before] = [weights, start ?? weights].map(({ values }) => filterReader(job, layer, values)) as [
    (unit: number) => Float32Array,
    (unit: number) => Float32Array,
  ];
  const units = Array.from({ length: layer.count }, (_, unit) => {
    const filter = now(unit);
    return {
      unit,
      norm: length(filter),
      locality: layer.isPatch ? Number.NaN : locality(filter, layer.shape),
    };
  });
  const strongest = units.toSorted((a, b) => b.norm - a.norm || a.unit - b.unit).slice(0, SHOWN);
  const score = (value: number): number => (Number.isNaN(value) ? -1 : value);
  const local = units
    .toSorted((a, b) => score(b.locality) - score(a.locality) || a.unit - b.unit)
    .slice(0, SHOWN);
  const setOf = (chosen: typeof units, read: (unit: number) => Float32Array): FilterSet => {
    const pixels = new Uint8Array(chosen.length * features(layer.shape));
    for (const [index, { unit }] of chosen.entries())
      pixels.set(filterBytes(read(unit)), index * features(layer.shape));
    return {
      units: chosen.map(({ unit }) => unit),
      norms: chosen.map(({ norm }) => norm),
      localities: chosen.map((one) => one.locality),
      pictures: { shape: layer.shape, pixels },
    };
  };
  const begun = strongest.map(({ unit }) => {
    const filter = before(unit);
    return {
      unit,
      norm: length(filter),
      locality: layer.isPatch ? Number.NaN : locality(filter, layer.shape),
    };
  });
  return {
    kind: 'filters',
    layer,
    isUnshuffled: orderOf(job, layer) !== null,
    locality: meanLocality(layer, now),
    startLocality: meanLocality(layer, before),
    sets: { strongest: setOf(strongest, now), local: setOf(local, now), start: setOf(begun, before) },
  };
}

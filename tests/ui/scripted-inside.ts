// Made-up sights for the Inside view.
import type { DatasetCard, ImageShape } from '../../src/core/dataset.ts';
import { features } from '../../src/core/dataset.ts';
import { type FilterLayer, filterBytes, locality } from '../../src/core/filters.ts';
import { type Layer, tensors, walk } from '../../src/core/layers.ts';
import { stream } from '../../src/core/rng.ts';
import { spreadOf } from '../../src/core/spread.ts';
import { confusionOf, rowsOfCell, worstMistakes, worstPairs } from '../../src/core/stats/confusion.ts';
import type { Config } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';
import type {
  Answers,
  FilterSet,
  Filters,
  Images,
  LayerStatistics,
  Sight,
} from '../../src/experiment/sight.ts';
import type { RunSights, SightState } from '../../src/session/state.ts';

export const seenAt = (step: number, sight: Sight): SightState => ({
  isAsked: false,
  seen: { step, sight },
  failure: null,
});

const random = stream(5, 77);
const normal = (index: number, lane: number): number =>
  (random.uniform(index, lane) +
    random.uniform(index, lane + 1000) +
    random.uniform(index, lane + 2000) -
    1.5) *
  2;

/** A wave inside a bell somewhere in the image, and noise. */
function filter(shape: ImageShape, unit: number, isStart: boolean): Float32Array {
  const { channels, height, width } = shape;
  const values = new Float32Array(features(shape));
  const [cx, cy, angle, scale] = [0, 1, 2, 3].map((lane) => random.uniform(unit, lane)) as [
    number,
    number,
    number,
    number,
  ];
  const strength = isStart ? 0 : 2 * (1 - unit / 60);
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [dx, dy] = [x / width - 0.15 - 0.7 * cx, y / height - 0.15 - 0.7 * cy];
        const bell = Math.exp(-(dx * dx + dy * dy) / (0.01 + 0.03 * scale));
        const wave = Math.cos(14 * (dx * Math.cos(6 * angle) + dy * Math.sin(6 * angle)) + channel * angle);
        const at = (channel * height + y) * width + x;
        values[at] = strength * bell * wave + 0.12 * normal(at, unit + 7);
      }
  return values;
}

function filters(config: Config, shape: ImageShape): Filters {
  const layer: FilterLayer = {
    tensor: 'linear_in.weight',
    shape,
    count: config['model.width'],
    isTrainable: true,
    isPatch: false,
  };
  const setOf = (isStart: boolean, order: (a: number, b: number) => number): FilterSet => {
    const all = Array.from({ length: 50 }, (_, unit) => filter(shape, unit, isStart));
    const score = all.map((values) => locality(values, shape));
    const units = [...all.keys()].toSorted((a, b) => order(score[a] as number, score[b] as number));
    const pixels = new Uint8Array(50 * features(shape));
    for (const [index, unit] of units.entries())
      pixels.set(filterBytes(all[unit] as Float32Array), index * features(shape));
    return {
      units,
      norms: units.map((unit) => spreadOf(all[unit] as Float32Array).norm),
      localities: units.map((unit) => score[unit] as number),
      pictures: { shape, pixels },
    };
  };
  return {
    kind: 'filters',
    layer,
    isUnshuffled: false,
    locality: 0.31,
    startLocality: 0.104,
    sets: {
      strongest: setOf(false, () => 0),
      local: setOf(false, (a, b) => b - a),
      start: setOf(true, () => 0),
    },
  };
}

function statistics(layers: readonly Layer[]): LayerStatistics {
  const draws = (count: number, lane: number, scale: number): Float32Array =>
    Float32Array.from({ length: Math.min(4096, count) }, (_, i) => scale * normal(i, lane));
  return {
    kind: 'layers',
    images: 256,
    tensors: tensors(layers).map(({ name, shape }, lane) => ({
      name,
      shape,
      values: spreadOf(
        draws(
          shape.reduce((a, b) => a * b, 1),
          lane,
          0.05,
        ),
      ),
      gradient: spreadOf(
        draws(
          shape.reduce((a, b) => a * b, 1),
          lane + 300,
          0.0004,
        ),
      ),
    })),
    outputs: [...walk(layers)].map((layer, lane) => {
      const values = draws(4096, lane + 600, 1 + lane / 10);
      const isActivation = layer.kind === 'activation';
      const shown = isActivation ? values.map((value) => Math.max(-0.1, value)) : values;
      const name = 'name' in layer ? layer.name : isActivation ? layer.function : layer.kind;
      return { name, width: 512, values: spreadOf(shown), dead: isActivation ? lane % 7 : null };
    }),
  };
}

/** Right three times in four, more often for some classes; sure of it in its own way. */
function answers({ shape, classes, samples }: DatasetCard): Answers {
  const rows = 10_000;
  const labels = Uint8Array.from({ length: rows }, (_, row) => row % classes.length);
  const confidence = new Float32Array(rows);
  const predicted = labels.map((label, row) => {
    const [luck, sure, other] = [0, 1, 2].map((lane) => random.uniform(row, lane + 50)) as [
      number,
      number,
      number,
    ];
    confidence[row] = 0.3 + 0.7 * Math.sqrt(sure);
    const isRight = luck < 0.55 + 0.35 * sure + 0.02 * label;
    return isRight ? label : Math.floor((label + 1 + other * other * (classes.length - 1)) % classes.length);
  });
  const worst = worstMistakes({ labels, predicted, confidence }, 24);
  const probabilities = new Float32Array(24 * classes.length);
  const pixels = new Uint8Array(24 * features(shape));
  for (const [index, row] of worst.entries()) {
    const label = labels[row] as number;
    const rest = 1 - (confidence[row] as number);
    probabilities.fill(rest / 30, index * classes.length, (index + 1) * classes.length);
    probabilities[index * classes.length + label] = rest / 2;
    probabilities[index * classes.length + (predicted[row] as number)] = confidence[row] as number;
    pixels.set(
      samples.subarray(label * features(shape), (label + 1) * features(shape)),
      index * features(shape),
    );
  }
  return {
    kind: 'answers',
    labels,
    predicted,
    confidence,
    mistakes: { rows: worst, probabilities, pictures: { shape, pixels } },
  };
}

/** Images of the cell that is shown first. */
function images(of: Answers, { shape, samples, classes }: DatasetCard): Images {
  const [worst] = worstPairs(confusionOf(of, classes.length), 1);
  const rows = rowsOfCell(of, worst?.label ?? 0, worst?.predicted ?? 0).slice(0, 24);
  const pixels = new Uint8Array(rows.length * features(shape));
  for (const [index, row] of rows.entries()) {
    const label = of.labels[row] as number;
    pixels.set(
      samples.subarray(label * features(shape), (label + 1) * features(shape)),
      index * features(shape),
    );
  }
  return { kind: 'images', rows, pictures: { shape, pixels } };
}

/** What would be seen of a run on a dataset. */
export function scriptedInside(config: Config, card: DatasetCard, step: number): RunSights {
  const { shape } = card;
  const answered = answers(card);
  return {
    answers: seenAt(step, answered),
    images: seenAt(step, images(answered, card)),
    filters: seenAt(step, filters(config, shape)),
    layers: seenAt(step, statistics(plan(config).layers)),
  };
}

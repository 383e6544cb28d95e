// What a task on images gives for a few test images: small, at scorings and when asked, never in a step.
import { tasks } from '../../catalog/tasks/index.ts';
import { features, type ImageShape } from '../../core/dataset.ts';
import { psnr } from '../../core/image-quality.ts';
import type { Gallery, Pictures } from '../../experiment/sight.ts';
import { goalReader, pictureMaker, scoredInput } from '../pictures.ts';
import type { Job, Runner } from '../runner.ts';

/** Test images in a gallery at most. */
const IMAGES = 12;

/** The first test image of each class, then the first ones that are left. */
export function galleryRows(labels: Uint8Array): Uint32Array<ArrayBuffer> {
  const seen = new Set<number>();
  const first: number[] = [];
  const rest: number[] = [];
  labels.forEach((label, row) => {
    if (!seen.has(label)) first.push(row);
    else if (rest.length < IMAGES) rest.push(row);
    seen.add(label);
  });
  first.sort((a, b) => (labels[a] as number) - (labels[b] as number));
  return Uint32Array.from([...first, ...rest].slice(0, IMAGES));
}

function toBytes(shape: ImageShape, values: ArrayLike<number>): Pictures {
  const pixels = Uint8Array.from(values, (value) => Math.round(255 * Math.min(1, Math.max(0, value))));
  return { shape, pixels };
}

/** Null where the answer is a class. */
export async function gallery(runner: Runner, job: Job): Promise<Gallery | null> {
  const { config, dataset, prototypes } = job;
  const { shape, test } = dataset;
  const make = pictureMaker(config, shape, prototypes);
  if (!make) return null;
  const rows = galleryRows(test.labels);
  const size = features(shape);
  const outputs = await runner.outputs({ split: 'test', rows });
  const inputs = scoredInput(job, make, { split: 'test', rows });
  const goalOf = goalReader(config, test, shape, prototypes);
  const goals = new Float32Array(outputs.length);
  for (const [index, row] of rows.entries()) goals.set(Float32Array.from(goalOf(row)), index * size);
  const quality = (images: Float32Array): number[] =>
    Array.from(rows, (_, index) => {
      let sum = 0;
      for (let i = index * size; i < (index + 1) * size; i++)
        sum += ((images[i] as number) - (goals[i] as number)) ** 2;
      return psnr(sum / size);
    });
  const { input } = tasks[config.task].picture ?? {};
  return {
    kind: 'gallery',
    rows: [...rows],
    labels: Array.from(rows, (row) => test.labels[row] as number),
    input: toBytes(tasks[config.task].input(dataset), inputs),
    output: toBytes(shape, outputs),
    target: toBytes(shape, goals),
    psnr: quality(outputs),
    inputPsnr: input === 'noisy' ? quality(inputs) : null,
  };
}

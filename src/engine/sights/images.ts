// Test images for the page: as a run resizes them, and never shuffled, since they are to be looked at.
import { type Dataset, features } from '../../core/dataset.ts';
import { LabError } from '../../core/failure.ts';
import { resizedShape, resizer } from '../../core/resize-images.ts';
import type { Config } from '../../experiment/config.ts';
import type { Images, Pictures } from '../../experiment/sight.ts';

/** `dataset` is as it was loaded. Throws LabError `config-invalid` for a row that is not there. */
export function testPictures(config: Config, { shape, test }: Dataset, rows: readonly number[]): Pictures {
  const size = features(shape);
  const taken = new Uint8Array(rows.length * size);
  for (const [index, row] of rows.entries()) {
    if (!Number.isInteger(row) || row < 0 || row >= test.labels.length)
      throw new LabError('config-invalid', `There is no test image ${row}: there are ${test.labels.length}.`);
    taken.set(test.images.subarray(row * size, (row + 1) * size), index * size);
  }
  return inResolution(config, { shape, pixels: taken });
}

/** Images of the dataset's shape as a run resizes them. */
export function inResolution(config: Config, given: Pictures): Pictures {
  const wanted = resizedShape(given.shape, config['data.resolution']);
  if (wanted.height === given.shape.height && wanted.width === given.shape.width) return given;
  const pixels = new Uint8Array((given.pixels.length / features(given.shape)) * features(wanted));
  resizer(given.shape, wanted)(given.pixels, pixels);
  return { shape: wanted, pixels };
}

export function images(config: Config, dataset: Dataset, rows: readonly number[]): Images {
  return { kind: 'images', rows, pictures: testPictures(config, dataset, rows) };
}

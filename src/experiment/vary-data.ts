// The dataset as a run's config wants it: resized, its pixels shuffled, its training labels made noisy. Done once, before
// the data goes to the device. The same config on the same data gives the same bytes; the data's hash stays its source's.
import { type Dataset, features, type Split } from '../core/dataset.ts';
import type { Pause } from '../core/files/byte-reader.ts';
import { noisyLabels } from '../core/label-noise.ts';
import { resizedShape, resizer } from '../core/resize-images.ts';
import { pixelOrder, shufflePixels } from '../core/shuffle-pixels.ts';
import type { Config } from './config.ts';

/** Images between two pauses. */
const IMAGES_A_PAUSE = 256;

type Wish = Pick<Config, 'data.resolution' | 'data.shufflePixels' | 'data.labelNoise' | 'seed'>;

/**
 * Resizes both splits, then shuffles the pixels of both, then replaces labels of the training split (validation images
 * are among them; test labels stay). `dataset` itself is never changed, and is the answer where nothing is asked for.
 * @param pause lets other work of the thread happen
 */
export async function variedData(config: Wish, dataset: Dataset, pause: Pause): Promise<Dataset> {
  const { seed } = config;
  const shape = resizedShape(dataset.shape, config['data.resolution']);
  const share = config['data.labelNoise'];
  const order = config['data.shufflePixels'] ? pixelOrder(shape, seed) : null;
  const isResized = shape.height !== dataset.shape.height || shape.width !== dataset.shape.width;
  if (!isResized && !order && share === 0) return dataset;

  const resize = isResized ? resizer(dataset.shape, shape) : null;
  const [before, after] = [features(dataset.shape), features(shape)];
  const imagesOf = async ({ images, labels }: Split): Promise<Split['images']> => {
    if (!resize && !order) return images;
    const varied = resize ? new Uint8Array(labels.length * after) : images.slice();
    for (let row = 0; row < labels.length; row += IMAGES_A_PAUSE) {
      const end = Math.min(row + IMAGES_A_PAUSE, labels.length);
      const target = varied.subarray(row * after, end * after);
      resize?.(images.subarray(row * before, end * before), target);
      if (order) target.set(shufflePixels(target, order));
      await pause();
    }
    return varied;
  };
  const { train, test, classes } = dataset;
  const labels = share > 0 ? noisyLabels(train.labels, classes.length, share, seed) : train.labels;
  return {
    ...dataset,
    shape,
    train: { images: await imagesOf(train), labels },
    test: { images: await imagesOf(test), labels: test.labels },
  };
}

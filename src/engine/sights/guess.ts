// What a network answers for an image of one's own, which goes the way of the dataset's: resized, shuffled, normalised.
import { tasks } from '../../catalog/tasks/index.ts';
import { type Dataset, features } from '../../core/dataset.ts';
import { LabError } from '../../core/failure.ts';
import type { NamedTensor } from '../../core/safetensors.ts';
import { pixelOrder, shufflePixels } from '../../core/shuffle-pixels.ts';
import { softmax } from '../../core/softmax.ts';
import type { Guess, SightWish } from '../../experiment/sight.ts';
import { gather, pixels } from '../gather.ts';
import type { Job } from '../runner.ts';
import { outputsOf } from '../tfjs/inside.ts';
import { inResolution } from './images.ts';

/**
 * Null where the answer is an image. `dataset` is as it was loaded. Throws LabError `config-invalid` where the image has
 * another shape.
 */
export async function guess(
  job: Job,
  weights: ReadonlyMap<string, NamedTensor>,
  { shape }: Dataset,
  { image, mark }: SightWish & { readonly kind: 'guess' },
): Promise<Guess | null> {
  const { config, mean, std } = job;
  if (tasks[config.task].picture) return null;
  const words = (of: typeof shape): string => `${of.channels} × ${of.height} × ${of.width}`;
  if (words(image.shape) !== words(shape) || image.pixels.length !== features(shape))
    throw new LabError(
      'config-invalid',
      `The image has ${image.pixels.length} values as ${words(image.shape)}; this run's data has ${words(shape)}.`,
    );
  const seen = inResolution(config, image);
  const order = config['data.shufflePixels'] ? pixelOrder(seen.shape, config.seed) : null;
  const entering = order ? shufflePixels(seen.pixels, order) : seen.pixels;
  const input = new Float32Array(features(seen.shape));
  gather(pixels(seen.shape, mean, std), entering, Uint32Array.of(0), null, input);
  const logits = await outputsOf(job, weights, input);
  return { kind: 'guess', mark, image: seen, probabilities: Float32Array.from(softmax(logits)) };
}

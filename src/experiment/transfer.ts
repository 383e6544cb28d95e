// Transfer: a trained body under a new head. Whether a body fits is decided by names and shapes, before anything starts.
import { features, type ImageShape } from '../core/dataset.ts';
import { frozenBody } from '../core/freeze.ts';
import { type Layer, tensors } from '../core/layers.ts';
import { resizedShape } from '../core/resize-images.ts';
import type { Config } from './config.ts';

/** Shapes of tensors by their names in the official code. */
export type Shapes = ReadonlyMap<string, readonly number[]>;

export const isTransfer = (config: Pick<Config, 'transfer.from'>): boolean => config['transfer.from'] !== '';

export const isProbe = (config: Pick<Config, 'transfer.from' | 'transfer.mode'>): boolean =>
  isTransfer(config) && config['transfer.mode'] === 'probe';

/** The network as the config trains it: a probe's body is frozen. */
export function layersInTransfer(config: Config, layers: readonly Layer[]): readonly Layer[] {
  return isProbe(config) ? frozenBody(layers) : layers;
}

/** Beside tensors that the network knows: what an optimizer or PyTorch's BatchNorm keeps. */
const isAside = (name: string): boolean =>
  name.startsWith('optimizer.') || name.endsWith('.num_batches_tracked');

/** Why a body does not fit under the head of these layers, with the next step; null where it does. */
export function bodyRefusal(layers: readonly Layer[], given: Shapes, image: ImageShape): string | null {
  const left = new Set([...given.keys()].filter((name) => !isAside(name)));
  for (const { name, shape, role } of tensors(layers)) {
    left.delete(name);
    const found = given.get(name);
    if (role === 'head') continue;
    if (!found) return `The weights to start from have no ${name}: ${SAME_SHAPE}`;
    if (String(found) === String(shape)) continue;
    const misfit = `${name} is [${found.join(', ')}] in the weights to start from and [${shape.join(', ')}] here`;
    const isInput = role === 'lift' && shape.length === 2 && found[0] === shape[0];
    return isInput ? `${misfit}: ${inputAdvice(image, found[1] as number)}` : `${misfit}: ${SAME_SHAPE}`;
  }
  for (const name of left)
    return `The weights to start from have ${name}, which this network has not: ${SAME_SHAPE}`;
  return null;
}

const SAME_SHAPE = 'choose the shape, width and depth that the body was trained with.';

function inputAdvice(image: ImageShape, inputs: number): string {
  const resolution = resolutionFor(image, inputs);
  const size = `the body reads ${inputs} numbers an image`;
  return resolution === null
    ? `${size}, which images of ${image.channels} channel${image.channels === 1 ? '' : 's'} in this form cannot have in any resolution.`
    : `${size}; set data.resolution=${resolution}.`;
}

/** The resolution in which images have so many features, 0 where they have them as they are; null where there is none. */
export function resolutionFor(image: ImageShape, inputs: number): number | null {
  if (features(image) === inputs) return 0;
  const height = Math.round(Math.sqrt((inputs / features(image)) * image.height ** 2));
  return height >= 1 && features(resizedShape(image, height)) === inputs ? height : null;
}

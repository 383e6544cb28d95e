// What a task is: what enters the network, what has to come out, and how that is scored.
import { type DatasetFacts, features, type ImageShape } from '../../core/dataset.ts';
import type { ScoreName } from '../../core/scores.ts';
import type { Fields } from '../../core/setting.ts';

/** What a dataset brings to a task. */
export type Subject = Pick<DatasetFacts, 'shape' | 'classes'>;

/** A task whose answer is an image. Augmentations vary the image before anything else is done to it. */
export interface Picture {
  /** What enters the network: the image, the image with Gaussian noise on it, or the image at half its resolution. */
  readonly input: 'image' | 'noisy' | 'halved';
  /** What has to come out: the image itself, or the prototype image of its class. */
  readonly target: 'image' | 'prototype';
}

export interface Task<F extends Fields = Fields> {
  readonly label: string;
  readonly help: string;
  readonly source: string;
  readonly fields: F;
  /** Null: the answer is a class, the head's outputs are logits, the loss is the cross-entropy of their softmax. */
  readonly picture: Picture | null;
  /** The image that enters the network. */
  readonly input: (subject: Subject) => ImageShape;
  /** Features that the head puts out. */
  readonly outputs: (subject: Subject) => number;
  /** What test and validation images are scored by, beside the loss; the first one leads charts and tables. */
  readonly scores: readonly [ScoreName, ...ScoreName[]];
  /** The loss of an answer that knows nothing, in the loss's unit. */
  readonly chance: (subject: Subject) => number;
  /** Why a dataset cannot be used for the task, with the next step; null where it can. */
  readonly refusal: (subject: Subject) => string | null;
}

/**
 * What all tasks on images share: pixels in [0, 1], a sigmoid on the outputs, the mean squared error over batch and
 * pixels. Source: the code of Rethinking the shape convention of an MLP.
 */
export const imageTask = {
  input: ({ shape }: Subject): ImageShape => shape,
  outputs: ({ shape }: Subject): number => features(shape),
  scores: ['psnr', 'ssim'],
  chance: (): number => 1,
  refusal: (): null => null,
} as const;

// A task on images as a program knows it: what is done to a gathered image, and which image is asked for.
import type { Picture } from '../../catalog/tasks/task.ts';
import type { ImageShape } from '../../core/dataset.ts';

export interface PictureSpec extends Picture {
  /** Of a gathered image, and of what the network puts out. */
  readonly shape: ImageShape;
}

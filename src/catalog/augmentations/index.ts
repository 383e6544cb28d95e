// The menu of augmentations, in menu order.
import { flipCrop } from './flip-crop.ts';
import { flips } from './flips.ts';
import { none } from './none.ts';
import { resizedCrop } from './resized-crop.ts';

export const augmentations = { none, flips, 'flip-crop': flipCrop, 'resized-crop': resizedCrop } as const;

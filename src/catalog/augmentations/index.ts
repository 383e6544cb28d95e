// The menu of augmentations, in menu order.
import { flipCrop } from './flip-crop.ts';
import { none } from './none.ts';

export const augmentations = { none, 'flip-crop': flipCrop } as const;

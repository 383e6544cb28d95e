// Digits: the smallest real images, built in, for lessons and quick tries.
import type { DatasetEntry } from './dataset.ts';

export const digits: DatasetEntry = {
  label: 'Digits',
  help: 'Handwritten digits of 8 × 8 pixels: seconds to train, enough to learn the lab.',
  source: 'Alpaydin and Kaynak 1998; scikit-learn’s copy',
  licence: 'BSD-3-Clause (scikit-learn); data CC BY 4.0 (UCI)',
  shape: { channels: 1, height: 8, width: 8 },
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  train: 1_497,
  test: 300,
  // Of the committed training images; values 0 … 16 times 15, over 255.
  mean: [0.28715949],
  std: [0.3530384],
  origin: 'built-in',
  order: 'built-in',
  known: { 'built-in': '5eefc787499d71fe59fcef93b749ce0979951faf8aa947b7682d67dd84eb2ab0' },
};

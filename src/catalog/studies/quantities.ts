// Quantities that several studies show, each with one name, one unit and one scale.
import type { Quantity } from './study.ts';

/** All shares that there are, in percent. */
export const SHARE = [0, 100] as const;

export const quantities = {
  batchSize: { label: 'Batch size', unit: 'images', scale: 'log' },
  stepsToTarget: { label: 'Steps to target', unit: 'steps', scale: 'log' },
  compute: { label: 'Training compute', unit: 'FLOP', scale: 'log' },
  parameters: { label: 'Parameters', scale: 'log' },
  multiplyAdds: { label: 'Multiply-adds of an image', scale: 'log' },
  trainingImages: { label: 'Training images', scale: 'log' },
  testAccuracy: { label: 'Test accuracy', unit: '%', scale: 'linear', within: SHARE },
  testError: { label: 'Test error', unit: '%', scale: 'log', within: SHARE },
  testPsnr: { label: 'Test PSNR', unit: 'dB', scale: 'linear' },
  testLoss: { label: 'Test loss', scale: 'log' },
} as const satisfies Readonly<Record<string, Quantity>>;

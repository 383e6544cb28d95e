// What a split is scored by: the words and digits of each score, the same on the screen and in the terminal.
import { formatPercent } from './format.ts';

export const scoreNames = ['loss', 'accuracy', 'psnr', 'ssim'] as const;
export type ScoreName = (typeof scoreNames)[number];

/** Scores of one split; which ones there are, the task says. */
export type Scores = Readonly<Partial<Record<ScoreName, number>>>;

export interface ScoreWords {
  /** "accuracy", "PSNR": after "test ". */
  readonly label: string;
  /** For a column: "acc.", "PSNR". */
  readonly short: string;
  /** With its unit: "93.1 %", "24.31 dB". */
  readonly format: (value: number) => string;
}

export const scoreWords: Readonly<Record<ScoreName, ScoreWords>> = {
  loss: { label: 'loss', short: 'loss', format: (value) => value.toPrecision(4) },
  accuracy: { label: 'accuracy', short: 'acc.', format: (value) => formatPercent(value) },
  psnr: { label: 'PSNR', short: 'PSNR', format: (value) => `${value.toFixed(2)} dB` },
  ssim: { label: 'SSIM', short: 'SSIM', format: (value) => value.toFixed(4) },
};

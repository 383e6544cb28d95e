// The loss of a batch is a mean over its images: its noise falls with the root of their number.
import type { Question } from './question.ts';

const noise = (arm: Parameters<Question['measure']['of']>[0]): number | null => arm.lossNoise;

export const batchNoise: Question = {
  label: 'Noise',
  question:
    'Here the learning rate is so small that nothing is learnt; only the batches differ. Batches of 4 and of 64: how much less does the train loss jump about with the larger?',
  think: 'The loss of a batch is an average over 16 times as many images.',
  settings:
    'data=digits&model.width=64&optimizer.learningRate=1e-9&train.steps=400&train.evaluateEvery=10&sweep.train.batchSize=4,64',
  arm: (value) => `batch ${value}`,
  measure: { label: 'Noise of the train loss', of: noise, format: (value) => value.toFixed(3) },
  choices: [
    { id: 'none', label: 'Not at all' },
    { id: 'root', label: 'About 4 times less' },
    { id: 'whole', label: 'About 16 times less' },
  ],
  judge(arms) {
    const [small, large] = [arms[0]?.lossNoise ?? null, arms.at(-1)?.lossNoise ?? null];
    if (small === null || large === null || large < 1e-9)
      return { choice: 'none', words: 'The runs have too few steps to say.' };
    const ratio = small / large;
    const choice = ratio < 2 ? 'none' : ratio < 8 ? 'root' : 'whole';
    return {
      choice,
      words: `The losses scatter by ${small.toFixed(3)} with batches of 4 and by ${large.toFixed(3)} with batches of 64: ${ratio.toFixed(1)} times less.`,
    };
  },
  explanation:
    'The noise of a mean falls with the square root of how many are averaged: 16 times the images, a quarter of the noise. The same holds for gradients, which is why a batch four times as large is not four times as good a direction, and why there is a critical batch size.',
  source: 'McCandlish et al. 2018, section 2',
};

// Equal updates: the larger batch averages more gradients for each, and sees more images.
import { type Arm, byLoss, isClose, lossFormat, PLAIN, type Question } from './question.ts';

const loss = (arm: Arm): number | null => arm.testLoss;

export const batchSteps: Question = {
  label: 'Equal updates',
  question:
    'Now every run makes 150 updates, at one learning rate. Sixteen times the images for each update, twice: what does it bring?',
  think: 'A batch of 32 costs 16 times what a batch of 2 costs, and a batch of 512 again 16 times that.',
  settings: `${PLAIN}&optimizer.learningRate=0.01&train.steps=150&sweep.train.batchSize=2,32,512`,
  arm: (value) => `batch ${value}`,
  measure: { label: 'Test loss', of: loss, format: lossFormat },
  choices: [
    { id: 'each', label: 'A lower test loss each time' },
    { id: 'first', label: 'Much from 2 to 32, hardly anything from 32 to 512' },
    { id: 'same', label: 'All about the same' },
    { id: 'small', label: 'The smallest batch ends lowest' },
  ],
  judge(arms) {
    const { order, words } = byLoss(arms, loss, ({ value }) => `batch ${value}`);
    const [small, middle, large] = arms.map((arm) => (arm.diverged ? null : loss(arm)));
    if (order.length === 0) return { choice: 'same', words };
    if (order[0] === arms[0])
      return { choice: isClose(small ?? null, middle ?? null) ? 'same' : 'small', words };
    if (isClose(large ?? null, middle ?? null) || isClose(middle ?? null, large ?? null))
      return { choice: isClose(order[0] ? loss(order[0]) : null, small ?? null) ? 'same' : 'first', words };
    return { choice: 'each', words };
  },
  explanation:
    'A gradient averaged over more images points closer to the true one, so at equal updates a larger batch does not hurt. But its returns diminish: once the direction is right, more images only cost time. Where they stop paying is the critical batch size. Together with equal epochs: which batch size is best depends on what is held equal.',
  source: 'McCandlish et al. 2018; Shallue et al. 2019, figure 1',
};

// A large batch at the small batch's learning rate is not a fair test of it.
import { type Arm, byLoss, isClose, lossFormat, PLAIN, type Question } from './question.ts';

const loss = (arm: Arm): number | null => arm.trainLoss;

const RATES = ['least', 'middle', 'most'] as const;

export const batchLearningRate: Question = {
  label: 'Can the learning rate make up for it?',
  question:
    'The batch of 512 again, four epochs, at three learning rates: the 0.005 from before, eight times it, and 400 times it. What happens to the train loss?',
  think: 'With a larger batch the direction is surer. May one go further along it? How far is too far?',
  settings: `${PLAIN}&train.batchSize=512&train.epochs=4&sweep.optimizer.learningRate=0.005,0.04,2`,
  arm: (value) => `rate ${value}`,
  measure: { label: 'Train loss at the end', of: loss, format: lossFormat },
  choices: [
    { id: 'least', label: 'The smallest rate stays best' },
    { id: 'middle', label: 'Eight times is best, 400 times is too far' },
    { id: 'most', label: 'The largest is best' },
    { id: 'same', label: 'The rate hardly matters' },
  ],
  judge(arms) {
    const { order, words } = byLoss(arms, loss, ({ value }) => `rate ${value}`);
    const [best, worst] = [order[0], order.at(-1)];
    const isSame = !best || !worst || (order.length === arms.length && isClose(loss(best), loss(worst)));
    return { choice: (!isSame && RATES[arms.indexOf(best)]) || 'same', words };
  },
  explanation:
    'A learning rate is tuned for one batch size. At the rate of the small batch the large one looks worse than it is; with its own it catches up, until the updates are limited by the curvature of the loss and not by noise. Rules such as rate ∝ √batch are starting points, never truth: tune the rate at every batch size before comparing.',
  source: 'Goyal et al. 2017; Hoffer et al. 2017; Shallue et al. 2019, section 4.7',
};

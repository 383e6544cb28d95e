// Equal epochs: the smaller batch makes more updates of the same images.
import { type Arm, byLoss, isClose, lossFormat, PLAIN, type Question } from './question.ts';

const loss = (arm: Arm): number | null => arm.trainLoss;

export const batchEpochs: Question = {
  label: 'Equal epochs',
  question:
    'Every run sees each of 4,000 images four times, at one learning rate. Which batch size ends with the lowest train loss?',
  think: 'How many updates does each make? 4,000 images, four times, in batches of 8, of 64 or of 512.',
  settings: `${PLAIN}&optimizer.learningRate=0.005&train.epochs=4&sweep.train.batchSize=8,64,512`,
  arm: (value) => `batch ${value}`,
  measure: { label: 'Train loss at the end', of: loss, format: lossFormat },
  choices: [
    { id: '8', label: '8, the smallest' },
    { id: '64', label: '64' },
    { id: '512', label: '512, the largest' },
    { id: 'same', label: 'All about the same' },
  ],
  judge(arms) {
    const { order, words } = byLoss(arms, loss, ({ value }) => `batch ${value}`);
    const [best, worst] = [order[0], order.at(-1)];
    const isSame = !best || !worst || (order.length === arms.length && isClose(loss(best), loss(worst)));
    return { choice: isSame ? 'same' : String(best.value), words };
  },
  explanation:
    'With epochs held equal, a batch of 512 makes 28 updates where a batch of 8 makes 2,000, so it has hardly begun. That is arithmetic, not a property of large batches: at equal epochs and one learning rate small batches are favoured, whatever the network.',
  source: 'Shallue et al. 2019, section 2',
};

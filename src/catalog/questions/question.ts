// What a question is: an experiment for learning. One predicts, the lab trains a few small runs, and what happened is
// said beside the prediction, by a rule and not by hand.

/** One run of the experiment, reduced to what a question may look at. */
export interface Arm {
  /** Value of the setting that the experiment varies. */
  readonly value: number;
  /** Mean over the last fifth of the steps: one batch says little. */
  readonly trainLoss: number | null;
  readonly testLoss: number | null;
  readonly testAccuracy: number | null;
  /** Standard deviation of the batch losses around their trend, over the later half of the run. */
  readonly lossNoise: number | null;
  readonly steps: number;
  readonly seconds: number;
  readonly diverged: boolean;
}

export interface Choice {
  readonly id: string;
  readonly label: string;
}

/** What the runs say, as one of the choices, and in a sentence with their numbers. */
export interface Finding {
  readonly choice: string;
  readonly words: string;
}

export interface Question {
  readonly label: string;
  /** What is asked, before anything is trained. */
  readonly question: string;
  /** What to think about. */
  readonly think: string;
  /** The runs: settings and one `sweep.*` axis, as a link writes them; on data that comes with the page, for seconds. */
  readonly settings: string;
  /** Setting that the axis varies, and its values in words. */
  readonly arm: (value: number) => string;
  /** The number that decides. */
  readonly measure: {
    readonly label: string;
    readonly of: (arm: Arm) => number | null;
    readonly format: (value: number) => string;
  };
  readonly choices: readonly [Choice, Choice, ...Choice[]];
  /** Arms in the order of their values. */
  readonly judge: (arms: readonly Arm[]) => Finding;
  /** Why, in plain words, whatever was predicted. */
  readonly explanation: string;
  readonly source: string;
}

/** Small images, plain SGD: nothing but the batches makes the noise, and nothing over-fits in so short a time. */
export const PLAIN =
  'data=fashion-mnist&data.trainSize=4000&model.width=64&optimizer=sgd&optimizer.momentum=0';

/** Losses within a tenth of each other are about the same. */
const SAME = 1.1;

export interface Ranking {
  /** Arms that ended with a loss, lowest first. */
  readonly order: readonly Arm[];
  /** In a sentence, with those that diverged. */
  readonly words: string;
}

/** Arms by a loss. */
export function byLoss(
  arms: readonly Arm[],
  of: (arm: Arm) => number | null,
  name: (arm: Arm) => string,
): Ranking {
  const loss = (arm: Arm): number => of(arm) ?? Number.POSITIVE_INFINITY;
  const order = arms.filter((arm) => !arm.diverged && of(arm) !== null).toSorted((a, b) => loss(a) - loss(b));
  if (order.length === 0) return { order, words: 'No run has ended with a loss.' };
  const told = order.map((arm) => `${name(arm)} ${loss(arm).toFixed(3)}`).join(', ');
  const gone = arms.filter((arm) => !order.includes(arm)).map(name);
  return { order, words: `Lowest first: ${told}.${gone.length > 0 ? ` Diverged: ${gone.join(', ')}.` : ''}` };
}

/** Is the loss of `other` within a tenth of that of `best`? */
export const isClose = (best: number | null, other: number | null): boolean =>
  best !== null && other !== null && other <= best * SAME;

export const lossFormat = (value: number): string => value.toFixed(3);

// The ways to runs side by side: a few values around the form's, or a few trials of a sweep.
import type { Config } from '../../experiment/config.ts';
import { useActions, useLab } from './use-lab.ts';

const whole = (value: number): number => Math.max(1, Math.round(value));
const rounded = (value: number): number => Number(value.toPrecision(2));

interface Offer {
  readonly key: 'train.batchSize' | 'optimizer.learningRate' | 'model.width';
  readonly word: string;
  /** Values that stand around the form's. */
  readonly around: (config: Config) => readonly number[];
}

/** What can be compared with one press. */
export const OFFERS: readonly Offer[] = [
  {
    key: 'train.batchSize',
    word: 'batch sizes',
    around: ({ 'train.batchSize': size }) => [whole(size / 4), size, size * 4],
  },
  {
    key: 'optimizer.learningRate',
    word: 'learning rates',
    around: ({ 'optimizer.learningRate': rate }) => [rounded(rate / 4), rate, rounded(rate * 4)],
  },
  {
    key: 'model.width',
    word: 'widths',
    around: ({ 'model.width': width }) => [whole(width / 2), width, width * 2],
  },
];

export function useSideBySide() {
  const { editSweep, setView, goTo } = useActions();
  const draft = useLab((state) => state.draft);
  const axis = useLab((state) => state.view.x);
  /** Runs of different batches are alike in the images they have seen, not in their steps. */
  function show(keys: readonly string[]): void {
    if (keys.includes('train.batchSize') && axis === 'step') setView({ x: 'examples' });
    goTo('train');
  }
  return {
    show,
    compare({ key, around }: Offer): void {
      editSweep({ [key]: [...new Set(around(draft))].join(',') });
      show([key]);
    },
  };
}

// From a sweep to a few of its trials side by side, where their curves grow together.
import { encode } from '../../experiment/address.ts';
import { LEAST_TOGETHER, MOST_TOGETHER } from '../../experiment/side-by-side.ts';
import { fewOf } from '../../experiment/sweep/few.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { useSideBySide } from '../hooks/use-side-by-side.ts';
import type { SweepView } from './use-sweep.ts';

export function WatchBeside({ view }: { readonly view: SweepView }) {
  const { openLink } = useActions();
  const { show } = useSideBySide();
  const readOnly = useLab((state) => state.readOnly);
  const { config, sweep, list } = view;
  const count = list.trials.length;
  if (count < LEAST_TOGETHER) return null;
  const isWhole = count <= MOST_TOGETHER;
  return (
    <button
      type="button"
      className="button"
      disabled={readOnly}
      title={
        isWhole
          ? 'In the Train view, all at the same time'
          : 'A few values of the first axis, the middle of all else, one seed; undo brings the sweep back'
      }
      onClick={() => {
        if (!isWhole) {
          const few = fewOf(config, sweep);
          openLink(encode(few.config, {}, few.sweep));
        }
        show(sweep.axes.map(({ key }) => key));
      }}
    >
      {isWhole ? 'Watch them side by side' : 'Watch some of them side by side'}
    </button>
  );
}

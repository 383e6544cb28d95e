// Says that the address sweeps over many runs, where only one of them could be trained.
import { useActions, useLab } from '../hooks/use-lab.ts';

export function SweepNote() {
  const { goTo } = useActions();
  const isSweep = useLab((state) => state.sweep !== null);
  if (!isSweep) return null;
  return (
    <p className="notice">
      <span className="body">
        This link varies settings over many runs; Train trains the config of the form alone.{' '}
        <button type="button" className="link" onClick={() => goTo('studies')}>
          Show the grid
        </button>
      </span>
    </p>
  );
}

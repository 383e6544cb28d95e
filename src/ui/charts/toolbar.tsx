// How the charts are drawn: x axis, log axes, seeds, smoothing.
import { type View, xAxes } from '../../session/state.ts';
import { Segments, Switch } from '../controls/choices.tsx';
import { xChoices } from './x-words.ts';

interface Props {
  readonly view: View;
  readonly onChange: (changes: Partial<View>) => void;
  /** A config with several seeds is on the charts. */
  readonly hasSeeds: boolean;
}

const SEEDS = [
  {
    value: 'mean',
    label: 'mean',
    help: 'The mean over the seeds of a config, with its 95 % bootstrap interval',
  },
  { value: 'each', label: 'each', help: 'Every seed as a thin line' },
] as const;

export function Toolbar({ view, onChange, hasSeeds }: Props) {
  const options = xAxes.map((value) => ({ value, ...xChoices[value] }));
  return (
    <div className="toolbar">
      <span className="set">
        <span aria-hidden="true">x</span>
        <Segments
          label="x axis"
          options={options}
          value={view.x}
          onChange={(x) => onChange({ x: x as View['x'] })}
        />
      </span>
      <span className="set">
        <Switch label="log x" word="log x" on={view.logX} onChange={(logX) => onChange({ logX })} />
        <Switch label="log y" word="log y" on={view.logY} onChange={(logY) => onChange({ logY })} />
      </span>
      {hasSeeds && (
        <span className="set">
          <span aria-hidden="true">seeds</span>
          <Segments
            label="Seeds"
            options={SEEDS}
            value={view.seeds}
            onChange={(seeds) => onChange({ seeds: seeds as View['seeds'] })}
          />
        </span>
      )}
      <label className="set">
        smoothing
        <input
          type="range"
          min="0"
          max="0.99"
          step="0.01"
          value={view.smoothing}
          onChange={(event) => onChange({ smoothing: Number(event.target.value) })}
        />
        <output>{view.smoothing.toFixed(2)}</output>
      </label>{' '}
    </div>
  );
}

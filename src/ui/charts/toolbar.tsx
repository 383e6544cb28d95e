// How the charts are drawn: x axis, log axes, smoothing.
import { type View, type XAxis, xAxes } from '../../session/state.ts';
import { Segments, Switch } from '../controls/choices.tsx';

const WORDS: Readonly<Record<XAxis, { readonly label: string; readonly help: string }>> = {
  step: { label: 'step', help: 'Updates done' },
  epoch: { label: 'epoch', help: 'Passes over the training images' },
  examples: { label: 'examples', help: 'Examples seen: steps × batch size' },
  flops: { label: 'FLOPs', help: 'Training compute, a multiply-add counted as 2' },
  seconds: { label: 's', help: 'Seconds of training on this device' },
};

interface Props {
  readonly view: View;
  readonly onChange: (changes: Partial<View>) => void;
}

export function Toolbar({ view, onChange }: Props) {
  const options = xAxes.map((value) => ({ value, ...WORDS[value] }));
  return (
    <div className="toolbar">
      <span className="set">
        <span aria-hidden="true">x</span>
        <Segments
          label="x axis"
          options={options}
          value={view.x}
          onChange={(x) => onChange({ x: x as XAxis })}
        />
      </span>
      <span className="set">
        <Switch label="log x" word="log x" on={view.logX} onChange={(logX) => onChange({ logX })} />
        <Switch label="log y" word="log y" on={view.logY} onChange={(logY) => onChange({ logY })} />
      </span>
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
      </label>
    </div>
  );
}

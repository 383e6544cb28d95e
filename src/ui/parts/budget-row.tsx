// How long to train: one number and its unit. Exactly one of epochs, steps and seconds is set.
import { trainingFields } from '../../catalog/training.ts';
import type { Config, Named } from '../../experiment/config.ts';
import { SettingRow } from '../controls/setting-row.tsx';

const UNITS = ['epochs', 'steps', 'seconds'] as const;
type Unit = (typeof UNITS)[number];

const unitOf = (config: Config): Unit =>
  config['train.steps'] > 0 ? 'steps' : config['train.seconds'] > 0 ? 'seconds' : 'epochs';

const DEFAULT_EPOCHS = trainingFields['train.epochs'].default as number;

function budget(unit: Unit, value: number): Named {
  return {
    'train.steps': unit === 'steps' ? value : 0,
    'train.seconds': unit === 'seconds' ? value : 0,
    'train.epochs': unit === 'epochs' ? value : DEFAULT_EPOCHS,
  };
}

interface Props {
  readonly config: Config;
  /** Of the planned run, to keep the length where the unit changes; null: not known. */
  readonly steps: number | null;
  readonly stepsPerEpoch: number;
  readonly seconds: number | null;
  readonly disabled: boolean;
  readonly onChange: (changes: Named) => void;
}

export function BudgetRow({ config, steps, stepsPerEpoch, seconds, disabled, onChange }: Props) {
  const unit = unitOf(config);
  const key = `train.${unit}` as const;
  const setting = trainingFields[key];
  // Zero would switch the budget off: here it is at least one (or a tenth of a second).
  const least = unit === 'seconds' ? 0.1 : 1;
  const positive = { ...setting, range: [least, setting.range?.[1] ?? 1e8] as const };

  function switchTo(next: Unit): void {
    const known: Readonly<Record<Unit, number | null>> = {
      steps,
      epochs: steps === null ? null : Math.max(1, Math.round(steps / Math.max(1, stepsPerEpoch))),
      seconds: seconds === null ? null : Math.max(1, Math.round(seconds)),
    };
    const fallback: Readonly<Record<Unit, number>> = { steps: 1000, epochs: DEFAULT_EPOCHS, seconds: 30 };
    onChange(budget(next, known[next] ?? fallback[next]));
  }

  return (
    <SettingRow
      key={unit}
      name={key}
      label="Budget"
      setting={positive}
      value={config[key]}
      fallback={unit === 'epochs' ? DEFAULT_EPOCHS : 0}
      disabled={disabled}
      unit={
        <span className="unit-menu">
          <select
            aria-label="Unit of the budget"
            value={unit}
            disabled={disabled}
            onChange={(event) => switchTo(event.target.value as Unit)}
          >
            {UNITS.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </span>
      }
      onChange={(value) => onChange(budget(unit, Math.max(least, Number(value))))}
    />
  );
}

// One of a few: a segmented control for short menus, a native select for longer ones; and a switch for on and off.
import type { Option } from '../../core/setting.ts';

interface ChoiceProps {
  readonly id?: string | undefined;
  readonly label: string;
  readonly options: readonly Option[];
  readonly value: string;
  readonly disabled?: boolean | undefined;
  readonly onChange: (value: string) => void;
}

/** In two rows of three where one would be too long. */
export function Segments({
  label,
  options,
  value,
  disabled,
  rows = 1,
  onChange,
}: ChoiceProps & { readonly rows?: 1 | 2 }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a flex row in every browser
    <div className={rows === 1 ? 'segments' : 'segments two'} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          title={option.help}
          aria-pressed={option.value === value}
          disabled={disabled}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

export function Menu({ id, label, options, value, disabled, onChange }: ChoiceProps) {
  return (
    <span className="field menu">
      <select
        id={id}
        aria-label={label}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </span>
  );
}

interface SwitchProps {
  readonly label: string;
  /** The word beside it; without one "on" or "off". */
  readonly word?: string;
  readonly on: boolean;
  readonly disabled?: boolean | undefined;
  readonly onChange: (on: boolean) => void;
}

export function Switch({ label, word, on, disabled, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      className="switch"
      aria-checked={on}
      aria-label={word === undefined ? label : undefined}
      disabled={disabled}
      onClick={() => onChange(!on)}
    >
      <i aria-hidden="true" />
      {word ?? <span aria-hidden="true">{on ? 'on' : 'off'}</span>}
    </button>
  );
}

// A number as text: typed freely, read on Enter or when left; arrows step by the setting's scale.
import type { ReactNode } from 'react';
import { formatNumber, parseNumber } from '../../core/format.ts';
import type { Setting } from '../../core/setting.ts';
import { nearestLegal, rangeWords, stepValue } from './step-value.ts';

export interface Fault {
  readonly message: string;
  /** The nearest legal value, when there is one. */
  readonly offer: number | null;
}

interface Props {
  readonly id: string;
  readonly label: string;
  readonly setting: Setting;
  readonly value: number;
  readonly disabled: boolean;
  readonly fault: Fault | null;
  /** What is being typed; null: nothing. */
  readonly typed: string | null;
  readonly describedBy?: string | undefined;
  /** What stands right of the number: a unit, or a menu of units. */
  readonly unit: ReactNode;
  /** Shown for zero, where zero switches off. */
  readonly zero?: string | undefined;
  readonly onChange: (value: number) => void;
  readonly onTyped: (typed: string | null) => void;
  readonly onFault: (fault: Fault | null) => void;
}

export function NumberField(props: Props) {
  const { setting, value, zero, typed, onTyped: setTyped } = props;
  const shown = value === 0 && zero !== undefined ? zero : formatNumber(value, 10);

  function commit(text: string): void {
    const parsed = parseNumber(text);
    if (parsed === null) {
      props.onFault({ message: `“${text}” is not a number.`, offer: value });
      return;
    }
    if (!setting.schema.safeParse(parsed).success) {
      const range = rangeWords(setting, (bound) => formatNumber(bound));
      props.onFault({
        message: `${formatNumber(parsed, 10)} is outside ${range}.`,
        offer: nearestLegal(setting, parsed),
      });
      return;
    }
    setTyped(null);
    props.onFault(null);
    if (parsed !== value) props.onChange(parsed);
  }

  function step(up: boolean): void {
    setTyped(null);
    props.onFault(null);
    props.onChange(stepValue(setting, value, up));
  }

  return (
    <span className={props.fault ? 'field bad' : 'field'}>
      <input
        id={props.id}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        aria-label={props.label}
        aria-invalid={props.fault !== null}
        aria-describedby={props.describedBy}
        readOnly={props.disabled}
        data-typed={typed === null ? undefined : true}
        value={typed ?? shown}
        onChange={(event) => setTyped(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={() => {
          if (typed !== null) commit(typed);
        }}
        onKeyDown={(event) => {
          if (props.disabled) return;
          if (event.key === 'Enter' && typed !== null) commit(typed);
          if (event.key === 'Escape') {
            setTyped(null);
            props.onFault(null);
          }
          if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
            event.preventDefault();
            step(event.key === 'ArrowUp');
          }
        }}
      />
      {props.unit}
    </span>
  );
}

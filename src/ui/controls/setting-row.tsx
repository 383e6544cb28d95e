// One setting of the form, made from its declaration alone: control, dot, help and fault.
import { type ReactNode, useId, useState } from 'react';
import { formatNumber } from '../../core/format.ts';
import type { Setting, Value } from '../../core/setting.ts';
import { Menu, Segments, Switch } from './choices.tsx';
import { type Fault, NumberField } from './number-field.tsx';
import { rangeWords } from './step-value.ts';

/** A value as the form writes it. */
export function valueWords(setting: Setting, value: Value): string {
  if (typeof value === 'number') return formatNumber(value, 10);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return setting.options?.find((option) => option.value === value)?.label ?? value;
}

interface Props {
  /** The setting's key, by which its control is found. */
  readonly name: string;
  readonly setting: Setting;
  readonly value: Value;
  readonly fallback: Value;
  readonly disabled: boolean;
  /** The control across the whole row, for the menu that heads a group. */
  readonly whole?: boolean;
  /** In place of the setting's own unit. */
  readonly unit?: ReactNode;
  readonly label?: string;
  /** Shown for zero, where zero switches off. */
  readonly zero?: string | undefined;
  readonly changed?: boolean;
  readonly onChange: (value: Value) => void;
}

export function SettingRow(props: Props) {
  const { setting, value, fallback, disabled, whole = false } = props;
  const id = useId();
  const [open, setOpen] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const label = props.label ?? setting.label;
  const changed = props.changed ?? value !== fallback;
  const shared = { id, label, disabled };

  function control(): ReactNode {
    if (typeof value === 'number') {
      return (
        <NumberField
          {...shared}
          setting={setting}
          value={value}
          fault={fault}
          typed={typed}
          describedBy={fault ? `${id}-fault` : undefined}
          unit={props.unit ?? <span className="unit">{setting.unit}</span>}
          zero={props.zero}
          onChange={props.onChange}
          onTyped={setTyped}
          onFault={setFault}
        />
      );
    }
    if (typeof value === 'boolean')
      return <Switch label={label} on={value} disabled={disabled} onChange={props.onChange} />;
    const options = setting.options ?? [];
    const letters = options.reduce((sum, option) => sum + option.label.length, 0);
    const fits = options.length >= 2 && options.length <= 5 && (whole || letters + 2 * options.length <= 22);
    const chosen = { ...shared, options, value, onChange: props.onChange };
    return fits ? (
      <Segments {...chosen} rows={letters + 2 * options.length > 40 ? 2 : 1} />
    ) : (
      <Menu {...chosen} />
    );
  }

  return (
    <>
      <div
        className={`setting${changed ? ' changed' : ''}${whole ? ' whole' : ''}`}
        data-setting={props.name}
      >
        <span className="dot" title={changed ? 'Differs from the default' : undefined} />
        {whole ? null : (
          <label className="name" htmlFor={id}>
            {label}
          </label>
        )}
        {control()}
        <button
          type="button"
          className="help-button"
          aria-label={`Help: ${label}`}
          aria-expanded={open}
          aria-controls={open ? `${id}-help` : undefined}
          onClick={() => setOpen(!open)}
        >
          ?
        </button>
      </div>
      {fault ? (
        <p className="fault" id={`${id}-fault`} role="alert">
          {fault.message}{' '}
          {fault.offer !== null && (
            <button
              type="button"
              onClick={() => {
                const offer = fault.offer as number;
                setFault(null);
                setTyped(null);
                props.onChange(offer);
              }}
            >
              Use {formatNumber(fault.offer, 10)}
            </button>
          )}
        </p>
      ) : null}
      {open ? (
        <div className="help" id={`${id}-help`}>
          <p>{setting.help}</p>
          {setting.options?.map((option) =>
            option.help ? (
              <p key={option.value}>
                <span className="strong">{option.label}</span>: {option.help}
                {option.help.endsWith('.') ? '' : '.'}
                {option.source ? <span className="ink3"> {option.source}.</span> : null}
              </p>
            ) : null,
          )}
          <p>
            Default {valueWords(setting, fallback)}
            {setting.range ? `, range ${rangeWords(setting, (bound) => formatNumber(bound, 10))}` : ''}.
            {setting.source ? ` ${setting.source}.` : ''}
          </p>
        </div>
      ) : null}
    </>
  );
}

// The axes of the sweep as they are written: a line of text each, read by the same rules as the link.
import { useId, useState } from 'react';
import { declarations, type Key, keys } from '../../experiment/config.ts';
import { axisLabel } from '../../experiment/sweep/grid.ts';
import { sweepEntries } from '../../experiment/sweep/read-sweep.ts';
import type { Sweep } from '../../experiment/sweep/sweep.ts';
import { writeValues } from '../../experiment/sweep/values.ts';
import { Menu } from '../controls/choices.tsx';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { sizeWords } from './words.ts';
import '../styles/axes.css';

const LABELS: Readonly<Record<string, string>> = {
  seeds: 'Seeds',
  equal: 'Equal',
  budget: 'Budget',
  horizon: 'Horizon',
  tune: 'Tuned over',
  prune: 'Give up at ×',
};

const HELP: Readonly<Record<string, string>> = {
  seeds: 'How many seeds of each cell, from the seed of the form on.',
  equal: 'parameters, macs or flops: the width of each trial is chosen so that all have the same.',
  budget: 'How much of it; several make the grid several times. Empty: what the base config has.',
  horizon: 'How long each trial trains: epochs:10, steps:1000, examples:1e6, seconds:30 or flops:1e12.',
  tune: 'Axes over which the best is looked for.',
  prune: 'A trial is stopped once its validation loss is so many times its best rival’s.',
};

const help = (key: string): string =>
  HELP[key] ??
  `${declarations.get(key)?.[0]?.help ?? ''} Values as 16,64 or ranges as 16..1024*2 and 1e-4..1e-2/5.`;

export function AxisRow({ name, text }: { readonly name: string; readonly text: string }) {
  const { editSweep } = useActions();
  const id = useId();
  const readOnly = useLab((state) => state.readOnly);
  const faults = useLab((state) => state.problems);
  const fault = faults.find(({ key }) => key === `sweep.${name}`);
  const [typed, setTyped] = useState<string | null>(null);
  const label = LABELS[name] ?? axisLabel(name);
  const keep = (): void => {
    if (typed !== null && typed !== text) editSweep({ [name]: typed === '' ? null : typed });
    setTyped(null);
  };
  return (
    <li className="axis">
      <label htmlFor={id} title={help(name)}>
        {label}
      </label>
      <span className="field">
        <input
          id={id}
          value={typed ?? text}
          disabled={readOnly}
          spellCheck={false}
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? `${id}-fault` : undefined}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={keep}
          onKeyDown={(event) => {
            if (event.key === 'Enter') keep();
            if (event.key === 'Escape') setTyped(null);
          }}
        />
      </span>
      <button
        type="button"
        className="quiet"
        disabled={readOnly}
        aria-label={`Take ${label} out of the sweep`}
        onClick={() => editSweep({ [name]: null })}
      >
        ×
      </button>
      {fault ? (
        <p id={`${id}-fault`} className="small err">
          {fault.message}
        </p>
      ) : null}
    </li>
  );
}

/** A value to begin an axis with: what the config has. */
function AddAxis() {
  const { editSweep } = useActions();
  const draft = useLab((state) => state.draft);
  const sweep = useLab((state) => state.sweep);
  const readOnly = useLab((state) => state.readOnly);
  const used = new Set(sweep ? sweepEntries(sweep).map(([key]) => key.slice(6)) : []);
  const free = keys.filter((key) => !used.has(key) && declarations.get(key)?.some((setting) => setting.axis));
  const rules = ['seeds', 'horizon', 'equal'].filter((key) => !used.has(key));
  const options = [
    { value: '', label: 'Add an axis' },
    ...rules.map((key) => ({ value: key, label: LABELS[key] as string })),
    ...free.map((key) => ({ value: key, label: `${axisLabel(key)} (${key})` })),
  ];
  const first: Readonly<Record<string, string>> = {
    seeds: '3',
    horizon: `epochs:${draft['train.epochs']}`,
    equal: 'parameters',
  };
  return (
    <Menu
      label="Add an axis"
      options={options}
      value=""
      disabled={readOnly}
      onChange={(key) => {
        if (key !== '') editSweep({ [key]: first[key] ?? String(draft[key as Key]) });
      }}
    />
  );
}

/** Keys and texts of a sweep, ranges written as ranges. */
export function entriesOf(sweep: Sweep): readonly (readonly [key: string, text: string])[] {
  return sweepEntries(sweep).map(([name, list]) => {
    const key = name.slice(6);
    const axis = sweep.axes.find((one) => one.key === key);
    const [first, ...others] = declarations.get(key) ?? [];
    return [key, axis && first ? writeValues([first, ...others], axis.values) : list] as const;
  });
}

export function AxesPanel() {
  const sweep = useLab((state) => state.sweep);
  const problems = useLab((state) => state.problems);
  const entries = sweep ? entriesOf(sweep) : [];
  const shown = new Set(entries.map(([key]) => `sweep.${key}`));
  const others = problems.filter(({ key }) => /^(sweep|study)\b/.test(key) && !shown.has(key));
  return (
    <section className="section">
      <div className="section-head">
        <h2>Axes</h2>
        <span className="push small ink3">{sweep ? sizeWords(sweep) : ''}</span>
      </div>
      <ul className="axes">
        {entries.map(([key, text]) => (
          <AxisRow key={`${key}=${text}`} name={key} text={text} />
        ))}
        {others.map(({ key, message }) => (
          <li key={key} className="small err">
            {message}
          </li>
        ))}
      </ul>
      <AddAxis />
    </section>
  );
}

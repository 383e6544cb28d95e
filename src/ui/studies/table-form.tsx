// Which law goes through which columns of a table of one's own.
import { type ReactNode, useEffect, useState } from 'react';
import type { Law } from '../../core/fits/law.ts';
import { type LawId, laws } from '../../core/fits/laws.ts';
import { formatCount, parseNumber } from '../../core/format.ts';
import { type ColumnView, guessColumns, type TableQuestion } from '../../experiment/table-fit.ts';
import { Menu, Segments } from '../controls/choices.tsx';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { inLetters } from './amount-words.ts';
import type { TableView } from './use-table-fit.ts';

const LAWS = Object.entries(laws).map(([value, { label, form, inputs }]) => ({
  value: value as LawId,
  label: `${label}: ${inLetters(form)}`,
  inputs: inputs.length,
}));

/** What its columns are called says which law is likely meant. */
function likelyLaw(columns: readonly ColumnView[]): LawId {
  const names = columns.map(({ name }) => name);
  if (names.includes('N') && names.includes('D')) return 'loss-surface';
  if (names.includes('B')) return 'critical-batch-size';
  return names.includes('C') ? 'power-law-offset' : 'power-law';
}

const NONE = '';

interface CellProps {
  readonly name: string;
  readonly about?: string;
  readonly children: ReactNode;
}

/** A control under its name; the control says the name itself to those who do not see it. */
function Cell({ name, about, children }: CellProps) {
  return (
    <div className="form-cell">
      <span aria-hidden="true">
        {name} <span className="ink3">{about}</span>
      </span>
      {children}
    </div>
  );
}

interface Props {
  readonly table: TableView;
  readonly isFitting: boolean;
  readonly onFit: (question: TableQuestion) => void;
}

export function TableForm({ table, isFitting, onFit }: Props) {
  const { setView } = useActions();
  const counting = useLab((state) => state.view.multiplyAdd);
  const [law, setLaw] = useState<LawId>(() => likelyLaw(table.columns));
  const [chosen, setChosen] = useState(() => guessColumns(laws[law], table.columns));
  const [group, setGroup] = useState(NONE);
  const [holdout, setHoldout] = useState('0');
  const [resamples, setResamples] = useState('1000');
  const kind: Law = laws[law];
  useEffect(() => setChosen(guessColumns(laws[law], table.columns)), [law, table]);
  const options = table.columns.map(({ name, numbers, examples }) => ({
    value: name,
    label:
      numbers < table.rows ? `${name} (${formatCount(numbers)} of ${formatCount(table.rows)} numbers)` : name,
    help: examples.join(', '),
  }));
  const counted = (text: string, most: number): number =>
    Math.max(0, Math.min(most, Math.round(parseNumber(text) ?? 0)));

  return (
    <form
      className="table-form"
      onSubmit={(event) => {
        event.preventDefault();
        onFit({
          law,
          ...chosen,
          group: group === NONE ? null : group,
          holdout: counted(holdout, table.rows),
          resamples: counted(resamples, 10_000),
          seed: 0,
          counting,
        });
      }}
    >
      <Cell name="Law">
        <Menu label="Law" options={LAWS} value={law} onChange={(value) => setLaw(value as LawId)} />
      </Cell>
      {kind.inputs.map(({ name, meaning }, index) => (
        <Cell key={name} name={name} about={meaning}>
          <Menu
            label={`Column of ${name}`}
            options={options}
            value={chosen.x[index] ?? ''}
            onChange={(value) =>
              setChosen({
                ...chosen,
                x: kind.inputs.map((_, at) => (at === index ? value : (chosen.x[at] ?? ''))),
              })
            }
          />
        </Cell>
      ))}
      <Cell name="y" about="what the law gives">
        <Menu
          label="Column of y"
          options={options}
          value={chosen.y}
          onChange={(y) => setChosen({ ...chosen, y })}
        />
      </Cell>
      <Cell name="Group" about="rows of one configuration">
        <Menu
          label="Column of groups"
          options={[{ value: NONE, label: 'rows with equal inputs' }, ...options]}
          value={group}
          onChange={setGroup}
        />
      </Cell>
      <Cell name="Hold out" about="the largest">
        <span className="field">
          <input
            aria-label="Configurations to hold out"
            inputMode="numeric"
            value={holdout}
            onChange={(event) => setHoldout(event.target.value)}
          />
        </span>
      </Cell>
      <Cell name="Resamples" about="for intervals">
        <span className="field">
          <input
            aria-label="Resamples"
            inputMode="numeric"
            value={resamples}
            onChange={(event) => setResamples(event.target.value)}
          />
        </span>
      </Cell>
      <Cell name="Multiply-add">
        <Segments
          label="A multiply-add counts as"
          value={String(counting)}
          options={[
            { value: '2', label: '= 2' },
            { value: '1', label: '= 1' },
          ]}
          onChange={(value) => setView({ multiplyAdd: value === '1' ? 1 : 2 })}
        />
      </Cell>
      <button type="submit" className="button primary">
        {isFitting ? 'Fitting …' : 'Fit'}
      </button>
    </form>
  );
}

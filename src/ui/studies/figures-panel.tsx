// All figures of a finding: the one that answers the question large, the others side by side. Figures that show the same
// against another quantity take turns.
import { Menu, Segments } from '../controls/choices.tsx';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { StudyFigure } from './study-figure.tsx';
import type { Turn } from './use-turns.ts';

/** How compute is counted, where a figure has some. */
function CountingChoice() {
  const { setView } = useActions();
  const multiplyAdd = useLab((state) => state.view.multiplyAdd);
  return (
    <span className="row push">
      multiply-add
      <Segments
        label="A multiply-add counts as"
        value={String(multiplyAdd)}
        options={[
          { value: '2', label: '= 2', help: 'Compute is 6 × MAC × examples' },
          { value: '1', label: '= 1', help: 'Compute is 3 × MAC × examples, as Scaling MLPs counts' },
        ]}
        onChange={(value) => setView({ multiplyAdd: value === '1' ? 1 : 2 })}
      />
    </span>
  );
}

/** Words of all choices beyond which they are a menu. */
const LONG = 44;

function QuantityChoice({ turn: { figures, shown, choose } }: { readonly turn: Turn }) {
  const props = {
    label: `Quantity of ${shown.choice?.of ?? shown.title}`,
    value: shown.choice?.word ?? '',
    options: figures.flatMap(({ choice }) => (choice ? [{ value: choice.word, label: choice.word }] : [])),
    onChange: choose,
  };
  const length = props.options.reduce((sum, { label }) => sum + label.length, 0);
  return length > LONG ? <Menu {...props} /> : <Segments {...props} />;
}

function OneTurn({ turn, isMain }: { readonly turn: Turn; readonly isMain: boolean }) {
  const { figures, shown } = turn;
  const hasCompute = shown.x.unit === 'FLOP' || shown.y.unit === 'FLOP';
  return (
    <div className="figure-turn">
      {figures.length > 1 || (hasCompute && isMain) ? (
        <div className="figure-choice row wrap small ink2">
          {figures.length > 1 ? <QuantityChoice turn={turn} /> : null}
          {hasCompute ? <CountingChoice /> : null}
        </div>
      ) : null}
      <StudyFigure key={shown.title} figure={shown} isMain={isMain} />
    </div>
  );
}

export function FiguresPanel({ turns }: { readonly turns: readonly Turn[] }) {
  const [first, ...others] = turns;
  if (!first) return null;
  return (
    <section className="figures-panel" aria-label="Figures">
      <OneTurn turn={first} isMain />
      {others.length > 0 ? (
        <div className="figure-grid">
          {others.map((turn) => (
            <OneTurn key={turn.key} turn={turn} isMain={false} />
          ))}
        </div>
      ) : null}
    </section>
  );
}

// Asks for a size and gets the width that comes nearest, everything else as it is in the form.
import { type FormEvent, useState } from 'react';
import { toFailure } from '../../core/failure.ts';
import { formatCount, parseNumber } from '../../core/format.ts';
import type { Named } from '../../experiment/config.ts';
import { plan } from '../../experiment/plan.ts';
import { createMatcher } from '../../experiment/sweep/match-width.ts';
import { Menu } from '../controls/choices.tsx';
import { useActions, useLab } from '../hooks/use-lab.ts';

const MEASURES = [
  { value: 'parameters', label: 'parameters' },
  { value: 'macs', label: 'MACs an example' },
] as const;
type Measure = (typeof MEASURES)[number]['value'];

/** "+0.3 %" */
const percent = (share: number): string =>
  `${share < 0 ? '−' : '+'}${(100 * Math.abs(share)).toPrecision(2)} %`;

export function SizeSolver() {
  const config = useLab((state) => state.draft);
  const known = useLab((state) => state.data[state.draft.data]);
  const readOnly = useLab((state) => state.readOnly);
  const { edit } = useActions();
  const [typed, setTyped] = useState('');
  const [measure, setMeasure] = useState<Measure>('parameters');
  const [answer, setAnswer] = useState<{ readonly words: string; readonly isFault: boolean } | null>(null);

  function solve(event: FormEvent): void {
    event.preventDefault();
    const target = parseNumber(typed);
    if (target === null || !(target >= 1)) {
      setAnswer({ words: `“${typed}” is no size. Write a number such as 2e5 or 200000.`, isFault: true });
      return;
    }
    const facts = known?.status === 'ready' ? known.card : undefined;
    try {
      const match = createMatcher((made) => plan(made, facts))(config, measure, target);
      edit({ 'model.width': match.width } as Named);
      const off = match.mismatch === 0 ? 'exactly' : percent(match.mismatch);
      setAnswer({ words: `Width ${match.width}: ${off} of ${formatCount(target)}.`, isFault: false });
    } catch (error) {
      setAnswer({ words: toFailure(error).message, isFault: true });
    }
  }

  return (
    <details className="size-solver small">
      <summary>Width for a size</summary>
      <form onSubmit={solve}>
        <input
          type="text"
          inputMode="decimal"
          autoComplete="off"
          aria-label="Size"
          placeholder="2e5"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Menu
          label="What is counted"
          options={MEASURES}
          value={measure}
          onChange={(value) => setMeasure(value as Measure)}
        />
        <button type="submit" className="button" disabled={readOnly}>
          Set width
        </button>
      </form>
      <p role="status" className={answer?.isFault ? 'err' : 'ink2'}>
        {answer?.words}
      </p>
    </details>
  );
}

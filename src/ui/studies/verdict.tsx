// The verdict of a study under its question: the answer by rule, the claim it is about, and what it rests on.
import type { ReactNode } from 'react';
import type { Answer, Study } from '../../catalog/studies/study.ts';
import { formatCount } from '../../core/format.ts';
import { inLetters } from './amount-words.ts';
import type { FindingView, JudgedView } from './use-finding.ts';

const CHIPS: Readonly<Record<Answer, readonly [glyph: string, word: string, tone: string]>> = {
  supported: ['✓', 'holds', 'ok'],
  'not supported': ['×', 'not seen', 'err'],
  undecided: ['–', 'undecided at this size', 'ink2'],
};

/** While runs of the sweep are not over. */
const SO_FAR: Readonly<Record<Answer, string>> = {
  supported: 'holds so far',
  'not supported': 'not seen so far',
  undecided: 'undecided so far',
};

type Chip = readonly [glyph: string, word: string, tone: string];

/** An answer and how it is told; provisional where runs of the sweep are not over. */
export function chipOf(answer: Answer, isProvisional: boolean): Chip {
  const [glyph, word, tone] = CHIPS[answer];
  return isProvisional ? [glyph, SO_FAR[answer], tone] : [glyph, word, tone];
}

const isProvisional = ({ runs, of }: JudgedView): boolean => runs < of;

function chipOfView({ finding, verdict }: FindingView): Chip {
  if (verdict) return chipOf(verdict.answer, isProvisional(verdict));
  return finding ? ['◌', 'intervals are being made', 'ink3'] : ['◌', 'not run', 'ink3'];
}

interface Props {
  readonly study: Study;
  readonly view: FindingView;
  /** What can be done with it. */
  readonly children?: ReactNode;
}

export function Verdict({ study, view, children }: Props) {
  const [glyph, word, tone] = chipOfView(view);
  const { verdict } = view;
  const [first, ...others] = verdict?.evidence ?? [];
  return (
    <section className="verdict" aria-label="Verdict">
      <p>
        <span className={`chip ${tone}`}>
          {glyph} {word}
        </span>{' '}
        <span className="ink2">{study.claim}</span>
      </p>
      {verdict && isProvisional(verdict) ? (
        <p className="small ink3">
          Provisional: it rests on {formatCount(verdict.runs)} of {formatCount(verdict.of)} runs.
        </p>
      ) : null}
      {first ? <p className="verdict-words">{inLetters(first)}</p> : null}
      {others.map((words) => (
        <p key={words} className="small ink2">
          {inLetters(words)}
        </p>
      ))}
      {view.failure ? <p className="small err">{view.failure.message}</p> : null}
      {children}
    </section>
  );
}

// The verdict of a study under its question: the answer by rule, the claim it is about, and what it rests on.
import type { Answer } from '../../catalog/studies/study.ts';
import { studyOf, useFinding } from './use-finding.ts';
import type { SweepView } from './use-sweep.ts';

const CHIPS: Readonly<Record<Answer, readonly [glyph: string, word: string, tone: string]>> = {
  supported: ['✓', 'holds', 'ok'],
  'not supported': ['×', 'not seen', 'err'],
  undecided: ['–', 'undecided at this size', 'ink2'],
};

export function Verdict({ view }: { readonly view: SweepView }) {
  const finding = useFinding(view);
  const study = studyOf(view.sweep.study);
  if (!study) return null;
  const [glyph, word, tone] = finding ? CHIPS[finding.verdict.answer] : ['◌', 'not run', 'ink3'];
  const [first, ...others] = finding?.verdict.evidence ?? [];
  return (
    <section className="verdict" aria-label="Verdict">
      <p>
        <span className={`chip ${tone}`}>
          {glyph} {word}
        </span>{' '}
        <span className="ink2">{study.claim}</span>
      </p>
      {first ? <p className="verdict-words">{first}</p> : null}
      {others.map((words) => (
        <p key={words} className="small ink2">
          {words}
        </p>
      ))}
    </section>
  );
}

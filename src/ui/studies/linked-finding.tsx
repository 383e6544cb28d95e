// What the link says that its sweep gave, before anything is trained here; and beside it what the same runs gave here.
import { useMemo } from 'react';
import { toFailure } from '../../core/failure.ts';
import { lawOf } from '../../core/fits/laws.ts';
import { formatCount } from '../../core/format.ts';
import type { DrawnFinding, DrawnLine } from '../../experiment/drawn-figures.ts';
import { decodeFinding, encodeFinding, type LinkedFinding } from '../../experiment/finding-link.ts';
import { useCopy } from '../hooks/use-copy.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { amountText, inLetters } from './amount-words.ts';
import { Formula } from './formula.tsx';
import type { FindingView } from './use-finding.ts';
import type { SweepView } from './use-sweep.ts';
import { chipOf } from './verdict.tsx';

/** Nothing in the link, what it says, or why that is not shown. */
export type Linked = LinkedFinding | { readonly problem: string } | null;

export function useLinkedFinding({ config, sweep }: SweepView): Linked {
  const packed = useLab((state) => state.finding);
  return useMemo(() => {
    if (packed === null) return null;
    try {
      return decodeFinding(packed, config, sweep);
    } catch (error) {
      return { problem: toFailure(error).message };
    }
  }, [packed, config, sweep]);
}

const fitted = ({ figures }: DrawnFinding): readonly DrawnLine[] =>
  figures.flatMap(({ lines }) => lines.filter(({ fit }) => fit !== null));

/** Each law of the link with its amounts there and here, where the same line was fitted here. */
function Compared({ there, here }: { readonly there: DrawnFinding; readonly here: DrawnFinding }) {
  const rows = fitted(there).flatMap(({ label, fit }) => {
    const law = fit && lawOf(fit.fit.law);
    const own = fitted(here).find((line) => line.label === label && line.fit?.fit.law === law?.id)?.fit;
    if (!fit || !law || !own) return [];
    return [...law.parameters, ...(law.derived ?? [])].map(({ name, meaning }) => {
      const words = ({ parameters, derived, intervals }: typeof fit.fit): string =>
        amountText(parameters[name] ?? derived[name] ?? Number.NaN, intervals?.[name] ?? null);
      return { key: `${label} ${name}`, name, meaning, there: words(fit.fit), here: words(own.fit) };
    });
  });
  if (rows.length === 0) return null;
  return (
    <table className="fit-table">
      <thead>
        <tr>
          <th scope="col">Parameter</th>
          <th scope="col" className="number">
            In the link
          </th>
          <th scope="col" className="number">
            Here
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, meaning, there: theirs, here: ours }) => (
          <tr key={key}>
            <th scope="row" title={meaning}>
              <Formula text={name} />
            </th>
            <td className="number">{theirs}</td>
            <td className="number">{ours}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function LinkedFindingBand({ linked, own }: { readonly linked: Linked; readonly own: FindingView }) {
  const { dismissResult } = useActions();
  const counting = useLab((state) => state.view.multiplyAdd);
  if (!linked) return null;
  const dismiss = (
    <div className="actions">
      <button type="button" className="button" onClick={dismissResult}>
        Dismiss
      </button>
    </div>
  );
  if ('problem' in linked)
    return (
      <section className="notice linked" aria-label="Finding from the link">
        <div className="body">
          <p>The result in the link is not shown: {linked.problem}.</p>
          {dismiss}
        </div>
      </section>
    );
  const { finding, runs, of } = linked;
  const [glyph, word, tone] = chipOf(finding.verdict.answer, runs < of);
  const [first, ...others] = finding.verdict.evidence;
  return (
    <section className="notice linked" aria-label="Finding from the link">
      <div className="body">
        <p>
          <span className="strong">From a link.</span> It rests on {formatCount(runs)} of {formatCount(of)}{' '}
          runs that were trained elsewhere.{' '}
          {own.finding
            ? 'Below is what the runs of this browser say.'
            : 'Nothing was trained here; points and laws are what the link carries. Start trains the same runs.'}
        </p>
        <p>
          <span className={`chip ${tone}`}>
            {glyph} {word}
          </span>{' '}
          {first ? inLetters(first) : ''}
        </p>
        {others.map((words) => (
          <p key={words} className="small ink2">
            {inLetters(words)}
          </p>
        ))}
        {linked.counting === counting ? null : (
          <p className="small ink2">
            Its compute counts a multiply-add as {linked.counting}; count it so here to compare.
          </p>
        )}
        {own.finding && own.isFinal && linked.counting === counting ? (
          <Compared there={finding} here={own.finding} />
        ) : null}
        {dismiss}
      </div>
    </section>
  );
}

/** Copies the link of the sweep with what its runs gave. */
export function CopyFinding({ view, found }: { readonly view: SweepView; readonly found: FindingView }) {
  const { findingLink } = useActions();
  const [word, copy] = useCopy();
  const counting = useLab((state) => state.view.multiplyAdd);
  const { finding, verdict, isFinal } = found;
  if (!finding || !verdict || !isFinal) return null;
  const { config, sweep } = view;
  const { runs, of } = verdict;
  return (
    <button
      type="button"
      className="button"
      title="The question, its points, law and verdict in one address"
      onClick={() =>
        copy(() => {
          const packed = encodeFinding(finding, { runs, of, counting }, config, sweep);
          return packed === null ? null : findingLink(packed);
        })
      }
    >
      <span aria-live="polite">{word ?? 'Copy link with this finding'}</span>
    </button>
  );
}

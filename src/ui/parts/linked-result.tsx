// What a link says that its run gave, and how far the same run trained here is from it.
import { formatDuration } from '../../core/format.ts';
import { scoreNames, scoreWords } from '../../core/scores.ts';
import { compareWithLink, executed, type Reproduction } from '../../experiment/reproduction.ts';
import type { LinkedResult } from '../../experiment/result-link.ts';
import { isLinked, isOver, linkedKey, type Run } from '../../experiment/run.ts';
import { Heads } from '../controls/heads.tsx';
import { useActions, useLab, useSession } from '../hooks/use-lab.ts';

const VERDICTS: Readonly<
  Record<Reproduction['verdict'], readonly [glyph: string, tone: string, words: string]>
> = {
  bits: ['✓', 'ok', 'Reproduced to the last bit'],
  within: ['✓', 'ok', 'Reproduced within the tolerance'],
  outside: ['×', 'err', 'Not reproduced'],
  incomparable: ['–', 'ink2', 'Not comparable'],
};

const OUTCOMES = { finished: 'finished', stopped: 'was stopped', diverged: 'diverged' } as const;

function resultWords({ outcome, step, seconds, device, last }: LinkedResult): string {
  const scores = scoreNames
    .filter((name) => name !== 'loss' && last[`test/${name}`] !== undefined)
    .map(
      (name) => `test ${scoreWords[name].label} ${scoreWords[name].format(last[`test/${name}`] as number)}`,
    );
  const loss = last['train/loss'];
  const ends = [...scores, ...(loss === undefined ? [] : [`train loss ${loss.toPrecision(4)}`])].join(', ');
  const where = `${OUTCOMES[outcome]} after ${step.toLocaleString('en-US')} steps in ${formatDuration(seconds)} on ${executed(device)}`;
  return `It ${where}${ends === '' ? '' : `: ${ends}`}.`;
}

function Differences({ found }: { readonly found: Reproduction }) {
  return (
    <table className="differences">
      <Heads
        columns={[
          'What',
          ['Link', 'number'],
          ['Here', 'number'],
          ['Difference', 'number'],
          ['Tolerance', 'optional'],
        ]}
      />
      <tbody>
        {found.differences.map(({ what, linked, here, difference, tolerance, isWithin }) => (
          <tr key={what}>
            <td>{what}</td>
            <td className="number">{linked}</td>
            <td className="number">{here}</td>
            <td className={isWithin ? 'number' : 'number err'}>{difference}</td>
            <td className="optional ink2">{tolerance}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The run of this browser that has ended, of exactly the link's config; newest first. */
const ownOf = (runs: readonly Run[], linked: Run | undefined): Run | undefined =>
  linked && runs.find((run) => run.id === linked.id && !isLinked(run) && isOver(run));

function Verdict({ result, own }: { readonly result: LinkedResult; readonly own: Run }) {
  const session = useSession();
  useLab((state) => state.seriesVersion[own.key]);
  const log = session.log(own.key);
  if (!log || log.names().length === 0) return null;
  const found = compareWithLink(result, own, log, own.cost?.testCount ?? 0);
  const [glyph, tone, words] = VERDICTS[found.verdict];
  return (
    <div className="verdict">
      <p>
        <span className={`chip ${tone}`}>
          {glyph} {words}
        </span>{' '}
        {found.expected}
      </p>
      {found.differences.length === 0 ? null : <Differences found={found} />}
    </div>
  );
}

export function LinkedResultBand() {
  const { reproduce, dismissResult } = useActions();
  const result = useLab((state) => state.result);
  const linked = useLab((state) =>
    state.result ? state.runs.find(({ key }) => key === linkedKey(state.result?.digest ?? '')) : undefined,
  );
  const own = useLab((state) => ownOf(state.runs, linked));
  const busy = useLab((state) => state.active !== null || state.preparing);
  const isUnderway = useLab((state) =>
    state.runs.some((run) => run.key === state.active && run.id === linked?.id),
  );
  const unchanged = useLab((state) => state.draft === linked?.config);
  if (!result || !linked) return null;
  return (
    <section className="notice linked" aria-label="Result from the link">
      <div className="body">
        <p>
          <span className="strong">{linked.name}, from a link.</span> {resultWords(result)}{' '}
          {own || isUnderway ? '' : 'Nothing was trained here; the curve is what the link carries.'}
        </p>
        {own ? <Verdict result={result} own={own} /> : null}
        <div className="actions">
          <button
            type="button"
            className="button"
            disabled={busy || !unchanged}
            title={
              unchanged
                ? undefined
                : 'The form no longer shows the link’s settings: undo, or open the link again.'
            }
            onClick={() => void reproduce()}
          >
            {isUnderway ? 'Reproducing' : own ? 'Reproduce again' : 'Reproduce'}
          </button>
          <button type="button" className="button" onClick={dismissResult}>
            Dismiss
          </button>
        </div>
      </div>
    </section>
  );
}

// The newest runs under the charts: on the charts or not, what they gave. All of them are in the Runs view.
import { memo, useState } from 'react';
import { formatCount, formatSi } from '../../core/format.ts';
import { isResumable, type Run, titleOf } from '../../experiment/run.ts';
import { Heads } from '../controls/heads.tsx';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { changeOfRun, nameOf, statusWords } from './change.ts';
import { whenWords } from './row-words.ts';
import { RunActions } from './run-actions.tsx';
import { Key, type Look } from './run-style.tsx';
import { lastScore, scoreHeading, scoreOf } from './score.ts';

interface RowProps {
  readonly run: Run;
  readonly change: string;
  readonly look: Look;
  readonly isShown: boolean;
  readonly busy: boolean;
  readonly now: number;
}

const RunRow = memo(function RunRow({ run, change, look, isShown, busy, now }: RowProps) {
  const { show, hide, resume } = useActions();
  const status = statusWords(run);
  const score = scoreOf(run.config);
  const reached = lastScore(run);
  return (
    <tr className={isShown ? 'chosen' : undefined}>
      <td className="tick">
        <input
          type="checkbox"
          aria-label={`${titleOf(run)} on the charts`}
          checked={isShown}
          onChange={(event) => (event.target.checked ? show([run.key]) : hide([run.key]))}
        />
      </td>
      <td className="run-name cut" title={titleOf(run)}>
        <Key slot={look} />
        {nameOf(run)}
      </td>
      <td className="ink2 optional cut change" title={change}>
        {change}
      </td>
      <td className="number optional ink2">{run.cost ? formatSi(run.cost.parameters, '', 4) : '–'}</td>
      <td className="number">
        {reached === null ? '–' : score.format(reached.value)}
        {reached?.half ? <span className="ink3"> ± {score.digits(reached.half)}</span> : null}
      </td>
      <td className="optional steady">
        <span className={status.tone}>{status.text}</span>
      </td>
      <td className="optional steady ink2">{whenWords(run.createdAt, now)}</td>
      <td>
        <div className="run-actions">
          {isResumable(run) && (
            <button type="button" className="quiet" disabled={busy} onClick={() => void resume(run.key)}>
              Resume
            </button>
          )}
          <RunActions run={run} word="More" />
        </div>
      </td>
    </tr>
  );
});

const FEW = 8;

export function RunList() {
  const { undoRemove, goTo } = useActions();
  const runs = useLab((state) => state.runs);
  const shown = useLab((state) => state.shown);
  const removed = useLab((state) => state.removed);
  const busy = useLab((state) => state.active !== null || state.preparing);
  const [now] = useState(() => Date.now());
  if (runs.length === 0 && removed.length === 0) return null;
  return (
    <section className="section runs">
      <div className="section-head">
        <h2>Runs</h2>
        <span className="small ink3">in this browser, newest first</span>
        <span className="row small push" role="status">
          {removed.length > 0 && (
            <>
              {formatCount(removed.length)} deleted
              <button type="button" className="quiet acc" onClick={() => void undoRemove()}>
                Undo
              </button>
            </>
          )}
        </span>
        <button type="button" className="quiet" onClick={() => goTo('runs')}>
          {runs.length > FEW ? `All ${formatCount(runs.length)}, compare` : 'Compare'}
        </button>
      </div>
      <table>
        <Heads
          columns={[
            ['On the charts', 'tick', 'unseen'],
            'Run',
            ['Change', 'optional'],
            ['Parameters', 'number optional'],
            [scoreHeading(runs.slice(0, FEW).map(({ config }) => config)), 'number'],
            ['Status', 'optional'],
            ['When', 'optional'],
            ['Actions', undefined, 'unseen'],
          ]}
        />
        <tbody>
          {runs.slice(0, FEW).map((run) => {
            const entry = shown.find(({ key }) => key === run.key);
            return (
              <RunRow
                key={run.key}
                run={run}
                change={changeOfRun(runs, run)}
                look={entry?.slot ?? null}
                isShown={entry !== undefined}
                busy={busy}
                now={now}
              />
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

// All runs in this browser, newest first: on the charts or not, what they gave, and what can be done with them.
import { memo, useState } from 'react';
import { formatCount, formatPercent } from '../../core/format.ts';
import { scoreWords } from '../../core/scores.ts';
import { isResumable, isUnderway, type Run, titleOf } from '../../experiment/run.ts';
import { halfWidth } from '../charts/interval.ts';
import { type Action, ActionMenu } from '../controls/action-menu.tsx';
import { useActions, useLab, useSession } from '../hooks/use-lab.ts';
import { changeOfRun, shortName, statusWords } from './change.ts';
import { leadingScore, scoreHeading } from './leading-score.ts';
import { planOf } from './run-plan.ts';
import { Key, type Look } from './run-style.tsx';

/** "12:04" today, else the day. */
function whenWords(time: number, now: number): string {
  const date = new Date(time);
  const sameDay = date.toDateString() === new Date(now).toDateString();
  return sameDay
    ? date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
    : date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
}

function Score({ run }: { readonly run: Run }) {
  const session = useSession();
  useLab((state) => (run.state === 'running' ? 0 : state.seriesVersion[run.key]));
  const card = useLab((state) => {
    const data = state.data[run.config.data];
    return data?.status === 'ready' ? data.card : undefined;
  });
  const log = session.log(run.key);
  const score = leadingScore(run.config, log);
  if (score === null || isUnderway(run)) return <>–</>;
  if (score.name !== 'accuracy') return <>{scoreWords[score.name].format(score.value)}</>;
  const images = planOf(run, card)?.testCount ?? 10_000;
  return (
    <>
      {formatPercent(score.value)}{' '}
      <span className="ink3">± {(halfWidth(score.value, images) * 100).toFixed(1)}</span>
    </>
  );
}

function RunActions({ run, busy }: { readonly run: Run; readonly busy: boolean }) {
  const { resume, adopt, remove, exportRun } = useActions();
  const actions: Action[] = [
    { word: 'Use these settings', run: () => adopt(run.key) },
    { word: 'Metrics as CSV', run: () => void exportRun(run.key, 'csv') },
    { word: 'Metrics as JSON lines', run: () => void exportRun(run.key, 'jsonl') },
  ];
  if (run.checkpointStep !== null) {
    actions.push({ word: 'Weights as safetensors', run: () => void exportRun(run.key, 'safetensors') });
    if (run.config['train.ema'] > 0) {
      const save = (): void => void exportRun(run.key, 'average.safetensors');
      actions.push({ word: 'Averaged weights as safetensors', run: save });
    }
  }
  if (!isUnderway(run)) actions.push({ word: 'Delete', run: () => void remove([run.key]) });
  return (
    <div className="run-actions">
      {isResumable(run) && (
        <button type="button" className="quiet" disabled={busy} onClick={() => void resume(run.key)}>
          Resume
        </button>
      )}
      <ActionMenu word="More" label={`More: ${titleOf(run)}`} actions={actions} />
    </div>
  );
}

interface RowProps {
  readonly run: Run;
  readonly change: string;
  /** Null: not on the charts. */
  readonly slot: Look;
  readonly busy: boolean;
  readonly now: number;
}

const RunRow = memo(function RunRow({ run, change, slot, busy, now }: RowProps) {
  const { show, hide } = useActions();
  const status = statusWords(run);
  const plan = planOf(run, undefined);
  return (
    <tr className={slot === null ? undefined : 'chosen'}>
      <td className="tick">
        <input
          type="checkbox"
          aria-label={`${titleOf(run)} on the charts`}
          checked={slot !== null}
          onChange={(event) => (event.target.checked ? show([run.key]) : hide([run.key]))}
        />
      </td>
      <td className="run-name cut">
        <Key slot={slot} />
        {shortName(run.config)}
      </td>
      <td className="ink2 optional cut change" title={change}>
        {change}
      </td>
      <td className="number optional ink2">{plan ? formatCount(plan.parameters.total) : '–'}</td>
      <td className="number">
        <Score run={run} />
      </td>
      <td className="optional steady">
        <span className={status.tone}>{status.text}</span>
      </td>
      <td className="optional steady ink2">{whenWords(run.createdAt, now)}</td>
      <td>
        <RunActions run={run} busy={busy} />
      </td>
    </tr>
  );
});

const FEW = 12;

export function RunList() {
  const { undoRemove } = useActions();
  const runs = useLab((state) => state.runs);
  const shown = useLab((state) => state.shown);
  const removed = useLab((state) => state.removed);
  const busy = useLab((state) => state.active !== null || state.preparing);
  const [all, setAll] = useState(false);
  const [now] = useState(() => Date.now());
  if (runs.length === 0 && removed.length === 0) return null;
  const listed = all ? runs : runs.slice(0, FEW);
  return (
    <section className="section runs">
      <div className="section-head">
        <h2>Runs</h2>
        <span className="small ink3">in this browser, newest first</span>
        {removed.length > 0 && (
          <span className="row small push" role="status">
            {formatCount(removed.length)} deleted
            <button type="button" className="quiet acc" onClick={() => void undoRemove()}>
              Undo
            </button>
          </span>
        )}
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col" className="tick">
              <span className="unseen">On the charts</span>
            </th>
            <th scope="col">Run</th>
            <th scope="col" className="optional">
              Change
            </th>
            <th scope="col" className="number optional">
              Parameters
            </th>
            <th scope="col" className="number">
              {scoreHeading(listed.map(({ config }) => config))}
            </th>
            <th scope="col" className="optional">
              Status
            </th>
            <th scope="col" className="optional">
              When
            </th>
            <th scope="col">
              <span className="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {listed.map((run) => (
            <RunRow
              key={run.key}
              run={run}
              change={changeOfRun(runs, run)}
              slot={shown.find(({ key }) => key === run.key)?.slot ?? null}
              busy={busy}
              now={now}
            />
          ))}
        </tbody>
      </table>
      {runs.length > FEW && (
        <button type="button" className="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Fewer' : `All ${formatCount(runs.length)} runs`}
        </button>
      )}
    </section>
  );
}

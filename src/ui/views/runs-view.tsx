// The Runs view: every run of this browser as a table, what is chosen beside it, and all of them against their cost.
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { formatCount } from '../../core/format.ts';
import type { Run } from '../../experiment/run.ts';
import type { Shown } from '../../session/state.ts';
import '../styles/compare.css';
import '../styles/runs.css';
import { useKeyboard } from '../hooks/use-keyboard.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { usePaintTurn } from '../hooks/use-paint-turn.ts';
import { useSlow } from '../hooks/use-slow.ts';
import { RunsNotices } from '../parts/notices.tsx';
import { type Compared, ComparePanel } from '../runs/compare-panel.tsx';
import { matches, parseSearch } from '../runs/find-runs.ts';
import { RunDetails } from '../runs/run-details.tsx';
import { RunFigures } from '../runs/run-figures.tsx';
import {
  type Column,
  differing,
  type Group,
  type Grouping,
  groupRuns,
  rowsOf,
  type Sorting,
  sortGroups,
} from '../runs/run-rows.ts';
import type { Look } from '../runs/run-style.tsx';
import { RunsTable } from '../runs/runs-table.tsx';
import { RunsToolbar } from '../runs/runs-toolbar.tsx';
import { scoreOf } from '../runs/score.ts';
import { SeedsPanel } from '../runs/seeds-panel.tsx';

/** The table and the dots follow a run that trains so often. */
const FOLLOW_MS = 500;

const NEWEST: Sorting = { column: 'when', isDescending: true };
/** Names and states begin with the first, numbers with the most. */
const RISES: readonly Column[] = ['name', 'status'];

function comparedOf(chosen: readonly Run[], looks: ReadonlyMap<string, Look>): readonly Compared[] {
  return groupRuns(chosen, 'seeds')
    .map((group) => ({ group, look: looks.get(group.runs[0]?.key ?? '') ?? null }))
    .filter(({ look }) => look !== null)
    .sort((a, b) => Number(a.look) - Number(b.look));
}

function Aside({ chosen, shown }: { readonly chosen: readonly Run[]; readonly shown: readonly Shown[] }) {
  const looks = useMemo(() => new Map(shown.map(({ key, slot }) => [key, slot])), [shown]);
  const compared = useMemo(() => comparedOf(chosen, looks), [chosen, looks]);
  const waiting = chosen.filter(({ key }) => looks.get(key) === null).length;
  const [only] = chosen;
  if (!only)
    return (
      <section className="section">
        <div className="section-head">
          <h2>Nothing is chosen</h2>
        </div>
        <p className="small ink2">
          Choose one run to see, name and annotate it; two or more to compare them: where their settings
          differ, what that cost, and what it gave.
        </p>
      </section>
    );
  if (compared.length > 1) return <ComparePanel compared={compared} more={waiting} />;
  const [config] = compared;
  if (config && config.group.runs.length > 1) return <SeedsPanel group={config.group} look={config.look} />;
  return <RunDetails run={only} look={looks.get(only.key) ?? null} />;
}

/** What can wait until the table is there. */
function AfterPaint({ children }: { readonly children: ReactNode }) {
  return usePaintTurn() ? children : null;
}

function Empty() {
  const { goTo } = useActions();
  return (
    <section className="section runs-empty">
      <h2 className="empty-title">No runs yet</h2>
      <p className="ink2">
        Every run that trains in this browser is kept here with its curves, its settings and its weights,
        until you delete it.
      </p>
      <button type="button" className="button primary" onClick={() => goTo('train')}>
        Train a first one
      </button>
    </section>
  );
}

export default function RunsView() {
  const current = useLab((state) => state.runs);
  const removed = useLab((state) => state.removed.length);
  const runs = useSlow(current, FOLLOW_MS);
  const shown = useLab((state) => state.shown);
  const search = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [onlyStarred, setOnlyStarred] = useState(false);
  const [grouping, setGrouping] = useState<Grouping>('seeds');
  const [sorting, setSorting] = useState<Sorting>(NEWEST);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  useKeyboard({ '/': () => search.current?.focus() });

  const terms = useMemo(() => parseSearch(text), [text]);
  const found = useMemo(
    () => runs.filter((run) => (!onlyStarred || run.remarks.isStarred) && matches(run, terms)),
    [runs, terms, onlyStarred],
  );
  const groups = useMemo(() => groupRuns(found, grouping), [found, grouping]);
  const sorted = useMemo(() => sortGroups(groups, sorting), [groups, sorting]);
  const rows = useMemo(() => rowsOf(sorted, open), [sorted, open]);
  const configs = useMemo(() => groupRuns(found, 'seeds'), [found]);
  const settings = useMemo(() => differing(runs), [runs]);
  const looks = useMemo(() => new Map(shown.map(({ key, slot }) => [key, slot] as const)), [shown]);
  const chosen = useMemo(() => runs.filter(({ key }) => looks.has(key)), [runs, looks]);
  const starred = useMemo(() => runs.filter(({ remarks }) => remarks.isStarred).length, [runs]);
  const [newest] = found;
  const scoreWords = newest ? `${scoreOf(newest.config).short}, ${scoreOf(newest.config).unit}` : 'Score';

  function sort(column: Column): void {
    const isDescending = sorting.column === column ? !sorting.isDescending : !RISES.includes(column);
    setSorting({ column, isDescending });
  }

  const [toggle] = useState(() => ({ key }: Group) => {
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  });

  return (
    <main className="page">
      <h1 className="unseen">Runs</h1>
      <RunsNotices />
      <div className="runs-columns">
        <div className="column">
          {runs.length === 0 && removed === 0 ? (
            <Empty />
          ) : (
            <>
              <RunsToolbar
                search={search}
                text={text}
                onText={setText}
                onlyStarred={onlyStarred}
                onStarred={setOnlyStarred}
                counts={{ all: runs.length, starred, found: found.length }}
                grouping={grouping}
                settings={settings}
                onGroup={setGrouping}
                chosen={chosen}
                found={found}
              />
              {rows.length === 0 ? (
                <p className="section small ink2 nothing-found">
                  {runs.length === 0 ? 'No runs are left.' : 'No run matches.'}
                </p>
              ) : (
                <RunsTable
                  rows={rows}
                  runs={runs}
                  sorting={sorting}
                  scoreWords={scoreWords}
                  onSort={sort}
                  onToggle={toggle}
                />
              )}
              <p className="small ink3 runs-foot">
                ± is half the 95 % interval over seeds; with one seed, over the test images.{' '}
                {formatCount(found.length)} of {formatCount(runs.length)} runs.
              </p>
              <AfterPaint>
                <RunFigures groups={configs} looks={looks} />
              </AfterPaint>
            </>
          )}
        </div>
        <div className="column">
          {runs.length > 0 && (
            <AfterPaint>
              <Aside chosen={chosen} shown={shown} />
            </AfterPaint>
          )}
        </div>
      </div>
    </main>
  );
}

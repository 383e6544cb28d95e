// The runs as a table of which only the visible rows are drawn: thousands of runs scroll like ten.
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Run } from '../../experiment/run.ts';
import type { Shown } from '../../session/state.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { changeOfRun } from './change.ts';
import { RunRow } from './run-row.tsx';
import { type Column, type Group, type Row, type Sorting, visibleRows } from './run-rows.ts';
import type { Look } from './run-style.tsx';

const ROW = 36;
const HEAD = 30;

const HEADS: readonly {
  readonly column: Column | null;
  readonly words: string;
  readonly className?: string;
  readonly hidden?: boolean;
}[] = [
  { column: null, words: 'On the charts', className: 'tick', hidden: true },
  { column: null, words: 'Star', className: 'star optional', hidden: true },
  { column: 'name', words: 'Run', className: 'col-run' },
  { column: null, words: 'Changed', className: 'optional' },
  { column: 'parameters', words: 'Params', className: 'number optional col-params' },
  { column: 'score', words: 'Test acc., %', className: 'number col-score' },
  { column: 'seeds', words: 'Seeds', className: 'number optional col-seeds' },
  { column: 'rate', words: 'Steps/s', className: 'number optional col-rate' },
  { column: null, words: 'Curve', className: 'optional spark' },
  { column: 'status', words: 'Status', className: 'optional col-state' },
  { column: 'when', words: 'When', className: 'number optional col-when' },
  { column: null, words: 'Actions', className: 'more', hidden: true },
];

interface Props {
  readonly rows: readonly Row[];
  /** All runs, newest first. */
  readonly runs: readonly Run[];
  readonly sorting: Sorting;
  readonly scoreWords: string;
  readonly onSort: (column: Column) => void;
  readonly onToggle: (group: Group) => void;
}

const groupOfRow = (row: Row): Group =>
  row.kind === 'group' ? row.group : { key: row.run.key, runs: [row.run], title: null };

function Heads({ sorting, scoreWords, onSort }: Pick<Props, 'sorting' | 'scoreWords' | 'onSort'>) {
  return (
    <tr aria-rowindex={1}>
      {HEADS.map(({ column, words, className, hidden }) => {
        const name = column === 'score' ? scoreWords : words;
        const order = sorting.isDescending ? 'descending' : 'ascending';
        return (
          <th
            key={words}
            scope="col"
            className={className}
            aria-sort={column !== null && column === sorting.column ? order : undefined}
          >
            {column === null ? (
              <span className={hidden ? 'unseen' : undefined}>{name}</span>
            ) : (
              <button type="button" className="quiet sort" onClick={() => onSort(column)}>
                {name}
                <span aria-hidden="true" className="arrow">
                  {column === sorting.column ? (sorting.isDescending ? '↓' : '↑') : ''}
                </span>
              </button>
            )}
          </th>
        );
      })}
    </tr>
  );
}

/** Which part of the list the window shows. */
function useWindow(count: number) {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState({ top: 0, height: 600 });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = (): void => {
      const next = { top: element.scrollTop, height: element.clientHeight };
      setAt((before) =>
        Math.abs(before.top - next.top) < ROW && before.height === next.height && next.top !== 0
          ? before
          : next,
      );
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  const [from, to] = visibleRows(at.top, at.height, ROW, count);
  return { box, from, to };
}

function chosenOf(group: Group, shown: ReadonlyMap<string, Look>): 'none' | 'some' | 'all' {
  const count = group.runs.filter(({ key }) => shown.has(key)).length;
  return count === 0 ? 'none' : count === group.runs.length ? 'all' : 'some';
}

/** The colour of a config: any of its runs that is shown has it. */
function lookOf({ runs }: Group, looks: ReadonlyMap<string, Look>): Look {
  const shown = runs.find(({ key }) => looks.has(key));
  return shown ? (looks.get(shown.key) ?? null) : null;
}

const byKey = (shown: readonly Shown[]): ReadonlyMap<string, Look> =>
  new Map(shown.map(({ key, slot }) => [key, slot]));

export function RunsTable({ rows, runs, sorting, scoreWords, onSort, onToggle }: Props) {
  const { show, hide } = useActions();
  const shown = useLab((state) => state.shown);
  const looks = useMemo(() => byKey(shown), [shown]);
  const { box, from, to } = useWindow(rows.length);
  const [now] = useState(() => Date.now());
  const last = useRef<number | null>(null);
  const all = useRef(rows);
  all.current = rows;

  const choose = useCallback(
    (index: number, group: Group, isChosen: boolean, isRange: boolean) => {
      const begin = isRange && last.current !== null ? Math.min(last.current, index) : index;
      const end = isRange && last.current !== null ? Math.max(last.current, index) : index;
      const groups = begin === end ? [group] : all.current.slice(begin, end + 1).map(groupOfRow);
      const keys = groups.flatMap((one) => one.runs.map(({ key }) => key));
      last.current = index;
      if (isChosen) show(keys);
      else hide(keys);
    },
    [show, hide],
  );

  /** Arrow keys go from row to row, past what is drawn. */
  function key(event: KeyboardEvent<HTMLTableSectionElement>): void {
    const { target } = event;
    if (!(target instanceof HTMLInputElement) || target.dataset['row'] === undefined) return;
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = Math.min(rows.length - 1, Math.max(0, Number(target.dataset['row']) + by));
    const element = box.current;
    if (!element) return;
    const [top, bottom] = [next * ROW, (next + 1) * ROW + HEAD];
    if (top < element.scrollTop) element.scrollTop = top;
    if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
    requestAnimationFrame(() => {
      element.querySelector<HTMLInputElement>(`[data-row="${next}"]`)?.focus({ preventScroll: true });
    });
  }

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section className="runs-table" ref={box} tabIndex={0} aria-label="All runs">
      <table aria-rowcount={rows.length + 1}>
        <thead>
          <Heads sorting={sorting} scoreWords={scoreWords} onSort={onSort} />
        </thead>
        <tbody onKeyDown={key}>
          {from > 0 && (
            // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row without content has no focus
            <tr aria-hidden="true">
              <td className="gap" style={{ height: from * ROW }} />
            </tr>
          )}
          {rows.slice(from, to).map((row, offset) => {
            const group = groupOfRow(row);
            const [first] = group.runs as readonly [Run];
            const oldest = group.runs[group.runs.length - 1] ?? first;
            return (
              <RunRow
                key={`${row.kind} ${group.key}`}
                index={from + offset}
                group={group}
                isOpen={row.kind === 'group' ? row.isOpen : undefined}
                isInside={row.kind === 'run' && row.isInside}
                change={
                  group.title === null ? changeOfRun(runs, oldest) : `mean of ${group.runs.length} runs`
                }
                look={group.title === null ? lookOf(group, looks) : null}
                chosen={chosenOf(group, looks)}
                now={now}
                onToggle={onToggle}
                onChoose={choose}
              />
            );
          })}
          {to < rows.length && (
            // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row without content has no focus
            <tr aria-hidden="true">
              <td className="gap" style={{ height: (rows.length - to) * ROW }} />
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}

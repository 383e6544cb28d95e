// One row of the runs table: a run, or several as one. Drawn again only when something it shows has changed.
import { memo, useEffect, useRef, useState } from 'react';
import { formatCount, formatSi } from '../../core/format.ts';
import { type Run, titleOf } from '../../experiment/run.ts';
import { useActions } from '../hooks/use-lab.ts';
import { StarIcon } from '../parts/icons.tsx';
import { nameOf, shortName } from './change.ts';
import { groupStatus, whenWords } from './row-words.ts';
import { RunActions } from './run-actions.tsx';
import { type Facts, factsOf, type Group } from './run-rows.ts';
import { Key, type Look } from './run-style.tsx';
import { scoreOf } from './score.ts';
import { Sparkline } from './sparkline.tsx';

export interface RunRowProps {
  readonly index: number;
  readonly group: Group;
  /** Undefined: a single run. */
  readonly isOpen?: boolean | undefined;
  /** A run inside an open group. */
  readonly isInside: boolean;
  readonly change: string;
  readonly look: Look;
  /** How many of its runs are on the charts. */
  readonly chosen: 'none' | 'some' | 'all';
  readonly now: number;
  readonly onToggle: (group: Group) => void;
  readonly onChoose: (index: number, group: Group, choose: boolean, range: boolean) => void;
}

function NameField({ run, onDone }: { readonly run: Run; readonly onDone: () => void }) {
  const { remark } = useActions();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  return (
    <span className="field words-field name-field">
      <input
        ref={field}
        aria-label={`Name of ${titleOf(run)}`}
        defaultValue={run.remarks.title || nameOf(run)}
        maxLength={120}
        onBlur={(event) => {
          const title = event.target.value.trim();
          if (title !== nameOf(run)) remark(run.key, { title });
          onDone();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') {
            event.currentTarget.value = nameOf(run);
            event.currentTarget.blur();
          }
          event.stopPropagation();
        }}
      />
    </span>
  );
}

function ScoreCell({ facts, run }: { readonly facts: Facts; readonly run: Run }) {
  const score = scoreOf(run.config);
  if (!facts.score) return <span className="ink3">–</span>;
  return (
    <>
      {score.digits(facts.score.mean)}
      <span className="ink3 half"> {facts.half === null ? '' : `± ${score.digits(facts.half)}`}</span>
    </>
  );
}

function Choice({
  index,
  group,
  chosen,
  onChoose,
}: Pick<RunRowProps, 'index' | 'group' | 'chosen' | 'onChoose'>) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = chosen === 'some';
  }, [chosen]);
  const [first] = group.runs as readonly [Run];
  const several = group.runs.length > 1 ? `, ${group.runs.length} runs` : '';
  return (
    <input
      ref={box}
      type="checkbox"
      data-row={index}
      aria-label={`${group.title ?? titleOf(first)}${several}: on the charts`}
      checked={chosen === 'all'}
      onChange={(event) => {
        const isRange = 'shiftKey' in event.nativeEvent && event.nativeEvent.shiftKey === true;
        onChoose(index, group, event.target.checked, isRange);
      }}
    />
  );
}

/** Groups are made anew whenever a run moves on: what counts is whether the row's own runs did. */
function isSame(before: RunRowProps, after: RunRowProps): boolean {
  const { group: a, ...others } = before;
  const { group: b, ...next } = after;
  const plain = Object.keys(others) as (keyof typeof others)[];
  return (
    plain.every((key) => others[key] === next[key]) &&
    a.title === b.title &&
    a.runs.length === b.runs.length &&
    a.runs.every((run, index) => run === b.runs[index])
  );
}

export const RunRow = memo(function RunRow(props: RunRowProps) {
  const { index, group, isOpen, isInside, change, look, chosen, now, onToggle, onChoose } = props;
  const { remark } = useActions();
  const [isNaming, setNaming] = useState(false);
  const [run] = group.runs as readonly [Run];
  const facts = factsOf(group);
  const status = groupStatus(group.runs);
  const single = group.runs.length === 1;
  const name = group.title ?? nameOf(run);
  const isStarred = group.runs.every(({ remarks }) => remarks.isStarred);
  const tags = single ? run.remarks.tags : [];
  const hint = [titleOf(run), shortName(run.config), run.remarks.note].filter(Boolean).join('\n');
  return (
    <tr
      aria-rowindex={index + 2}
      className={[chosen === 'none' ? '' : 'chosen', isInside ? 'inside' : ''].join(' ').trim() || undefined}
    >
      <td className="tick">
        <Choice index={index} group={group} chosen={chosen} onChoose={onChoose} />
      </td>
      <td className="star optional">
        <button
          type="button"
          className="quiet"
          aria-pressed={isStarred}
          aria-label={`Star: ${name}`}
          onClick={() => {
            for (const { key } of group.runs) remark(key, { isStarred: !isStarred });
          }}
        >
          <StarIcon isOn={isStarred} />
        </button>
      </td>
      <td className="run-name" title={hint} onDoubleClick={() => single && setNaming(true)}>
        <div className="row">
          <Key slot={look} />
          {isOpen !== undefined && (
            <button
              type="button"
              className="quiet disclosure"
              aria-expanded={isOpen}
              aria-label={`${group.runs.length} runs of ${name}`}
              onClick={() => onToggle(group)}
            >
              {isOpen ? '▾' : '▸'}
            </button>
          )}
          {isNaming ? (
            <NameField run={run} onDone={() => setNaming(false)} />
          ) : (
            <span className="cut">{isInside ? `${name}, seed ${run.config.seed}` : name}</span>
          )}
          {tags.map((tag) => (
            <span key={tag} className="tag optional">
              {tag}
            </span>
          ))}
        </div>
      </td>
      <td className="ink2 optional cut" title={change}>
        {change}
      </td>
      <td className="number optional">
        {facts.parameters === null ? '–' : formatSi(facts.parameters, '', 4)}
      </td>
      <td className="number">
        <ScoreCell facts={facts} run={run} />
      </td>
      <td className="number optional">{facts.seeds}</td>
      <td className="number optional">
        {facts.stepsPerSecond === null ? '–' : formatCount3(facts.stepsPerSecond)}
      </td>
      <td className="optional spark">
        <Sparkline run={run} look={look} />
      </td>
      <td className="optional cut">
        <span className={status.tone}>{status.text}</span>
      </td>
      <td className="number optional ink3">{whenWords(facts.createdAt, now)}</td>
      <td className="more">{single && <RunActions run={run} word="⋯" onRename={() => setNaming(true)} />}</td>
    </tr>
  );
}, isSame);

/** Three digits: 45.4, 118, 1,204. */
const formatCount3 = (value: number): string => (value < 100 ? value.toPrecision(3) : formatCount(value));

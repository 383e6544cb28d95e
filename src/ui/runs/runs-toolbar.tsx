// Over the runs table: search, stars, grouping; how many are chosen and what can be done with them; undo.
import { type RefObject, useState } from 'react';
import { formatCount } from '../../core/format.ts';
import type { Key } from '../../experiment/config.ts';
import { isUnderway, type Run } from '../../experiment/run.ts';
import { type Action, ActionMenu } from '../controls/action-menu.tsx';
import { Menu, Segments } from '../controls/choices.tsx';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { settingNames } from './change.ts';
import type { Grouping } from './run-rows.ts';

interface Props {
  readonly search: RefObject<HTMLInputElement | null>;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onlyStarred: boolean;
  readonly onStarred: (only: boolean) => void;
  readonly counts: { readonly all: number; readonly starred: number; readonly found: number };
  readonly grouping: Grouping;
  readonly settings: readonly Key[];
  readonly onGroup: (grouping: Grouping) => void;
  readonly chosen: readonly Run[];
  readonly found: readonly Run[];
}

function Undo() {
  const { undoRemove } = useActions();
  const count = useLab((state) => state.removed.length);
  return (
    <span className="row small" role="status">
      {count > 0 && (
        <>
          {formatCount(count)} deleted
          <button type="button" className="quiet acc" onClick={() => void undoRemove()}>
            Undo
          </button>
        </>
      )}
    </span>
  );
}

/** Adds a tag to all chosen runs. */
function TagField({ chosen, onDone }: { readonly chosen: readonly Run[]; readonly onDone: () => void }) {
  const { remark } = useActions();
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        const tag = String(new FormData(event.currentTarget).get('tag') ?? '').trim();
        if (tag) for (const { key, remarks } of chosen) remark(key, { tags: [...remarks.tags, tag] });
        onDone();
      }}
    >
      <span className="field words-field">
        {/* biome-ignore lint/a11y/noAutofocus: the field has just been asked for */}
        <input name="tag" aria-label="Tag for the chosen runs" placeholder="tag" maxLength={40} autoFocus />
      </span>
      <button type="submit" className="button">
        Add tag
      </button>
    </form>
  );
}

function Chosen({ chosen, found }: Pick<Props, 'chosen' | 'found'>) {
  const { show, hide, remark, remove, exportRuns } = useActions();
  const [isTagging, setTagging] = useState(false);
  const keys = chosen.map(({ key }) => key);
  const all = found.map(({ key }) => key);
  const isStarred = chosen.length > 0 && chosen.every(({ remarks }) => remarks.isStarred);
  const ended = chosen.filter((run) => !isUnderway(run)).map(({ key }) => key);
  const actions: Action[] = [];
  if (chosen.length < found.length)
    actions.push({ word: `Choose all ${found.length}`, run: () => show(all) });
  if (chosen.length > 0)
    actions.push(
      { word: 'Choose none', run: () => hide(keys) },
      {
        word: isStarred ? 'Take stars off' : 'Star',
        run: () => {
          for (const key of keys) remark(key, { isStarred: !isStarred });
        },
      },
      { word: 'Add a tag', run: () => setTagging(true) },
    );
  const target = chosen.length > 0 ? keys : all;
  const which = chosen.length > 0 ? '' : `, all ${found.length}`;
  actions.push(
    { word: `Table as CSV${which}`, run: () => void exportRuns(target, 'table') },
    { word: `Metrics as CSV${which}`, run: () => void exportRuns(target, 'metrics') },
    { word: `Records as JSON${which}`, run: () => void exportRuns(target, 'records') },
  );
  if (ended.length > 0)
    actions.push({ word: `Delete ${formatCount(ended.length)}`, run: () => void remove(ended) });
  return (
    <>
      {isTagging ? (
        <TagField chosen={chosen} onDone={() => setTagging(false)} />
      ) : (
        <span className="small ink2 steady">{formatCount(chosen.length)} chosen</span>
      )}
      <ActionMenu word="Actions" label="Actions with the chosen runs" actions={actions} />
    </>
  );
}

export function RunsToolbar(props: Props) {
  const { search, text, onText, onlyStarred, onStarred, counts, grouping, settings, onGroup } = props;
  const groupings = [
    { value: 'seeds', label: 'config, seeds' },
    { value: 'none', label: 'nothing' },
    ...settings.map((key) => ({ value: key, label: settingNames[key] })),
  ];
  return (
    <div className="toolbar runs-toolbar">
      <span className="field search">
        <input
          ref={search}
          type="search"
          value={text}
          aria-label="Search runs"
          placeholder="Search: name, #tag, width=512, lr<1e-3"
          onChange={(event) => onText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onText('');
          }}
        />
        <span className="key-hint optional" aria-hidden="true">
          /
        </span>
      </span>
      <Segments
        label="Which runs"
        options={[
          { value: 'all', label: `All ${formatCount(counts.all)}` },
          { value: 'starred', label: `Starred ${formatCount(counts.starred)}` },
        ]}
        value={onlyStarred ? 'starred' : 'all'}
        onChange={(value) => onStarred(value === 'starred')}
      />
      <span className="set optional">
        group by
        <Menu
          label="Group by"
          options={groupings}
          value={grouping}
          onChange={(value) => onGroup(value as Grouping)}
        />
      </span>
      {text.trim() !== '' && <span className="small ink3 steady">{formatCount(counts.found)} found</span>}
      <span className="row push">
        <Undo />
        <Chosen chosen={props.chosen} found={props.found} />
      </span>
    </div>
  );
}

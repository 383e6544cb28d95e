// Everything by its name: type, choose with the arrows, Enter. A number behind a setting's name sets it.
import { Fragment, useId, useState } from 'react';
import { Dialog } from '../controls/dialog.tsx';
import { type Entry, matching } from './match.ts';
import { useEntries } from './use-entries.ts';

interface ItemProps {
  readonly entry: Entry;
  readonly id: string;
  readonly chosen: boolean;
  readonly onRun: () => void;
}

function Item({ entry, id, chosen, onRun }: ItemProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the field's, by aria-activedescendant
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      aria-disabled={entry.off !== undefined}
      ref={(element) => {
        if (chosen) element?.scrollIntoView({ block: 'nearest' });
      }}
      onClick={onRun}
    >
      <span className="cut">{entry.words}</span>
      <span className="cut ink3 push">{entry.off ?? entry.detail}</span>
    </div>
  );
}

export function Palette({ onClose }: { readonly onClose: () => void }) {
  const list = useId();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const entries = useEntries((make) => {
    Promise.resolve(make())
      .then((text) => (text === null ? undefined : navigator.clipboard.writeText(text)))
      .catch(() => {}); // The browser refused: the address bar has the settings.
  });
  const found = matching(entries, query);
  const chosen = found[Math.min(at, found.length - 1)];
  function run(entry: Entry | undefined): void {
    if (!entry || entry.off !== undefined) return;
    onClose();
    entry.run();
  }
  return (
    <Dialog title="Everything" className="palette" bare onClose={onClose}>
      <input
        type="search"
        role="combobox"
        aria-label="Search actions, settings, presets and words"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={chosen ? `${list}-${found.indexOf(chosen)}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder="train, width 256, dark, figure 5 …"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
          if (by !== undefined) {
            event.preventDefault();
            setAt(Math.max(0, Math.min(found.length - 1, at + by)));
          }
          if (event.key === 'Enter') {
            event.preventDefault();
            run(chosen);
          }
        }}
      />
      <div id={list} className="found" role="listbox" aria-label="What was found">
        {found.map((entry, index) => (
          <Fragment key={`${entry.group} ${entry.id}`}>
            {query === '' && entry.group !== found[index - 1]?.group ? (
              <div role="presentation" className="head">
                {entry.group}
              </div>
            ) : null}
            <Item id={`${list}-${index}`} entry={entry} chosen={entry === chosen} onRun={() => run(entry)} />
          </Fragment>
        ))}
      </div>
      {found.length === 0 ? <p className="small ink2">Nothing is called that here.</p> : null}
    </Dialog>
  );
}

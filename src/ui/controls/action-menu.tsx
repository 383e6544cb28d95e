// A quiet word that opens a short list of actions; closes on a choice, on Escape and when focus leaves.
import { useState } from 'react';

export interface Action {
  readonly word: string;
  readonly run: () => void;
}

interface Props {
  readonly word: string;
  /** What it is about, for a screen reader: "More: isotropic 1403 × 6". */
  readonly label: string;
  readonly actions: readonly Action[];
}

export function ActionMenu({ word, label, actions }: Props) {
  const [open, setOpen] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches focus and Escape of the buttons inside
    <div
      className="action-menu"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpen(false);
      }}
    >
      <button
        type="button"
        className="quiet"
        aria-expanded={open}
        aria-label={label}
        onClick={() => setOpen(!open)}
      >
        {word}
      </button>
      {open && (
        <ul>
          {actions.map((action) => (
            <li key={action.word}>
              <button
                type="button"
                className="quiet"
                onClick={() => {
                  setOpen(false);
                  action.run();
                }}
              >
                {action.word}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

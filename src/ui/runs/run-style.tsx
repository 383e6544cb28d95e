// How a run looks wherever it is drawn: colour and dash belong to its slot.
import type { Slot } from '../../session/state.ts';

const DASHES = ['', '7 3', '2 2.5', '9 3 2 3', '4 2', '1 3'] as const;

/** Null: without a slot of its own, grey and solid. */
export type Look = Slot | null;

export const dash = (look: Look): string | undefined =>
  look === null ? undefined : DASHES[look] || undefined;
export const colour = (look: Look): string => `var(--c${look === null ? 0 : look + 1})`;
/** Slots 5 and 6 reach 3:1 as lines, not 4.5:1 as text: on light paper they are named in ink. */
export const labelColour = (look: Look): string =>
  look === null ? 'var(--ink2)' : `var(--label${look + 1}, var(--c${look + 1}))`;

export function Key({ slot }: { readonly slot: Look }) {
  return (
    <svg className="key" width="22" height="8" aria-hidden="true">
      {slot === null ? (
        <path d="M0 4H22" stroke="var(--line2)" strokeWidth="2" />
      ) : (
        <path d="M0 4H22" stroke={colour(slot)} strokeWidth="2" strokeDasharray={dash(slot)} />
      )}
    </svg>
  );
}

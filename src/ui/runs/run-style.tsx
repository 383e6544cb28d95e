// How a run looks wherever it is drawn: colour and dash belong to its slot.
import type { Shown } from '../../session/state.ts';

const DASHES = ['', '7 3', '2 2.5', '9 3 2 3', '4 2', '1 3'] as const;

export type Slot = Shown['slot'];

export const dash = (slot: Slot): string | undefined => DASHES[slot] || undefined;
export const colour = (slot: Slot): string => `var(--c${slot + 1})`;
/** Slots 5 and 6 reach 3:1 as lines, not 4.5:1 as text: on light paper they are named in ink. */
export const labelColour = (slot: Slot): string => `var(--label${slot + 1}, var(--c${slot + 1}))`;

export function Key({ slot }: { readonly slot: Slot | null }) {
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

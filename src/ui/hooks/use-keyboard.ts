// Commands of the page by key: a single letter never while a field has focus, nothing under an open dialog. With Ctrl
// (⌘ on a Mac) a command works in fields too, but for what the field does itself.
import { useEffect, useRef } from 'react';

/** Commands by `event.key`, a space is ' '; `Control+k`, `Control+Shift+z` with Ctrl or ⌘. */
export type Keys = Readonly<Record<string, () => void>>;

const FIELDS = 'input, select, textarea, [contenteditable]';
/** Fields with text of their own to undo. */
const OWN_UNDO = 'textarea, [contenteditable], input[type="search"], input[data-typed]';
const PRESSED_BY_SPACE = 'button, a, summary, [role="button"]';

/** The command's name for a key press; null where the press belongs to somebody else. */
export function commandOf(event: KeyboardEvent): string | null {
  const target = event.target instanceof Element ? event.target : null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.defaultPrevented || event.repeat || event.altKey) return null;
  if (event.ctrlKey || event.metaKey) {
    if ((key === 'z' || key === 'y') && target?.closest(OWN_UNDO)) return null;
    return event.shiftKey ? `Control+Shift+${key}` : `Control+${key}`;
  }
  if (target?.closest(FIELDS)) return null;
  if (key === ' ' && target?.closest(PRESSED_BY_SPACE)) return null;
  return key;
}

export function useKeyboard(keys: Keys): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (document.querySelector('dialog[open], [data-loading="dialog"]')) return;
      const name = commandOf(event);
      const command = name === null ? undefined : current.current[name];
      if (!command) return;
      event.preventDefault();
      command();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

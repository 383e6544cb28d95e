// Single-key commands of the page: never while a field has focus, never with a modifier, never under an open dialog.
import { useEffect, useRef } from 'react';

/** Commands by `event.key`; a space is ' '. */
export type Keys = Readonly<Record<string, () => void>>;

const FIELDS = 'input, select, textarea, [contenteditable]';
const PRESSED_BY_SPACE = 'button, a, summary, [role="button"]';

export function useKeyboard(keys: Keys): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest(FIELDS) || document.querySelector('dialog[open]')) return;
      if (event.key === ' ' && target?.closest(PRESSED_BY_SPACE)) return;
      const command = current.current[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!command) return;
      event.preventDefault();
      command();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

// The address bar as the session sees it: a fragment to read, to replace and to watch.

export interface AddressBar {
  /** `#…`, or nothing. */
  read(): string;
  /** Replaces the fragment without adding to the history; bursts are gathered, since browsers limit the rate. */
  write(fragment: string): void;
  /** The user changed the fragment, or went back. */
  listen(onChange: () => void): void;
  /** Address of the page with another fragment. */
  withFragment(fragment: string): string;
}

/** Browsers allow some 200 replacements in 30 s. */
const INTERVAL_MS = 200;

/** The window's own address bar. */
export function createAddressBar(): AddressBar {
  let waiting: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    if (waiting === null) return;
    history.replaceState(history.state, '', `#${waiting}`);
    waiting = null;
    timer = setTimeout(flush, INTERVAL_MS);
  };
  return {
    read: () => location.hash,
    write(fragment) {
      waiting = fragment;
      if (timer === undefined) flush();
    },
    listen(onChange) {
      addEventListener('hashchange', () => {
        waiting = null;
        onChange();
      });
    },
    withFragment: (fragment) => `${location.href.split('#')[0]}#${fragment}`,
  };
}

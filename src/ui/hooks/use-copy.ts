// Copies an address and says whether it worked, in a word that goes away by itself.
import { useEffect, useState } from 'react';

const SHOWN_MS = 2000;

/** The word of the last copy, or null; and a way to copy. `make` may read first; null: there is nothing to copy. */
export function useCopy(): readonly [
  string | null,
  (make: () => string | null | Promise<string | null>) => void,
] {
  const [word, setWord] = useState<string | null>(null);
  useEffect(() => {
    if (word === null) return;
    const timer = setTimeout(() => setWord(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [word]);
  async function copy(make: () => string | null | Promise<string | null>): Promise<void> {
    try {
      const text = await make();
      if (text === null) setWord('Nothing to copy');
      else {
        await navigator.clipboard.writeText(text);
        setWord('Copied');
      }
    } catch {
      setWord('The browser refused');
    }
  }
  return [word, (make) => void copy(make)];
}

// The session of this page: the store, the actions on it, and `globalThis.lab`.
import { assemble } from './assemble.ts';
import { createConsole } from './console.ts';
import type { Session } from './state.ts';
import { browserSurroundings, type Surroundings } from './surroundings.ts';

/** Opens the session; the engine follows after the first paint. Options replace parts of the browser. */
export function createSession(options: Partial<Surroundings> = {}): Session {
  const assembled = assemble({ ...browserSurroundings(), ...options });
  globalThis.lab = createConsole(assembled);
  return assembled.session;
}

// The session in reach of every part, read through narrow selectors so that a part renders only when its piece changes.
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Actions, LabState, Session } from '../../session/state.ts';

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('SessionContext is missing above this part.');
  return session;
}

/** A piece of the state. The selector must give the same object while nothing it reads has changed. */
export function useLab<T>(select: (state: LabState) => T): T {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, () => select(session.get()));
}

export function useActions(): Actions {
  return useSession().actions;
}

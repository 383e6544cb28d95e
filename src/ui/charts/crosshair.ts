// One crosshair through all charts, outside React state: moving it redraws lines and numbers, never a curve.
import { createContext, useContext, useSyncExternalStore } from 'react';

export interface Crosshair {
  /** In units of the x axis; null: nobody points. */
  readonly get: () => number | null;
  readonly set: (x: number | null) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createCrosshair(): Crosshair {
  const listeners = new Set<() => void>();
  let current: number | null = null;
  return {
    get: () => current,
    set(x) {
      if (x === current) return;
      current = x;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const CrosshairContext = createContext<Crosshair>(createCrosshair());

export function useCrosshair(): readonly [number | null, (x: number | null) => void] {
  const crosshair = useContext(CrosshairContext);
  return [useSyncExternalStore(crosshair.subscribe, crosshair.get), crosshair.set];
}

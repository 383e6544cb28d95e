// One crosshair through all charts, outside React state: moving it redraws lines and numbers, never a curve.
import { createContext, useContext, useSyncExternalStore } from 'react';

export interface Pointed {
  /** In units of the x axis. */
  readonly x: number;
  /** The chart that somebody points at, by its title. */
  readonly chart: string;
}

export interface Crosshair {
  /** Null: nobody points. */
  readonly get: () => Pointed | null;
  readonly set: (pointed: Pointed | null) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createCrosshair(): Crosshair {
  const listeners = new Set<() => void>();
  let current: Pointed | null = null;
  return {
    get: () => current,
    set(pointed) {
      if (pointed?.x === current?.x && pointed?.chart === current?.chart) return;
      current = pointed;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const CrosshairContext = createContext<Crosshair>(createCrosshair());

export function useCrosshair(): readonly [Pointed | null, Crosshair['set']] {
  const crosshair = useContext(CrosshairContext);
  return [useSyncExternalStore(crosshair.subscribe, crosshair.get), crosshair.set];
}

// What a run reports beside its metrics, kept for the console and for exports: initial weights, traced steps.
import type { Event as EngineEvent, TraceLine } from '../experiment/protocol.ts';

export interface Aside {
  on(event: EngineEvent): void;
  /** Weights before the first step: of the newest run of this page view only, since they are large. */
  initial(key: string): Uint8Array<ArrayBuffer> | null;
  trace(key: string): readonly TraceLine[];
}

export function createAside(): Aside {
  let newest: { key: string; weights: Uint8Array<ArrayBuffer> } | null = null;
  const traces = new Map<string, TraceLine[]>();
  return {
    on(event) {
      if (event.kind === 'initial') newest = { key: event.runId, weights: event.weights };
      if (event.kind === 'trace')
        traces.set(event.runId, [...(traces.get(event.runId) ?? []), ...event.lines]);
    },
    initial: (key) => (newest?.key === key ? newest.weights : null),
    trace: (key) => traces.get(key) ?? [],
  };
}

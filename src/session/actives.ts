// The runs that train now, in the order of their start: what the store says of them changes here alone.
import type { MetricLog } from '../core/metrics.ts';
import type { Live, Pace } from './live.ts';
import type { Writing } from './run-writer.ts';
import type { Store } from './store.ts';

export interface Active {
  readonly key: string;
  readonly release: () => void;
  readonly sleep: () => void;
  readonly pace: Pace;
  readonly log: MetricLog;
  readonly writing: Writing;
  live: Live;
  stopTimer: ReturnType<typeof setTimeout> | undefined;
}

export interface Actives {
  add(active: Active): void;
  get(key: string): Active | undefined;
  all(): readonly Active[];
  size(): number;
  /** Where a run is now. */
  move(active: Active, live: Live): void;
  remove(key: string): void;
}

export function createActives(store: Store): Actives {
  const actives = new Map<string, Active>();

  function publish(): void {
    const all = [...actives.values()];
    const training = Object.fromEntries(all.map(({ key, live }) => [key, live]));
    const [lead] = all;
    const ended = lead ? {} : { stopping: false };
    store.setState({ training, active: lead?.key ?? null, live: lead?.live ?? null, ...ended });
  }

  return {
    add(active) {
      actives.set(active.key, active);
      publish();
    },
    get: (key) => actives.get(key),
    all: () => [...actives.values()],
    size: () => actives.size,
    move(active, live) {
      active.live = live;
      publish();
    },
    remove(key) {
      actives.delete(key);
      publish();
    },
  };
}

// The metric logs, beside the store: columns in memory for runs that are looked at, read from storage when asked for.
import { createMetricLog, type MetricLog } from '../core/metrics.ts';
import type { Keeping, Store } from './store.ts';

export interface Series {
  /** Null while it is being read; `seriesVersion` changes when it is there. */
  log(key: string): MetricLog | null;
  /** The log, read from storage when it is not in memory. */
  read(key: string): Promise<MetricLog>;
  /** As `read`, but what had to be fetched is not kept in memory. */
  once(key: string): Promise<MetricLog>;
  /** The log of a run that begins now: empty. */
  begin(key: string): MetricLog;
  /** The log grew: said to the page at most once a frame. */
  grew(key: string): void;
  /** Another tab wrote the run: reads again what is in memory here. */
  reread(key: string): void;
  forget(key: string): void;
}

export function createSeries(store: Store, keeping: Keeping, nextFrame: (work: () => void) => void): Series {
  const logs = new Map<string, MetricLog>();
  const reading = new Map<string, Promise<MetricLog>>();
  const grown = new Set<string>();

  function grew(key: string): void {
    if (grown.size === 0) nextFrame(publish);
    grown.add(key);
  }

  function publish(): void {
    const { seriesVersion } = store.getState();
    const next: Record<string, number> = { ...seriesVersion };
    for (const key of grown) next[key] = (next[key] ?? 0) + 1;
    grown.clear();
    store.setState({ seriesVersion: next });
  }

  async function fetchLog(key: string): Promise<MetricLog> {
    const log = createMetricLog();
    await keeping.settled();
    for (const chunk of await (await keeping.opened).series(key)) log.append(chunk);
    return log;
  }

  function read(key: string): Promise<MetricLog> {
    const known = logs.get(key);
    if (known) return Promise.resolve(known);
    const underway = reading.get(key);
    if (underway) return underway;
    const promise = fetchLog(key)
      .then((log) => {
        // A run that began in the meantime has its own.
        const newer = logs.get(key);
        if (newer) return newer;
        logs.set(key, log);
        grew(key);
        return log;
      })
      .finally(() => reading.delete(key));
    reading.set(key, promise);
    return promise;
  }

  return {
    log(key) {
      const known = logs.get(key);
      if (known) return known;
      if (store.getState().runs.some((run) => run.key === key))
        read(key).catch(() => logs.set(key, createMetricLog()));
      return null;
    },
    read,
    once: async (key) => logs.get(key) ?? fetchLog(key),
    begin(key) {
      const log = createMetricLog();
      logs.set(key, log);
      grew(key);
      return log;
    },
    grew,
    reread(key) {
      if (!logs.has(key)) return;
      fetchLog(key).then(
        (log) => {
          if (key in store.getState().training) return;
          logs.set(key, log);
          grew(key);
        },
        () => {}, // What is in memory stays.
      );
    },
    forget(key) {
      logs.delete(key);
      const { [key]: _, ...rest } = store.getState().seriesVersion;
      store.setState({ seriesVersion: rest });
    },
  };
}

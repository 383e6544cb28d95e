// Measurements of runs that ended: kept in storage once made, since a study reads hundreds of them.
import type { Measurement } from '../core/measurement.ts';
import { measure } from '../experiment/measure.ts';
import { isUnderway } from '../experiment/run.ts';
import type { RunList } from './run-list.ts';
import type { Series } from './series.ts';
import type { Keeping, Store } from './store.ts';

export interface Measurements {
  /** The measurement of a run as far as it is, also put into the state; null where there is no such run. */
  of(runKey: string): Promise<Measurement | null>;
}

export function createMeasurements(
  store: Store,
  { keeping, runs, series }: { readonly keeping: Keeping; readonly runs: RunList; readonly series: Series },
): Measurements {
  const reading = new Map<string, Promise<Measurement | null>>();

  async function make(runKey: string): Promise<Measurement | null> {
    const storage = await keeping.opened;
    const run = runs.find(runKey);
    if (!run) return null;
    const stored = await storage.measurement(runKey).catch(() => null);
    // A run that went on since has more steps.
    if (stored && stored.steps === run.step && stored.outcome === run.state) return stored;
    const made = measure(run, await series.once(runKey));
    if (!isUnderway(run)) void keeping.write((kept) => kept.saveMeasurement(made));
    return made;
  }

  return {
    of(runKey) {
      const known = reading.get(runKey);
      if (known) return known;
      const made = make(runKey)
        .then((measurement) => {
          const { measured } = store.getState();
          if (measurement && measured[runKey] !== measurement)
            store.setState({ measured: { ...measured, [runKey]: measurement } });
          return measurement;
        })
        .finally(() => reading.delete(runKey));
      reading.set(runKey, made);
      return made;
    },
  };
}

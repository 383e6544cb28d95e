// What is to be seen inside the networks of runs: sent while they train, or made of stored weights when asked.
import type { DatasetCard } from '../core/dataset.ts';
import { type Failure, LabError, toFailure } from '../core/failure.ts';
import type { Config } from '../experiment/config.ts';
import type { Command, Event as EngineEvent } from '../experiment/protocol.ts';
import type { SightKind, SightWish } from '../experiment/sight.ts';
import type { RunList } from './run-list.ts';
import type { RunWriter } from './run-writer.ts';
import type { RunSights, SightState } from './state.ts';
import type { StoredCheckpoint } from './storage.ts';
import type { Keeping, Store } from './store.ts';

export interface Sights {
  on(event: Extract<EngineEvent, { kind: 'inspected' }>): void;
  onFailed(of: { readonly runId: string; readonly sight: SightKind }, failure: Failure): void;
  /** The engine is gone and answers nothing any more. */
  onGone(): void;
  /** Asks for what is to be seen of a run's newest weights. */
  look(key: string, wish: SightWish): Promise<void>;
}

interface Around {
  readonly runs: RunList;
  readonly writer: RunWriter;
  readonly keeping: Keeping;
  readonly post: (command: Command) => void;
  readonly ensureData: (dataset: Config['data']) => Promise<DatasetCard>;
}

/** Runs whose sights are kept, newest last: pictures are large for a state. */
const KEPT = 8;

const nothing: SightState = { isAsked: false, seen: null, failure: null };

export function createSights(store: Store, { runs, writer, keeping, post, ensureData }: Around): Sights {
  const stateOf = (key: string, kind: SightKind): SightState =>
    store.getState().sights[key]?.[kind] ?? nothing;
  const put = (key: string, kind: SightKind, changes: Partial<SightState>): void => {
    const { [key]: own, ...others } = store.getState().sights;
    const sights = { ...own, [kind]: { ...stateOf(key, kind), ...changes } };
    const newest = [...Object.entries(others), [key, sights] as const].slice(-KEPT);
    store.setState({ sights: Object.fromEntries(newest) });
  };

  async function weightsOf(key: string): Promise<StoredCheckpoint> {
    await keeping.settled();
    const newest = writer.unstored(key) ?? (await (await keeping.opened).checkpoint(key));
    if (!newest) throw new LabError('checkpoint-incompatible', 'No checkpoint of this run is stored.');
    return newest;
  }

  return {
    on: ({ runId, step, sight }) =>
      put(runId, sight.kind, { isAsked: false, seen: { step, sight }, failure: null }),
    onFailed: ({ runId, sight }, failure) => put(runId, sight, { isAsked: false, failure }),
    onGone() {
      const unasked = (sights: RunSights): RunSights =>
        Object.fromEntries(
          Object.entries(sights).map(([kind, state]) => [kind, { ...state, isAsked: false }]),
        );
      const known = Object.entries(store.getState().sights).map(([key, sights]) => [key, unasked(sights)]);
      store.setState({ sights: Object.fromEntries(known) });
    },
    async look(key, wish) {
      const run = runs.find(key);
      if (!run || stateOf(key, wish.kind).isAsked) return;
      put(key, wish.kind, { isAsked: true, failure: null });
      try {
        await ensureData(run.config.data);
        const { step, bytes } = await weightsOf(key);
        const { config, parent } = run;
        const forked = parent ? { parent: { id: parent.id, step: parent.step } } : {};
        post({ kind: 'inspect', runId: key, config, wish, step, from: bytes, ...forked });
      } catch (error) {
        put(key, wish.kind, { isAsked: false, failure: toFailure(error) });
      }
    },
  };
}

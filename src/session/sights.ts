// What is to be seen inside the networks of runs: sent while they train, or made of stored weights when asked.
import type { DatasetCard } from '../core/dataset.ts';
import { type Failure, LabError, toFailure } from '../core/failure.ts';
import type { Config } from '../experiment/config.ts';
import type { CheckpointBytes, Command, Event as EngineEvent } from '../experiment/protocol.ts';
import type { RunList } from './run-list.ts';
import type { RunWriter } from './run-writer.ts';
import type { SightState } from './state.ts';
import type { Keeping, Store } from './store.ts';

export interface Sights {
  on(event: Extract<EngineEvent, { kind: 'inspected' }>): void;
  onFailed(key: string, failure: Failure): void;
  /** The engine is gone and answers nothing any more. */
  onGone(): void;
  /** Asks for what is to be seen of a run's newest weights. */
  look(key: string): Promise<void>;
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

export function createSights(store: Store, { runs, writer, keeping, post, ensureData }: Around): Sights {
  const put = (key: string, state: SightState): void => {
    const { [key]: _, ...others } = store.getState().sights;
    const newest = [...Object.entries(others), [key, state] as const].slice(-KEPT);
    store.setState({ sights: Object.fromEntries(newest) });
  };

  async function weightsOf(key: string): Promise<CheckpointBytes> {
    await keeping.settled();
    const newest = writer.unstored(key) ?? (await (await keeping.opened).checkpoint(key));
    if (!newest) throw new LabError('checkpoint-incompatible', 'No checkpoint of this run is stored.');
    return newest.bytes;
  }

  return {
    on: ({ runId, step, sight }) => put(runId, { status: 'seen', step, sight }),
    onFailed: (key, failure) => put(key, { status: 'failed', failure }),
    onGone() {
      const known = Object.entries(store.getState().sights).filter(([, { status }]) => status !== 'asked');
      store.setState({ sights: Object.fromEntries(known) });
    },
    async look(key) {
      const run = runs.find(key);
      if (!run || store.getState().sights[key]?.status === 'asked') return;
      put(key, { status: 'asked' });
      try {
        await ensureData(run.config.data);
        post({ kind: 'inspect', runId: key, config: run.config, from: await weightsOf(key) });
      } catch (error) {
        put(key, { status: 'failed', failure: toFailure(error) });
      }
    },
  };
}

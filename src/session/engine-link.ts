// The engine's life as the page sees it: opened once after first paint, measured, replaced when it breaks.
import { type Failure, toError } from '../core/failure.ts';
import type { DeviceSpeed } from '../experiment/plan.ts';
import type {
  BackendChoice,
  Command,
  DeviceInfo,
  Event as EngineEvent,
  RunnerChoice,
} from '../experiment/protocol.ts';
import type { EnginePort } from './engine-port.ts';
import { type Store, until } from './store.ts';

export interface EngineLink {
  /** Starts the engine unless it is there. */
  open(): void;
  /** The device once the engine is ready; rejects when it cannot be opened. */
  ready(): Promise<DeviceInfo>;
  post(command: Command): void;
  /** Terminates the engine, whatever it does, and starts a fresh one. */
  replace(): void;
  setBackend(backend: BackendChoice, runner?: RunnerChoice): void;
  /** The runner that was asked for. */
  runner(): RunnerChoice;
  onReady(device: DeviceInfo): void;
  onMeasured(speed: DeviceSpeed): void;
  /** A failure that belongs to no run and no dataset. */
  onFailed(failure: Failure): void;
  close(): void;
}

interface Links {
  readonly makePort: () => EnginePort;
  readonly now: () => number;
  readonly onEvent: (event: EngineEvent) => void;
  /** The engine is gone with all it held; a fresh one follows unless it broke too often. */
  readonly onGone: (failure: Failure | null) => void;
  /** A fresh engine can be talked to. */
  readonly onOpened: () => void;
}

/** So many breakdowns within a minute and the engine is not started again by itself. */
const MAX_BREAKDOWNS = 3;
const BREAKDOWN_WINDOW_MS = 60_000;

export function createEngineLink(
  store: Store,
  { makePort, now, onEvent, onGone, onOpened }: Links,
): EngineLink {
  let port: EnginePort | null = null;
  let breakdowns: number[] = [];
  let reopenLater = false;
  /** Openings that the engine has not answered; only the last answer counts. */
  let opening = 0;
  let measuring = false;
  let runner: RunnerChoice = 'auto';

  const fail = (failure: Failure): void => store.setState({ engine: { status: 'failed', failure } });

  function open(): void {
    if (port) return;
    store.setState({ engine: { status: 'starting' } });
    const fresh = makePort();
    port = fresh;
    fresh.listen(
      (event) => {
        if (port === fresh) onEvent(event);
      },
      (failure) => {
        if (port === fresh) broken(failure);
      },
    );
    opening = 1;
    measuring = false;
    fresh.post({ kind: 'open', backend: store.getState().backend, runner });
    onOpened();
  }

  function drop(): void {
    port?.terminate();
    port = null;
  }

  function broken(failure: Failure): void {
    drop();
    const time = now();
    breakdowns = [...breakdowns.filter((earlier) => time - earlier < BREAKDOWN_WINDOW_MS), time];
    // What went wrong is said before a fresh engine clears it.
    fail(failure);
    onGone(failure);
    if (breakdowns.length < MAX_BREAKDOWNS) open();
  }

  function reopen(): void {
    reopenLater = false;
    if (!port) {
      open();
      return;
    }
    store.setState({ engine: { status: 'starting' }, speed: null });
    opening++;
    port.post({ kind: 'open', backend: store.getState().backend, runner });
  }

  /** True where a newer opening is still to be answered. */
  function isOutdated(): boolean {
    opening = Math.max(0, opening - 1);
    return opening > 0;
  }

  store.subscribe((state, before) => {
    if (reopenLater && state.active === null && before.active !== null) reopen();
  });

  return {
    open,
    async ready() {
      open();
      return until(store, ({ engine }) => {
        if (engine.status === 'failed') throw toError(engine.failure);
        return engine.status === 'ready' ? engine.device : undefined;
      });
    },
    post(command) {
      open();
      port?.post(command);
    },
    replace() {
      drop();
      onGone(null);
      open();
    },
    setBackend(backend, asked = 'auto') {
      runner = asked;
      store.setState({ backend });
      if (store.getState().engine.status === 'failed') {
        // Asked for by a person: a fresh worker, and the count starts again.
        breakdowns = [];
        const was = port;
        drop();
        if (was) onGone(null);
        open();
      } else if (store.getState().active !== null) reopenLater = true;
      else reopen();
    },
    runner: () => runner,
    onReady(device) {
      if (isOutdated()) return;
      store.setState({ engine: { status: 'ready', device } });
      if (store.getState().speed !== null || measuring) return;
      measuring = true;
      port?.post({ kind: 'measure' });
    },
    onMeasured(speed) {
      measuring = false;
      store.setState({ speed });
    },
    onFailed(failure) {
      if (store.getState().engine.status === 'starting') {
        if (!isOutdated()) fail(failure);
      } else if (measuring)
        measuring = false; // Without a measurement there is no estimate, nothing worse.
      else broken(failure);
    },
    close: drop,
  };
}

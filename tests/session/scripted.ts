// A session in Node: a scripted engine, memory in place of the browser's storage, an address nobody sees.

import { datasets } from '../../src/catalog/datasets/index.ts';
import type { DatasetCard } from '../../src/core/dataset.ts';
import type { Failure } from '../../src/core/failure.ts';
import { columnOf } from '../../src/core/metrics.ts';
import type { Config } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';
import type { BlobLike, Command, DeviceInfo, Event as EngineEvent } from '../../src/experiment/protocol.ts';
import type { AddressBar } from '../../src/session/address-bar.ts';
import { type Assembled, assemble } from '../../src/session/assemble.ts';
import type { EnginePort } from '../../src/session/engine-port.ts';
import { createMemoryStorage } from '../../src/session/memory-storage.ts';
import type { Notifier } from '../../src/session/notifying.ts';
import { createPageLocks, type RunLocks } from '../../src/session/run-locks.ts';
import type { LabStorage } from '../../src/session/storage.ts';
import type { Tabs } from '../../src/session/surroundings.ts';

export const device: DeviceInfo = {
  backend: 'cpu',
  runner: 'tfjs',
  threads: 1,
  adapter: '',
  fallbackAdapter: false,
};

export const cardOf = (id: Config['data'], origin: DatasetCard['origin'] = 'built-in'): DatasetCard => ({
  id,
  order: 'official',
  sha256: `${id === 'cifar-10' ? 'c' : 'f'}`.repeat(64),
  shape: datasets[id].shape,
  classes: datasets[id].classes,
  train: 1000,
  test: 100,
  bytes: 1,
  normalisation: { mean: datasets[id].mean, std: datasets[id].std },
  counts: datasets[id].classes.map(() => 100),
  origin,
  samples: new Uint8Array(0),
});

export const blobOf = (text: string): BlobLike => new Blob([text]);

type RunCommand = Extract<Command, { kind: 'start' }>;

/** What the page said to its engines, and a way to answer as the newest of them. */
export interface ScriptedEngine {
  readonly port: () => EnginePort;
  readonly commands: Command[];
  /** Engines made so far, and those terminated. */
  readonly count: () => { readonly made: number; readonly terminated: number };
  say(event: EngineEvent): void;
  break(failure?: Failure): void;
  /** The newest start command. */
  started(): RunCommand;
}

export interface EngineHabits {
  /** Answers `open` by itself. */
  readonly opens?: boolean;
  /** Answers `load` by itself, from here, the cache or files. */
  readonly loads?: boolean;
  /** Trains by itself what this gives an end to: to its last step, or failing half-way; null: it goes on until `stop`. */
  readonly trains?: (start: RunCommand) => 'finished' | 'diverged' | Failure | null;
}

/** Half-way there: started, measured, with a checkpoint. */
function halfWay({ runId, config }: RunCommand, say: (event: EngineEvent) => void): number {
  const totalSteps = plan(config).steps ?? 10;
  const step = Math.max(1, Math.floor(totalSteps / 2));
  const measured = columnOf([[step, 0.5]]);
  const chunk = { 'train/loss': measured, 'validation/loss': measured, 'test/loss': measured };
  say({ kind: 'started', runId, step: 0, device, data: cardOf(config.data) });
  say({ kind: 'metrics', runId, chunk, step, totalSteps });
  say({ kind: 'checkpoint', runId, step, seconds: 1, bytes: [blobOf(`at ${step}`)] });
  return totalSteps;
}

function train(start: RunCommand, say: (event: EngineEvent) => void, trains: EngineHabits['trains']): void {
  const { runId } = start;
  const end = trains?.(start) ?? null;
  const step = halfWay(start, say);
  if (end === null) return;
  if (typeof end === 'object') say({ kind: 'failed', runId, failure: end });
  else say({ kind: 'ended', runId, outcome: end, step, seconds: 2 });
}

export function scriptedEngine({ opens = true, loads = true, trains }: EngineHabits = {}): ScriptedEngine {
  const commands: Command[] = [];
  let listeners: { onEvent: (event: EngineEvent) => void; onBroken: (failure: Failure) => void } | null =
    null;
  let [made, terminated] = [0, 0];
  const say = (event: EngineEvent): void => listeners?.onEvent(event);
  return {
    port() {
      made++;
      let alive = true;
      return {
        post(command) {
          commands.push(command);
          queueMicrotask(() => {
            if (!alive) return;
            if (opens && command.kind === 'open') say({ kind: 'ready', device });
            if (loads && command.kind === 'load' && command.dataset !== 'recognise') {
              say({ kind: 'loaded', card: cardOf(command.dataset), keep: null });
            }
            if (trains && command.kind === 'start') train(command, say, trains);
            if (trains && command.kind === 'stop')
              say({ kind: 'ended', runId: command.runId, outcome: 'stopped', step: 1, seconds: 1 });
          });
        },
        listen(onEvent, onBroken) {
          listeners = { onEvent, onBroken };
        },
        terminate() {
          alive = false;
          terminated++;
        },
      };
    },
    commands,
    count: () => ({ made, terminated }),
    say,
    break: (failure = { code: 'internal', message: 'broken' }) => listeners?.onBroken(failure),
    started() {
      const start = commands.findLast((command) => command.kind === 'start');
      if (!start) throw new Error('nothing was started');
      return start;
    },
  };
}

/** An address that nobody sees. */
export function plainAddress(start = ''): AddressBar & { go(fragment: string): void } {
  let current = start;
  const listeners: (() => void)[] = [];
  return {
    read: () => current,
    write(fragment) {
      current = `#${fragment}`;
    },
    listen: (onChange) => void listeners.push(onChange),
    withFragment: (fragment) => `http://localhost/#${fragment}`,
    go(fragment) {
      current = fragment;
      for (const listener of listeners) listener();
    },
  };
}

/** Tabs that hear each other. */
export function tabGroup(): () => Tabs {
  const all: ((key: string | null) => void)[][] = [];
  return () => {
    const own: (typeof all)[number] = [];
    all.push(own);
    return {
      changed: (key) => {
        for (const tab of all) if (tab !== own) for (const onChange of tab) onChange(key);
      },
      listen: (onChange) => void own.push(onChange),
    };
  };
}

export interface Scripted extends Assembled {
  readonly engineSide: ScriptedEngine;
  readonly address: ReturnType<typeof plainAddress>;
  /** Lets everything that is under way settle. */
  settle(): Promise<void>;
  /** Presses Train and lets the engine say `started`. */
  trainNow(step?: number): Promise<string>;
  metrics(step: number, loss?: number): void;
  checkpoint(step: number): void;
  ended(outcome: 'finished' | 'stopped' | 'diverged', step: number): void;
  leave(): void;
}

export interface ScriptedOptions extends EngineHabits {
  readonly link?: string;
  readonly storage?: () => Promise<LabStorage>;
  readonly locks?: RunLocks;
  readonly tabs?: Tabs;
  readonly isVisible?: () => boolean;
  readonly notifier?: Notifier;
}

export function scriptedSession(options: ScriptedOptions = {}): Scripted {
  const engineSide = scriptedEngine(options);
  const address = plainAddress(options.link);
  const storage = createMemoryStorage();
  let leave = (): void => {};
  let time = 0;
  const assembled = assemble({
    port: engineSide.port,
    analyse: () => () => {},
    storage: options.storage ?? (async () => storage),
    locks: options.locks ?? createPageLocks(),
    location: address,
    tabs: options.tabs ?? tabGroup()(),
    afterFirstPaint: (work) => queueMicrotask(work),
    nextFrame: (work) => queueMicrotask(work),
    isVisible: options.isVisible ?? (() => true),
    notifier: options.notifier ?? { allow: async () => false, tell() {} },
    keepAwake: () => () => {},
    onLeave: (away) => {
      leave = away;
    },
    now: () => (time += 250),
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 100; turn++) await Promise.resolve();
    await assembled.keeping.settled();
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  const active = (): string => assembled.store.getState().active ?? '';
  return {
    ...assembled,
    engineSide,
    address,
    settle,
    async trainNow(step = 0) {
      await assembled.session.actions.train();
      const { runId, config } = engineSide.started();
      engineSide.say({ kind: 'started', runId, step, device, data: cardOf(config.data) });
      return runId;
    },
    metrics(step, loss = 1 / step) {
      const chunk = { 'train/loss': columnOf([[step, loss]]), 'time/seconds': columnOf([[step, step / 10]]) };
      engineSide.say({ kind: 'metrics', runId: active(), chunk, step, totalSteps: 70 });
    },
    checkpoint(step) {
      engineSide.say({
        kind: 'checkpoint',
        runId: active(),
        step,
        seconds: step / 10,
        bytes: [blobOf(`at ${step}`)],
      });
    },
    ended(outcome, step) {
      engineSide.say({ kind: 'ended', runId: active(), outcome, step, seconds: step / 10 });
    },
    leave: () => leave(),
  };
}

// The runs that train, one or several side by side: started under their locks, fed by the engine's events, written
// checkpoint by checkpoint. Several start, stop and come back from a lost device together; each ends by itself.
import { datasets } from '../catalog/datasets/index.ts';
import type { DatasetCard } from '../core/dataset.ts';
import { type Failure, LabError, toFailure } from '../core/failure.ts';
import { type Chunk, last } from '../core/metrics.ts';
import type { Config } from '../experiment/config.ts';
import { plan } from '../experiment/plan.ts';
import type {
  Command,
  DeviceInfo,
  Event as EngineEvent,
  Start,
  TuningOptions,
} from '../experiment/protocol.ts';
import { abandon, advance, isResumable, type Run } from '../experiment/run.ts';
import { requireRoom, turnUnitOf } from '../experiment/side-by-side.ts';
import { type Active, createActives } from './actives.ts';
import { createPace, liveState } from './live.ts';
import type { Store } from './store.ts';
import type { Tabs } from './surroundings.ts';
import { type Chosen, type FirstWeights, type Preparing, prepareAll, startOf, type Wish } from './wish.ts';

type RunEvent = Exclude<Extract<EngineEvent, { readonly runId: string }>, { readonly kind: 'inspected' }>;

export interface Training {
  /** Starts a run and gives its key; rejects, having started nothing, with what to tell the user. */
  begin(wish: Wish): Promise<string>;
  /** Starts runs that train side by side and gives their keys; rejects, having started none, with what to tell the user. */
  beginTogether(wishes: readonly Wish[]): Promise<readonly string[]>;
  /** Stops whatever trains, or gives up preparing. */
  stop(): void;
  /** Once no run is active or being prepared, and the last one is written. */
  idle(): Promise<void>;
  on(event: RunEvent): void;
  onFailed(runId: string, failure: Failure): void;
  /** The engine is gone: with a failure, or because it was terminated for not stopping. */
  onGone(failure: Failure | null): void;
}

interface Around extends Preparing {
  readonly now: () => number;
  readonly tabs: Tabs;
  readonly keepAwake: () => () => void;
  readonly engine: {
    ready(): Promise<DeviceInfo>;
    post(command: Command): void;
    replace(): void;
  };
  readonly ensureData: (dataset: Config['data']) => Promise<DatasetCard>;
  readonly tuningOptions: () => Promise<TuningOptions | null>;
  readonly startOf: FirstWeights;
  /** Events that the console wants: traces, initial weights. */
  readonly aside: (event: RunEvent) => void;
}

/** After Stop the engine has this long, or a few steps, to answer. */
const STOP_MS = 2_000;
/** The first step compiles kernels. */
const FIRST_STEP_MS = 10_000;
const STEPS_TO_STOP = 4;
/** A lost device is resumed by itself so many times a run. */
const MAX_RECOVERIES = 3;

type Cards = Map<Config['data'], DatasetCard>;
type AllChosen = readonly Chosen[];

const givenUp = (): LabError => new LabError('cancelled', 'Starting was given up.');

export function createTraining(store: Store, around: Around): Training {
  const { runs, series, writer, engine, tabs, now } = around;
  const actives = createActives(store);
  let preparing: { given: boolean } | null = null;
  /** The end of the run before: its lock falls when it is written. */
  let finishing: Promise<unknown> = Promise.resolve();
  /** One wish at a time looks for its run. */
  let choosing: Promise<unknown> = Promise.resolve();
  const recoveries = new Map<string, number>();
  const waiting = new Set<() => void>();

  function settleIdle(): void {
    if (actives.size() > 0 || preparing) return;
    for (const resolve of waiting) resolve();
    waiting.clear();
  }

  /** A run has ended, however: the page is free of it at once, the lock falls when all is written. */
  function finish(active: Active): void {
    clearTimeout(active.stopTimer);
    active.sleep();
    actives.remove(active.key);
    const written = active.writing.finish().then(() => {
      active.release();
      tabs.changed(active.key);
    });
    const all = Promise.all([finishing, written]);
    finishing = all;
    // A run that goes on by itself after a lost device has begun by then; of several the last to be written tells.
    void all.then(() => queueMicrotask(() => finishing === all && settleIdle()));
  }

  function choose(wishes: readonly Wish[], cards: Cards, token: { given: boolean }): Promise<AllChosen> {
    const chosen = Promise.all([choosing, finishing]).then(async () => {
      const list = (): readonly Run[] => store.getState().runs;
      const prepared = await prepareAll(wishes, cards, around, around.startOf, list);
      if (!token.given) return prepared;
      for (const { release } of prepared) release();
      throw givenUp();
    });
    choosing = chosen.catch(() => {});
    return chosen;
  }

  async function makeReady(wishes: readonly Wish[], token: { given: boolean }): Promise<readonly string[]> {
    // Of own data nothing is known before it is there.
    for (const { config } of wishes) if (datasets[config.data].origin !== 'own') plan(config);
    await engine.ready();
    const cards: Cards = new Map();
    for (const { config } of wishes) {
      if (token.given) throw givenUp();
      cards.set(config.data, cards.get(config.data) ?? (await around.ensureData(config.data)));
      plan(config, cards.get(config.data));
    }
    if (wishes.length > 1)
      requireRoom(wishes.map(({ config }) => ({ config, planned: plan(config, cards.get(config.data)) })));
    if (token.given) throw givenUp();
    const tuning = await around.tuningOptions();
    const chosen = await choose(wishes, cards, token);
    preparing = null;
    const starts = chosen.map((prepared, index) => started(wishes[index] as Wish, prepared, tuning));
    store.setState({ preparing: false, stopping: false });
    const [first] = starts;
    if (starts.length > 1)
      engine.post({ kind: 'start-together', starts, by: turnUnitOf(store.getState().view.x) });
    else if (first) engine.post({ kind: 'start', ...first });
    return starts.map(({ runId }) => runId);
  }

  /** Makes a run one that trains here, and gives what the engine is to be told. */
  function started(wish: Wish, prepared: Chosen, tuning: TuningOptions | null): Start {
    const { run, release, log, first } = prepared;
    runs.put(run);
    const writing = writer.begin(run.key, log, prepared.replaces);
    const { step, totalSteps, seconds } = run;
    const live = liveState({ step, totalSteps, seconds }, 0, run.config['train.seconds']);
    const sleep = around.keepAwake();
    actives.add({
      key: run.key,
      release,
      log,
      writing,
      sleep,
      pace: createPace(),
      live,
      stopTimer: undefined,
    });
    if (!wish.isQuiet) runs.show([run.key]);
    // A fork keeps what it begins from: its parent goes on, or is deleted.
    void (first ? writing.checkpoint(first) : writing.write()).then(() => tabs.changed(run.key));
    return startOf(wish, prepared, tuning);
  }

  async function beginTogether(wishes: readonly Wish[]): Promise<readonly string[]> {
    if (actives.size() > 0 || preparing)
      throw new LabError('cancelled', 'A run trains already: stop it first.');
    const token = { given: false };
    preparing = token;
    store.setState({ preparing: true, startFailure: null });
    try {
      return await makeReady(wishes, token);
    } catch (error) {
      if (preparing === token) {
        preparing = null;
        store.setState({ preparing: false, startFailure: toFailure(error) });
      }
      settleIdle();
      throw error;
    }
  }

  const begin = async (wish: Wish): Promise<string> => (await beginTogether([wish]))[0] as string;

  function stop(): void {
    if (preparing) {
      preparing.given = true;
      preparing = null;
      store.setState({ preparing: false });
      settleIdle();
      return;
    }
    if (actives.size() === 0 || store.getState().stopping) return;
    store.setState({ stopping: true });
    for (const { key } of actives.all()) engine.post({ kind: 'stop', runId: key });
    awaitStop();
  }

  /** Terminates an engine that does not answer Stop; anything it says puts the end off. */
  function awaitStop(): void {
    for (const active of actives.all()) {
      clearTimeout(active.stopTimer);
      const rate = active.pace.stepsPerSecond();
      const wait = rate > 0 ? Math.max(STOP_MS, (1000 * STEPS_TO_STOP) / rate) : FIRST_STEP_MS;
      active.stopTimer = setTimeout(() => {
        if (actives.get(active.key) === active) engine.replace();
      }, wait);
    }
  }

  function onMetrics(active: Active, chunk: Chunk, run: Run): void {
    const { key, log, writing, pace } = active;
    log.append(chunk);
    writing.measured(chunk);
    series.grew(key);
    const { step, totalSteps } = run;
    pace.add(now(), step);
    const seconds = last(log, 'time/seconds') ?? run.seconds;
    const budget = run.config['train.seconds'];
    actives.move(active, liveState({ step, totalSteps, seconds }, pace.stepsPerSecond(), budget));
  }

  function on(event: RunEvent): void {
    const active = actives.get(event.runId);
    const before = runs.find(event.runId);
    if (!active || !before) return;
    const run = advance(before, event);
    if (run !== before) runs.put(run);
    around.aside(event);
    if (store.getState().stopping) awaitStop();
    switch (event.kind) {
      case 'started':
        active.pace.add(now(), event.step);
        return;
      case 'metrics':
        onMetrics(active, event.chunk, run);
        return;
      case 'checkpoint':
        void active.writing
          .checkpoint({ step: event.step, bytes: event.bytes })
          .then(() => tabs.changed(active.key));
        return;
      case 'ended':
        finish(active);
        return;
      case 'trace':
      case 'initial':
        return;
      default:
        event satisfies never;
    }
  }

  function end(active: Active, failure: Failure | null): void {
    const run = runs.find(active.key);
    if (run) runs.put(abandon(run, failure));
    finish(active);
  }

  /** What a lost device ended goes on from its checkpoints, together again. */
  async function recover(keys: readonly string[]): Promise<void> {
    const wishes = keys.flatMap((key): Wish[] => {
      const count = (recoveries.get(key) ?? 0) + 1;
      recoveries.set(key, count);
      const run = runs.find(key);
      const goesOn = count <= MAX_RECOVERIES && run !== undefined && isResumable(run);
      return goesOn ? [{ config: run.config, resume: { key } }] : [];
    });
    if (wishes.length > 0) await beginTogether(wishes).catch(() => {}); // Shown as the start's failure.
  }

  store.subscribe(({ view }, before) => {
    if (view.x !== before.view.x && actives.size() > 1)
      engine.post({ kind: 'turns', by: turnUnitOf(view.x) });
  });

  return {
    begin,
    beginTogether,
    stop,
    async idle() {
      if (actives.size() > 0 || preparing) await new Promise<void>((resolve) => waiting.add(resolve));
      else await finishing;
    },
    on,
    onFailed(runId, failure) {
      const active = actives.get(runId);
      if (!active) return;
      const unwanted = store.getState().stopping;
      const together = actives.all().map(({ key }) => key);
      end(active, failure);
      if (failure.code !== 'device-lost') return;
      engine.replace();
      if (!unwanted) void finishing.then(() => recover(together));
    },
    onGone(failure) {
      for (const active of actives.all()) end(active, failure);
    },
  };
}

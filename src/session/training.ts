// The run that trains: started under its lock, fed by the engine's events, written checkpoint by checkpoint.
import { datasets } from '../catalog/datasets/index.ts';
import type { DatasetCard } from '../core/dataset.ts';
import { type Failure, LabError, toFailure } from '../core/failure.ts';
import { type Chunk, last, type MetricLog } from '../core/metrics.ts';
import type { Config } from '../experiment/config.ts';
import { executionOf } from '../experiment/execution.ts';
import { plan } from '../experiment/plan.ts';
import type { Command, DeviceInfo, Event as EngineEvent, TuningOptions } from '../experiment/protocol.ts';
import { abandon, advance, isResumable, type Run } from '../experiment/run.ts';
import type { Bodies } from './bodies.ts';
import { createPace, liveState, type Pace } from './live.ts';
import type { Writing } from './run-writer.ts';
import type { Store } from './store.ts';
import type { Tabs } from './surroundings.ts';
import { type Preparing, prepare, type Wish } from './wish.ts';

type RunEvent = Exclude<Extract<EngineEvent, { readonly runId: string }>, { readonly kind: 'inspected' }>;

export interface Training {
  /** Starts a run and gives its key; rejects, having started nothing, with what to tell the user. */
  begin(wish: Wish): Promise<string>;
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
  /** The weights that a fresh run starts from, where it is not to draw its own. */
  readonly startOf: Bodies['startOf'];
  /** Events that the console wants: traces, initial weights. */
  readonly aside: (event: RunEvent) => void;
}

interface Active {
  readonly key: string;
  readonly release: () => void;
  readonly sleep: () => void;
  readonly pace: Pace;
  readonly log: MetricLog;
  readonly writing: Writing;
  stopTimer: ReturnType<typeof setTimeout> | undefined;
}

/** After Stop the engine has this long, or a few steps, to answer. */
const STOP_MS = 2_000;
/** The first step compiles kernels. */
const FIRST_STEP_MS = 10_000;
const STEPS_TO_STOP = 4;
/** A lost device is resumed by itself so many times a run. */
const MAX_RECOVERIES = 3;

const givenUp = (): LabError => new LabError('cancelled', 'Starting was given up.');

export function createTraining(store: Store, around: Around): Training {
  const { runs, series, writer, engine, tabs, now } = around;
  let current: Active | null = null;
  let preparing: { given: boolean } | null = null;
  /** The end of the run before: its lock falls when it is written. */
  let finishing: Promise<unknown> = Promise.resolve();
  /** One wish at a time looks for its run. */
  let choosing: Promise<unknown> = Promise.resolve();
  const recoveries = new Map<string, number>();
  const waiting = new Set<() => void>();

  function settleIdle(): void {
    if (current || preparing) return;
    for (const resolve of waiting) resolve();
    waiting.clear();
  }

  /** The active run has ended, however: the page is free at once, the lock falls when all is written. */
  function finish(active: Active): void {
    clearTimeout(active.stopTimer);
    active.sleep();
    current = null;
    store.setState({ active: null, stopping: false, live: null });
    finishing = active.writing.finish().then(() => {
      active.release();
      tabs.changed(active.key);
    });
    // A run that goes on by itself after a lost device has begun by then.
    void finishing.then(() => queueMicrotask(settleIdle));
  }

  function choose({ config, resume, options = {} }: Wish, card: DatasetCard, token: { given: boolean }) {
    const chosen = Promise.all([choosing, finishing]).then(async () => {
      const prepared = await prepare(config, card, resume, around, () => store.getState().runs);
      try {
        const from = options.from ?? prepared.from;
        // What has a checkpoint goes on from that, whatever it started from.
        const init = from ? undefined : await around.startOf(config, plan(config, card), options.init);
        if (token.given) throw givenUp();
        return { ...prepared, from, init };
      } catch (error) {
        prepared.release();
        throw error;
      }
    });
    choosing = chosen.catch(() => {});
    return chosen;
  }

  async function makeReady(wish: Wish, token: { given: boolean }): Promise<string> {
    const { config, options = {}, steps } = wish;
    // Of own data nothing is known before it is there.
    if (datasets[config.data].origin !== 'own') plan(config);
    await engine.ready();
    if (token.given) throw givenUp();
    const card = await around.ensureData(config.data);
    plan(config, card);
    if (token.given) throw givenUp();
    const tuning = await around.tuningOptions();
    const prepared = await choose(wish, card, token);
    const { run, release, log, from, init } = prepared;
    runs.put(run);
    const writing = writer.begin(run.key, log, prepared.replaces);
    current = {
      key: run.key,
      release,
      log,
      writing,
      sleep: around.keepAwake(),
      pace: createPace(),
      stopTimer: undefined,
    };
    preparing = null;
    const { step, totalSteps, seconds } = run;
    const live = liveState({ step, totalSteps, seconds }, 0, config['train.seconds']);
    store.setState({ active: run.key, preparing: false, stopping: false, live });
    if (!wish.isQuiet) runs.show([run.key]);
    // A fork keeps what it begins from: its parent goes on, or is deleted.
    const { first } = prepared;
    void (first ? writing.checkpoint(first) : writing.write()).then(() => tabs.changed(run.key));
    const untilStep = steps === undefined ? options.untilStep : step + steps;
    // A run goes on as it began, so that it ends as if it had never been stopped.
    const began = from && !options.from && run.device ? executionOf(run.device) : undefined;
    engine.post({
      kind: 'start',
      runId: run.key,
      config: run.config,
      options: {
        ...options,
        ...(from ? { from } : {}),
        ...(init ? { init } : {}),
        ...(run.parent ? { parent: { id: run.parent.id, step: run.parent.step } } : {}),
        ...(untilStep === undefined ? {} : { untilStep }),
        ...(began ? { execution: began } : {}),
        ...(tuning ? { tuning } : {}),
      },
    });
    return run.key;
  }

  async function begin(wish: Wish): Promise<string> {
    if (current || preparing) throw new LabError('cancelled', 'A run trains already: stop it first.');
    const token = { given: false };
    preparing = token;
    store.setState({ preparing: true, startFailure: null });
    try {
      return await makeReady(wish, token);
    } catch (error) {
      if (preparing === token) {
        preparing = null;
        store.setState({ preparing: false, startFailure: toFailure(error) });
      }
      settleIdle();
      throw error;
    }
  }

  function stop(): void {
    if (preparing) {
      preparing.given = true;
      preparing = null;
      store.setState({ preparing: false });
      settleIdle();
      return;
    }
    if (!current || store.getState().stopping) return;
    store.setState({ stopping: true });
    engine.post({ kind: 'stop', runId: current.key });
    awaitStop(current);
  }

  /** Terminates an engine that does not answer Stop; anything it says puts the end off. */
  function awaitStop(active: Active): void {
    clearTimeout(active.stopTimer);
    const rate = active.pace.stepsPerSecond();
    const wait = rate > 0 ? Math.max(STOP_MS, (1000 * STEPS_TO_STOP) / rate) : FIRST_STEP_MS;
    active.stopTimer = setTimeout(() => {
      if (current === active) engine.replace();
    }, wait);
  }

  function onMetrics({ key, log, writing, pace }: Active, chunk: Chunk, run: Run): void {
    log.append(chunk);
    writing.measured(chunk);
    series.grew(key);
    const { step, totalSteps } = run;
    pace.add(now(), step);
    const seconds = last(log, 'time/seconds') ?? run.seconds;
    store.setState({
      live: liveState({ step, totalSteps, seconds }, pace.stepsPerSecond(), run.config['train.seconds']),
    });
  }

  function on(event: RunEvent): void {
    const active = current;
    const before = runs.find(event.runId);
    if (!active || event.runId !== active.key || !before) return;
    const run = advance(before, event);
    if (run !== before) runs.put(run);
    around.aside(event);
    if (store.getState().stopping) awaitStop(active);
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

  function end(failure: Failure | null): void {
    const active = current;
    const run = active && runs.find(active.key);
    if (!active || !run) return;
    runs.put(abandon(run, failure));
    finish(active);
  }

  async function recover(key: string): Promise<void> {
    const count = (recoveries.get(key) ?? 0) + 1;
    recoveries.set(key, count);
    const run = runs.find(key);
    if (count > MAX_RECOVERIES || !run || !isResumable(run)) return;
    await begin({ config: run.config, resume: { key } }).catch(() => {}); // Shown as the start's failure.
  }

  return {
    begin,
    stop,
    async idle() {
      if (current || preparing) await new Promise<void>((resolve) => waiting.add(resolve));
      else await finishing;
    },
    on,
    onFailed(runId, failure) {
      if (current?.key !== runId) return;
      const unwanted = store.getState().stopping;
      end(failure);
      if (failure.code !== 'device-lost') return;
      engine.replace();
      if (!unwanted) void finishing.then(() => recover(runId));
    },
    onGone: end,
  };
}

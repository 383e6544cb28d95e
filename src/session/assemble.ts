// Puts the parts of a session together: one store, one engine, and who hears which event.
import type { Failure } from '../core/failure.ts';
import { decode } from '../experiment/address.ts';
import type { Config } from '../experiment/config.ts';
import type { Event as EngineEvent } from '../experiment/protocol.ts';
import { type Aside, createAside } from './aside.ts';
import { createBodies } from './bodies.ts';
import { createDatasets, type Datasets } from './datasets.ts';
import { exportTuning } from './download.ts';
import { createDraft, viewOf } from './draft.ts';
import { createDropActions } from './dropped.ts';
import { createEngineLink, type EngineLink } from './engine-link.ts';
import { createLinkActions } from './link-actions.ts';
import { showLinked } from './linked.ts';
import { createMeasurements, type Measurements } from './measurements.ts';
import { createMemoryStorage } from './memory-storage.ts';
import { createNotifying } from './notifying.ts';
import { createQueue, type Queue } from './queue.ts';
import { createQueueActions } from './queue-actions.ts';
import { restoreSettings } from './restore-settings.ts';
import { createRunActions } from './run-actions.ts';
import { createRunList, type RunList } from './run-list.ts';
import { createRunWriter, type RunWriter } from './run-writer.ts';
import { createSeries, type Series } from './series.ts';
import { createSights, type Sights } from './sights.ts';
import type { Actions, Session } from './state.ts';
import type { LabStorage } from './storage.ts';
import { createKeeping, createLabStore, type Keeping, type Store } from './store.ts';
import { createStoredActions } from './stored-actions.ts';
import type { Surroundings } from './surroundings.ts';
import { createSweeps, type Sweeps } from './sweeps.ts';
import { createTogether } from './together.ts';
import { createTraining, type Training } from './training.ts';
import { createTrialLists, type TrialLists } from './trial-lists.ts';
import { createTuning, type Tuning } from './tuning.ts';

/** The session with its parts: what the console reaches beyond the page's actions. */
export interface Assembled {
  readonly session: Session;
  readonly store: Store;
  readonly keeping: Keeping;
  readonly training: Training;
  readonly engine: EngineLink;
  readonly datasets: Datasets;
  readonly series: Series;
  readonly runs: RunList;
  readonly writer: RunWriter;
  readonly aside: Aside;
  readonly tuning: Tuning;
  readonly queue: Queue;
  readonly sweeps: Sweeps;
  readonly lists: TrialLists;
  readonly measurements: Measurements;
}

function openStorage(store: Store, open: () => Promise<LabStorage>): Promise<LabStorage> {
  return open().catch((error: unknown) => {
    const failure: Failure = {
      code: 'internal',
      message:
        'This browser keeps nothing for this site: runs are lost when the page is closed. Export what you need.',
      detail: String(error),
    };
    store.setState({ storage: { bytes: 0, failure } });
    return createMemoryStorage();
  });
}

export function assemble(surroundings: Surroundings): Assembled {
  const { location, locks, tabs, now, nextFrame, keepAwake, port } = surroundings;
  const store = createLabStore();
  const keeping = createKeeping(store, openStorage(store, surroundings.storage));
  const draft = createDraft(store, location);
  const series = createSeries(store, keeping, nextFrame);
  const runs = createRunList(store, keeping, { locks, tabs, series });
  const writer = createRunWriter(keeping, runs);
  const aside = createAside();
  const tuning = createTuning(store, keeping, surroundings.isVisible);

  const engine: EngineLink = createEngineLink(store, {
    makePort: port,
    now,
    onEvent,
    onGone(failure) {
      datasets.onGone();
      sights.onGone();
      training.onGone(failure);
    },
    onOpened: () => datasets.loadQuietly(store.getState().draft.data),
  });
  const datasets: Datasets = createDatasets(store, keeping, engine.post, (data) => draft.edit({ data }));
  const sights: Sights = createSights(store, {
    runs,
    writer,
    keeping,
    post: engine.post,
    ensureData: datasets.ensure,
  });
  const bodies = createBodies(store, { runs, series, keeping, writer, aside });
  const training: Training = createTraining(store, {
    keeping,
    locks,
    runs,
    series,
    writer,
    engine,
    tabs,
    now,
    keepAwake,
    ensureData: datasets.ensure,
    tuningOptions: tuning.options,
    startOf: bodies.startOf,
    aside: aside.on,
  });

  const sweeps = createSweeps(store, { keeping, tabs });
  const lists = createTrialLists(store, now);
  const measurements = createMeasurements(store, { keeping, runs, series });
  const queue = createQueue(store, {
    keeping,
    locks,
    runs,
    series,
    training,
    sweeps,
    lists,
    measurements,
    ensureData: datasets.ensure,
  });

  function onEvent(event: EngineEvent): void {
    switch (event.kind) {
      case 'ready':
        engine.onReady(event.device);
        return;
      case 'measured':
        engine.onMeasured(event.speed);
        return;
      case 'tuned':
        tuning.on(event.tuning);
        return;
      case 'progress':
      case 'loaded':
      case 'forgotten':
        datasets.on(event);
        return;
      case 'failed':
        if (event.runId !== undefined) training.onFailed(event.runId, event.failure);
        else if (event.dataset !== undefined) datasets.onFailed(event.dataset, event.failure);
        else if (event.inspection !== undefined) sights.onFailed(event.inspection, event.failure);
        else engine.onFailed(event.failure);
        return;
      case 'inspected':
        sights.on(event);
        return;
      case 'started':
      case 'metrics':
      case 'trace':
      case 'initial':
      case 'checkpoint':
      case 'ended':
        training.on(event);
        return;
      default:
        event satisfies never;
    }
  }

  const notifying = createNotifying(store, { keeping, ...surroundings });
  showLinked(store, { runs, series });
  store.subscribe((state, before) => {
    if (state.draft.data !== before.draft.data) datasets.loadQuietly(state.draft.data);
  });
  restoreSettings(store, keeping, viewOf(decode(location.read()).view), engine.setBackend).catch(
    () => {}, // The defaults stand.
  );
  surroundings.afterFirstPaint(engine.open);
  surroundings.onLeave(engine.close, () => {
    engine.replace();
    runs.refresh().catch(() => {});
  });

  const saveSetting = (name: string, value: unknown): void => {
    void keeping.write((storage) => storage.saveSetting(name, value));
  };
  const stopped = async (wanted: boolean): Promise<void> => {
    if (!wanted) return;
    training.stop();
    await training.idle();
  };
  const uses = (dataset: Config['data']): boolean =>
    Object.keys(store.getState().training).some((key) => runs.find(key)?.config.data === dataset);
  const forget = async (dataset: Config['data']): Promise<void> => {
    await stopped(uses(dataset));
    await datasets.forget(dataset);
  };
  const runActions = createRunActions(store, {
    draft,
    training,
    bodies,
    runs,
    series,
    keeping,
    writer,
    aside,
  });
  const actions: Actions = {
    ...createLinkActions(store, { draft, address: location, runs, series }),
    ...createStoredActions(store, { keeping, runs, remove: runActions.remove, forget }),
    setNotify: notifying.set,
    setView(changes) {
      const view = { ...store.getState().view, ...changes };
      store.setState({ view });
      saveSetting('view', view);
    },
    setTheme(theme) {
      store.setState({ theme });
      saveSetting('theme', theme);
    },
    setBackend(backend) {
      engine.setBackend(backend);
      saveSetting('backend', backend);
    },
    setTuning: tuning.set,
    exportTuning: () => exportTuning(store.getState().tuning.known),
    ...runActions,
    ...createTogether(store, { draft, lists, runs, training }),
    ...createQueueActions(store, { queue, sweeps, measurements, link: draft.link }),
    load: datasets.load,
    cancelLoad: datasets.cancel,
    forget,
    ...createDropActions(store, { draft, datasets, bodies, runs, training }),
    dismissFailures() {
      store.setState({ startFailure: null, storage: { ...store.getState().storage, failure: null } });
    },
    look: sights.look,
  };

  const session: Session = {
    get: store.getState,
    subscribe: store.subscribe,
    log: series.log,
    trials: lists.get,
    analyse: surroundings.analyse,
    actions,
  };
  return {
    session,
    queue,
    sweeps,
    lists,
    measurements,
    store,
    keeping,
    training,
    engine,
    datasets,
    series,
    runs,
    writer,
    aside,
    tuning,
  };
}

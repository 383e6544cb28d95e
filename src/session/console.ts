// `globalThis.lab`: the lab's verbs as promises, for DevTools, the command line and the tests of the built page.
import { datasets as catalog } from '../catalog/datasets/index.ts';
import { tasks } from '../catalog/tasks/index.ts';
import type { DatasetCard } from '../core/dataset.ts';
import { LabError } from '../core/failure.ts';
import { type Column, last, type MetricLog } from '../core/metrics.ts';
import { type Config, effective } from '../experiment/config.ts';
import { describe, strictConfig } from '../experiment/describe.ts';
import type {
  BytesLike,
  CardSummary,
  Columns,
  Lab,
  RunSummary,
  TestScores,
  TrainOptions,
  TrainResult,
} from '../experiment/lab-api.ts';
import type {
  BackendChoice,
  BlobLike,
  LoadFrom,
  RunnerChoice,
  StartOptions,
} from '../experiment/protocol.ts';
import { isLinked, type Run } from '../experiment/run.ts';
import type { Assembled } from './assemble.ts';
import { createQueueConsole } from './queue-console.ts';
import { bytesOf, requireRun, weightsOf } from './run-contents.ts';
import { watch } from './watch-rivals.ts';

declare global {
  /** The lab from DevTools and from the command line; made by `createSession`. */
  var lab: Lab;
}

/** Base64 of pieces of this length can be joined as text. */
const PIECE_BYTES = 3 * 2 ** 20;
/** Arguments that one call of `fromCharCode` takes for sure. */
const CHARACTERS = 0x8000;

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHARACTERS)
    text += String.fromCharCode(...bytes.subarray(at, at + CHARACTERS));
  return btoa(text);
}

const asBlob = (bytes: BytesLike): BlobLike => (bytes instanceof Uint8Array ? new Blob([bytes]) : bytes);

async function asBytes(bytes: BytesLike): Promise<Uint8Array<ArrayBuffer>> {
  return bytes instanceof Uint8Array ? bytes : new Uint8Array(await bytes.arrayBuffer());
}

function knownDataset(id: string): Config['data'] {
  if (Object.hasOwn(catalog, id)) return id as Config['data'];
  throw new LabError(
    'config-invalid',
    `${id} is not a dataset of this lab: choose one of ${Object.keys(catalog).join(', ')}.`,
  );
}

/** By the scores that the run's task names, the loss first. */
const testScores = (config: Config, log: MetricLog | null): TestScores =>
  Object.fromEntries(
    (['loss', ...tasks[config.task].scores] as const).map((name) => [name, log && last(log, `test/${name}`)]),
  );

const viewScores = (log: MetricLog): TestScores => ({
  loss: last(log, 'test/tta-loss'),
  accuracy: last(log, 'test/tta-accuracy'),
});

const withoutSamples = ({ samples: _, ...card }: DatasetCard): CardSummary => card;

const summary = ({
  key,
  id,
  name,
  remarks,
  parent,
  state,
  step,
  totalSteps,
  seconds,
  createdAt,
  device,
  data,
  checkpointStep,
  failure,
}: Run): RunSummary => ({
  key,
  runId: id,
  name,
  remarks,
  parent,
  state,
  step,
  totalSteps,
  seconds,
  createdAt,
  device,
  data,
  checkpointStep,
  failure,
});

/** The lab's verbs on a session. */
export function createConsole(assembled: Assembled): Lab {
  const { session, store, keeping, training, engine, datasets, series, runs, writer, aside } = assembled;
  let held: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> } | null = null;
  const sources = { runs, series, keeping, writer, aside };

  async function startOptions(options: TrainOptions): Promise<StartOptions> {
    const { trace, init, resume, untilStep, execution } = options;
    return {
      ...(execution ? { execution } : {}),
      ...(trace ? { trace } : {}),
      ...(untilStep === undefined ? {} : { untilStep }),
      ...(init === undefined ? {} : { init: await asBytes(init) }),
      ...(resume === undefined || resume === true ? {} : { from: [asBlob(resume)] }),
    };
  }

  /** Reports the run's progress until the result is called. */
  function report(onEvent: TrainOptions['onEvent']): () => void {
    if (!onEvent) return () => {};
    return store.subscribe(({ live, active }, before) => {
      if (!live || live === before.live || active === null) return;
      const log = session.log(active);
      const run = requireRun(runs, active);
      onEvent({
        ...live,
        trainLoss: log && last(log, 'train/loss'),
        test: testScores(run.config, log),
      });
    });
  }

  async function result(key: string, pruned: TrainResult['pruned']): Promise<TrainResult> {
    const run = requireRun(runs, key);
    const log = await series.read(key);
    const { state, step, seconds } = run;
    return {
      key,
      runId: run.id,
      outcome: state === 'finished' || state === 'diverged' || state === 'stopped' ? state : 'failed',
      device: run.device,
      steps: step,
      seconds,
      examplesPerSecond: seconds > 0 ? (step * run.config['train.batchSize']) / seconds : 0,
      train: { loss: last(log, 'train/loss') },
      test: testScores(run.config, log),
      ...(run.config['evaluate.tta'] > 0 ? { tta: viewScores(log) } : {}),
      failure: run.failure,
      pruned,
    };
  }

  async function open(backend: BackendChoice, runner: RunnerChoice = 'auto') {
    if (store.getState().active !== null)
      throw new LabError('cancelled', 'A run trains: stop it before changing the backend.');
    const { backend: before, engine: state } = store.getState();
    if (backend !== before || runner !== engine.runner() || state.status === 'failed')
      engine.setBackend(backend, runner);
    return engine.ready();
  }

  return {
    describe: async (link) => describe(strictConfig(link)),

    async train(link, options = {}) {
      const config = strictConfig(link);
      if (options.backend) await open(options.backend, options.runner);
      const start = await startOptions(options);
      const key = await training.begin({
        config,
        resume: options.fork ? { fork: options.fork } : options.resume === true ? 'any' : 'never',
        options: start,
      });
      const stopReports = report(options.onEvent);
      const { rivals } = options;
      const seconds = config['train.seconds'] || null;
      const watched = rivals ? watch(key, rivals, seconds, { store, series, training }) : () => null;
      try {
        await training.idle();
        await keeping.settled();
        return await result(key, watched());
      } finally {
        stopReports();
        watched();
      }
    },

    async stop() {
      training.stop();
      await training.idle();
      await keeping.settled();
    },

    async runs() {
      await runs.refresh();
      return session
        .get()
        .runs.filter((run) => !isLinked(run))
        .map(summary);
    },

    ...createQueueConsole(assembled, open),

    tuning: async () => session.get().tuning,

    async setTuning(isOn) {
      session.actions.setTuning(isOn);
      await keeping.settled();
    },

    export: (key, format) => session.actions.exportRun(key, format),
    open,

    async metrics(key) {
      requireRun(runs, key);
      const log = await series.read(key);
      const plain = ({ steps, values }: Column) => ({ steps: [...steps], values: [...values] });
      return Object.fromEntries(log.names().map((name) => [name, plain(log.column(name))])) satisfies Columns;
    },

    config: async (key) => effective(requireRun(runs, key).config),
    trace: async (key) => aside.trace(key),
    weights: async (key, which) => weightsOf(key, which, sources),

    async bytes(key, which, offset = 0, length = PIECE_BYTES) {
      // Made anew with the first piece, and given up with the last.
      if (offset === 0 || held?.name !== `${key} ${which}`) {
        held = { name: `${key} ${which}`, bytes: await bytesOf(key, which, sources) };
      }
      const { bytes } = held;
      const piece = bytes.subarray(offset, offset + length);
      if (offset + length >= bytes.length) held = null;
      return { total: bytes.length, base64: base64(piece) };
    },

    async load(dataset, from = 'here') {
      const id = knownDataset(dataset);
      if (from !== 'here') {
        const source: LoadFrom = from === 'download' ? { kind: from } : { kind: 'files', files: from };
        datasets.cancel(id);
        datasets.load(id, source);
      }
      return withoutSamples(await datasets.ensure(id));
    },

    async data(dataset) {
      const state = session.get().data[knownDataset(dataset)];
      return state?.status === 'ready' ? withoutSamples(state.card) : null;
    },
  };
}

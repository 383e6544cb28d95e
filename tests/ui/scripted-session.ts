// A session without an engine: made-up runs and states, so that every state of the page can be looked at and tested.
import type { DatasetCard } from '../../src/core/dataset.ts';
import { digestOf } from '../../src/core/digest.ts';
import { toFailure } from '../../src/core/failure.ts';
import { type Chunk, type Column, createMetricLog, type MetricLog } from '../../src/core/metrics.ts';
import { decode, encode } from '../../src/experiment/address.ts';
import { analysing } from '../../src/experiment/analysis.ts';
import {
  type Config,
  makeConfig,
  type Named,
  named,
  runId,
  withSetting,
} from '../../src/experiment/config.ts';
import type { Lesson } from '../../src/experiment/lesson.ts';
import { plan } from '../../src/experiment/plan.ts';
import type { DeviceInfo } from '../../src/experiment/protocol.ts';
import { decodeResult, encodeResult } from '../../src/experiment/result-link.ts';
import {
  createRun,
  groupOf,
  linkedKey,
  type Run,
  type RunState,
  requeue,
  tidyRemarks,
} from '../../src/experiment/run.ts';
import { withColour, withHidden, withShown } from '../../src/session/colour-slots.ts';
import type { LabState, Session, Theme } from '../../src/session/state.ts';
import { scriptedInside, seenAt } from './scripted-inside.ts';
import { scriptedGallery } from './scripted-pictures.ts';
import { isSweepScene, listOf, type SweepScene, withSweep } from './scripted-sweep.ts';

export type Scene =
  | SweepScene
  | 'empty'
  | 'pictures'
  | 'training'
  | 'finished'
  | 'error'
  | 'loading'
  | 'problems'
  | 'own-data'
  | 'no-data'
  | 'starting'
  | 'read-only'
  | 'seeds'
  | 'seven'
  | 'forking'
  | 'guide'
  | 'lesson'
  | 'linked'
  | InsideScene
  | 'reproduced'
  | RunsScene;

/** Scenes of the Inside view: without a run, of one that trains, of one that is over. */
type InsideScene = 'inside-empty' | 'inside-training' | 'inside';

const isInsideScene = (name: Scene): name is InsideScene => name.startsWith('inside');

/** Scenes of the Runs view. */
type RunsScene = 'runs-empty' | 'runs-one' | 'runs-ten' | 'runs-200' | 'runs-compare' | 'runs-error';

const isRunsScene = (name: Scene): name is RunsScene => name.startsWith('runs-');

/** Scenes of a first visit. */
const EMPTY: readonly Scene[] = [
  'empty',
  'loading',
  'starting',
  'guide',
  'own-data',
  'no-data',
  'runs-empty',
  'inside-empty',
  'lesson',
  'linked',
  'reproduced',
];

const device: DeviceInfo = {
  backend: 'webgpu',
  runner: 'compiled',
  threads: 1,
  adapter: 'NVIDIA Ada',
  fallbackAdapter: false,
};

const paper: Named = {
  data: 'cifar-10',
  augment: 'flip-crop',
  'model.width': 512,
  'model.depth': 6,
  optimizer: 'lion',
  'optimizer.learningRate': 5e-5,
  schedule: 'cosine',
  'schedule.warmupSteps': 200,
  'train.batchSize': 512,
  'train.epochs': 100,
  'train.labelSmoothing': 0.3,
};

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

const perEpoch = 97;

/** How good a config is, made up: wider and deeper is better, an odd learning rate worse. */
function worth(config: Config): number {
  const size = Math.log2(config['model.width'] / 512) * 0.02 + Math.log2(config['model.depth'] / 6) * 0.01;
  const rate = Math.abs(Math.log10(config['optimizer.learningRate'] / 5e-5)) * 0.03;
  const seed = (((config.seed * 7919) % 13) - 6) * 0.0008;
  return (
    (config.model === 'isotropic' ? -0.04 : config.model === 'hourglass' ? -0.02 : 0) + size - rate + seed
  );
}

/** One window of sample measurements for steps (from, to]. */
function measured(run: Run, from: number, to: number, stride = 1): Chunk {
  const noise = random(from + run.createdAt);
  const steps: number[] = [];
  const chance = Math.log(10);
  const best = 1.47 - worth(run.config);
  const lossAt = (step: number): number => {
    const sound = best + (chance - best) * (1 + step / 260) ** -0.65;
    return run.state === 'diverged' && step > 1130 ? sound + 4e-6 * (step - 1130) ** 2.3 : sound;
  };
  const accuracyAt = (step: number): number => {
    const sound = 0.1 + (0.55 + worth(run.config)) * (1 - (1 + step / 340) ** -0.96);
    return run.state === 'diverged' && step > 1130 ? Math.max(0.1, sound - (step - 1130) * 0.0016) : sound;
  };
  for (let step = from + stride; step <= to; step += stride) steps.push(step);
  const tests = steps.filter((step) => step % perEpoch === 0);
  const windows = steps.filter((step) => step % 20 === 0);
  const column = (at: readonly number[], value: (step: number) => number): Column => ({
    steps: Float64Array.from(at),
    values: Float64Array.from(at, value),
  });
  const total = run.totalSteps ?? 9700;
  const rate = run.config['optimizer.learningRate'];
  /** Squared errors are small. */
  const share = run.config.task === 'classify' ? 1 : 1 / 60;
  return {
    'train/loss': column(steps, (step) => share * (lossAt(step) + noise() * 0.12)),
    'gradient/norm': column(steps, (step) => (0.75 + 2.2 / (1 + step / 150)) * Math.exp(noise() * 0.3)),
    'optimizer/learning-rate': column(windows, (step) =>
      step < 200
        ? (rate * step) / 200
        : (rate / 2) * (1 + Math.cos((Math.PI * (step - 200)) / (total - 200))),
    ),
    ...(run.config.task === 'classify'
      ? { 'test/accuracy': column(tests, (step) => accuracyAt(step) + noise() * 0.006) }
      : {
          'test/psnr': column(tests, (step) => 14 + 16 * accuracyAt(step) + noise() * 0.1),
          'test/ssim': column(tests, (step) => 0.4 + 0.7 * accuracyAt(step) + noise() * 0.006),
        }),
    'test/loss': column(tests, (step) => share * (lossAt(step) + 0.1)),
    'filters/locality': column(tests, (step) => 0.32 - 0.21 / (1 + step / 800)),
    'speed/examples-per-second': column(windows, () => 23_200 + noise() * 900),
    'time/seconds': column(windows, (step) => step / 45.4),
  };
}

/** Only what is scored, for the digest. */
function scored(run: Run): Chunk {
  const { 'test/accuracy': accuracy, 'test/psnr': psnr } = measured(run, 0, run.step, perEpoch);
  return { ...(accuracy ? { 'test/accuracy': accuracy } : {}), ...(psnr ? { 'test/psnr': psnr } : {}) };
}

/** Many configs, three seeds each; the newest one trains. */
function manyRuns(count: number): readonly Run[] {
  const shapes: readonly Named[] = [
    { 'model.width': 512, 'model.depth': 6 },
    { model: 'isotropic', 'model.width': 1403, 'model.depth': 6 },
    { model: 'hourglass', 'model.width': 3200, 'model.bottleneck': 135, 'model.depth': 5 },
    { 'model.width': 256, 'model.depth': 6 },
    { 'model.width': 128, 'model.depth': 4 },
    { model: 'isotropic', 'model.width': 512, 'model.depth': 6 },
    { 'model.width': 1024, 'model.depth': 2 },
  ];
  const rates = [5e-5, 1e-4, 3e-5, 2e-5, 3e-4, 1e-5, 5e-4, 1e-3, 2e-4, 7e-5];
  return Array.from({ length: count }, (_, index) => {
    const trial = Math.floor(index / 3);
    const shape = shapes[trial % shapes.length] as Named;
    const rate = rates[Math.floor(trial / shapes.length) % rates.length] as number;
    const named = { ...paper, ...shape, 'optimizer.learningRate': rate, seed: index % 3 } as Named;
    const config = makeConfig(named);
    const state: RunState = rate >= 5e-4 ? 'diverged' : index % 11 === 5 ? 'stopped' : 'finished';
    const run = madeRun(
      config,
      state,
      state === 'finished' ? 9700 : state === 'stopped' ? 4100 : 1310,
      index + 2,
    );
    const remarks =
      index === 1
        ? { title: 'Best so far <b>&amp;</b>', isStarred: true, note: 'Seeds agree.', tags: ['baseline'] }
        : run.remarks;
    return { ...run, remarks };
  });
}

function madeRun(config: Config, state: RunState, step: number, age: number): Run {
  const made = createRun({
    key: `${runId(config).slice(0, 12)}-${age}`,
    config,
    planned: plan(config),
    data: null,
    parent: null,
    createdAt: Date.UTC(2026, 0, 5, 12, 40) - age * 600_000,
  });
  const log = createMetricLog();
  const run = { ...made, state, step };
  log.append(scored(run));
  return {
    ...run,
    digest: step > 0 ? digestOf(log) : null,
    seconds: step / 45.4,
    device,
    checkpointStep:
      state === 'stopped' || state === 'failed' || state === 'finished' ? step - (step % 100) : null,
  };
}

function card(id: 'fashion-mnist' | 'cifar-10'): DatasetCard {
  const big = id === 'cifar-10';
  const shape = big ? { channels: 3, height: 32, width: 32 } : { channels: 1, height: 28, width: 28 };
  const { channels, height, width } = shape;
  const samples = new Uint8Array(10 * channels * height * width);
  for (let i = 0; i < samples.length; i++) {
    const image = Math.floor(i / (channels * height * width));
    const x = (i % width) / width - 0.5;
    const y = (Math.floor(i / width) % height) / height - 0.5;
    const plane = Math.floor(i / (width * height)) % channels;
    const inside = Math.abs(x) * (1.4 + (image % 3)) + Math.abs(y) * (1 + (image % 4)) < 0.62;
    samples[i] = inside ? 120 + ((image * 37 + plane * 60) % 130) : big ? 90 + plane * 40 + 40 * y : 10;
  }
  const counts = big ? { train: 50_000, test: 10_000 } : { train: 12_000, test: 2_000 };
  const classes = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
  const bytes = (counts.train + counts.test) * channels * height * width;
  return {
    id,
    order: 'official',
    sha256: 'c4a38c50a1bc',
    shape,
    classes,
    ...counts,
    bytes,
    normalisation: { mean: [0.5], std: [0.25] },
    counts: classes.map(() => counts.train / 10),
    origin: big ? 'cache' : 'built-in',
    samples,
  };
}

/** A file of the user's: small grey pictures of uneven classes, without a split of its own. */
function ownCard(): DatasetCard {
  const { samples, shape } = card('fashion-mnist');
  const classes = ['apple', 'pear', 'quince', 'medlar', 'very long name of a fruit nobody knows'];
  const counts = [412, 398, 120, 61, 9];
  const size = shape.height * shape.width;
  return {
    ...card('fashion-mnist'),
    id: 'custom',
    order: 'file-split',
    classes,
    train: 1000,
    test: 250,
    bytes: 1250 * (size + 1),
    counts,
    origin: 'file',
    samples: samples.slice(0, classes.length * size),
  };
}

function planned(config: Config, facts?: DatasetCard): LabState['planned'] {
  try {
    return { plan: plan(config, facts) };
  } catch (error) {
    return { failure: toFailure(error) };
  }
}

const denoising: Named = {
  task: 'denoise',
  model: 'hourglass',
  'model.width': 850,
  'model.bottleneck': 100,
  'train.epochs': 104,
};

function scene(name: Scene, theme: Theme): LabState {
  const isOwn = name === 'own-data' || name === 'no-data';
  const plain: Named = isOwn ? { data: 'custom', 'train.batchSize': 50 } : {};
  const base = makeConfig(name === 'pictures' ? denoising : EMPTY.includes(name) ? plain : paper);
  const link =
    name === 'problems' ? 'model.widht=512&train.batchSize=0.5&model.expansion=100' : 'model.width=256&v=9';
  const decoded = decode(link);
  const isotropic = makeConfig({ ...paper, model: 'isotropic', 'model.width': 1403 });
  const hourglass = makeConfig({
    ...paper,
    model: 'hourglass',
    'model.width': 3200,
    'model.bottleneck': 135,
    'model.depth': 5,
    'optimizer.learningRate': 1e-3,
  });
  const isOver = name === 'finished' || name === 'inside';
  const first = madeRun(
    isOwn ? makeConfig(paper) : base,
    name === 'error' ? 'failed' : isOver ? 'finished' : 'running',
    isOver ? 9700 : 3880,
    1,
  );
  const lost = {
    code: 'device-lost',
    message: 'The browser reset the GPU, often because another tab took its memory.',
    detail: 'GPUDevice lost: destroyed',
  } as const;
  const withRuns = !EMPTY.includes(name) && name !== 'read-only';
  const many = {
    'runs-one': 1,
    'runs-ten': 10,
    'runs-200': 200,
    'runs-compare': 9,
    'runs-error': 4,
  } as const;
  const runs: readonly Run[] =
    name === 'pictures'
      ? [first]
      : name === 'runs-one'
        ? [madeRun(base, 'finished', 9700, 1)]
        : isRunsScene(name) && name !== 'runs-empty'
          ? [...(name === 'runs-200' ? [first] : []), ...manyRuns(many[name])]
          : name === 'seeds'
            ? manyRuns(9)
            : name === 'seven'
              ? [first, ...manyRuns(21)]
              : withRuns
                ? [
                    name === 'error' ? { ...first, step: 3912, failure: lost } : first,
                    madeRun(isotropic, 'finished', 9700, 2),
                    madeRun(hourglass, 'diverged', 1310, 3),
                    madeRun(
                      makeConfig({ ...paper, 'model.depth': 4, 'optimizer.learningRate': 1e-4 }),
                      'stopped',
                      2400,
                      4,
                    ),
                  ]
                : [];
  const draft =
    name === 'loading'
      ? withSetting(base, { data: 'cifar-10' })
      : name === 'problems' || name === 'read-only'
        ? decoded.config
        : base;
  const training = ['training', 'problems', 'pictures', 'runs-200', 'seven', 'inside-training'].includes(
    name,
  );
  const shownRuns =
    name === 'runs-one' || name === 'runs-ten'
      ? runs.slice(0, 1)
      : name === 'seven'
        ? runs.toReversed()
        : name === 'runs-compare' || name === 'seeds'
          ? runs
          : name === 'runs-200'
            ? [...runs.slice(1, 7), ...runs.slice(13, 16)]
            : runs.slice(0, 3);
  const group = (key: string): string | undefined => {
    const run = runs.find((one) => one.key === key);
    return run && groupOf(run);
  };
  const scene: LabState = {
    page: name === 'guide' ? 'guide' : isRunsScene(name) ? 'runs' : isInsideScene(name) ? 'inside' : 'train',
    draft,
    finding: null,
    subject: null,
    fork: name === 'forking' ? (runs[1]?.key ?? null) : null,
    sweep: null,
    lesson: null,
    result: null,
    history: { past: [], future: [] },
    problems: name === 'problems' || name === 'read-only' ? decoded.problems : [],
    readOnly: name === 'read-only',
    planned: planned(draft, name === 'own-data' ? ownCard() : undefined),
    view: { x: 'step', logX: false, logY: false, smoothing: 0.9, seeds: 'mean', multiplyAdd: 2 },
    theme,
    engine:
      name === 'error'
        ? { status: 'failed', failure: lost }
        : name === 'starting'
          ? { status: 'starting' }
          : { status: 'ready', device },
    backend: 'auto',
    notify: false,
    tuning: { isOn: true, known: [] },
    speed: name === 'starting' ? null : { flopsPerSecond: 2.2e12, secondsPerOperation: 2e-5 },
    data: {
      'fashion-mnist': { status: 'ready', card: card('fashion-mnist') },
      ...(name === 'own-data' ? { custom: { status: 'ready', card: ownCard() } as const } : {}),
      'cifar-10':
        name === 'loading'
          ? {
              status: 'loading',
              phase: 'download',
              file: 'train-00000-of-00001.parquet',
              done: 48_300_000,
              total: 119_705_255,
              startedAt: Date.now() - 9000,
            }
          : withRuns
            ? { status: 'ready', card: card('cifar-10') }
            : { status: 'absent' },
    },
    kept: name === 'own-data' ? ['custom'] : withRuns ? ['cifar-10'] : [],
    drop: null,
    offer: null,
    runs,
    active: training ? (runs[0]?.key ?? null) : null,
    training: {},
    preparing: false,
    startFailure:
      name === 'runs-error'
        ? { code: 'cancelled', message: 'Another tab trains this run: stop it there before deleting it.' }
        : null,
    stopping: false,
    live: training
      ? { step: 3880, totalSteps: 9700, seconds: 85, stepsPerSecond: 45.4, etaSeconds: 128 }
      : null,
    shown: withShown(
      [],
      shownRuns.map(({ key }) => key),
      group,
    ),
    removed: name === 'runs-error' ? manyRuns(6).slice(4) : [],
    sights:
      name === 'pictures'
        ? { [first.key]: { gallery: seenAt(3871, scriptedGallery(card('fashion-mnist'))) } }
        : name === 'inside'
          ? { [first.key]: scriptedInside(first.config, card('cifar-10'), 9700) }
          : {},
    unsaved: [],
    queue: { sweeps: [], driving: false, current: null, failure: null, listed: 0 },
    measured: {},
    seriesVersion: Object.fromEntries(runs.map(({ key }) => [key, 1])),
    storage: {
      bytes: 41e6,
      failure:
        name === 'runs-error'
          ? {
              code: 'storage-full',
              message: 'The browser gives this site no more space: the newest progress is not stored.',
            }
          : null,
    },
  };
  if (name === 'lesson') return { ...scene, lesson };
  if (name !== 'linked' && name !== 'reproduced') return scene;
  const { logs: _, ...linked } = linkedScene(name === 'reproduced');
  return {
    ...scene,
    ...linked,
    planned: planned(linked.draft),
    shown: linked.runs.map(({ key }, slot) => ({ key, slot: slot as 0 | 1 })),
    seriesVersion: Object.fromEntries(linked.runs.map(({ key }) => [key, 1])),
  };
}

const lesson: Lesson = {
  hide: ['optimizer.*', 'schedule.*', 'model.*', 'augment', 'data.validationSize', 'train.clipNorm'],
  note: 'How small a batch is too small?\n\nTrain with a batch of 512, then of 128, 32 and 8. Before each run, write down what you expect of the time and of the test accuracy.',
  expect: 'Small batches take more steps an epoch and more time; below 32 the loss gets noisy.',
};

/** A run as a link brings it, and perhaps the same trained here. */
function linkedScene(
  withOwn: boolean,
): Pick<LabState, 'result' | 'runs' | 'draft'> & { logs: Map<string, MetricLog> } {
  const config = makeConfig({ 'train.epochs': 20 });
  const ended = {
    ...madeRun(config, 'finished', 1860, 1),
    totalSteps: 1860,
    data: { sha256: 'ab'.repeat(32), order: 'official' },
  };
  const log = createMetricLog();
  log.append(measured(ended, 0, 1860, 93));
  const result = decodeResult(encodeResult(ended, log) ?? '', config);
  const linked: Run = { ...ended, key: linkedKey(result.digest), data: null };
  const own = { ...ended, device: { ...device, backend: 'wasm' as const, adapter: '', threads: 2 } };
  const logs = new Map([
    [linked.key, result.curves],
    [own.key, log],
  ]);
  return { draft: config, result, runs: withOwn ? [own, linked] : [linked], logs };
}

/** The page's state in one scene; actions do what a session would do as far as no engine is needed. */
export function scriptedSession(name: Scene, theme: Theme, moves = true): Session {
  let state = isSweepScene(name) ? withSweep(scene('empty', theme), name) : scene(name, theme);
  const listeners = new Set<() => void>();
  const logs = new Map<string, MetricLog>();
  /** Made when somebody looks at it. */
  function logOf(key: string): MetricLog | null {
    const known = logs.get(key);
    const run = state.runs.find((one) => one.key === key);
    if (known || !run) return known ?? null;
    const log = createMetricLog();
    log.append(measured(run, 0, run.step));
    logs.set(key, log);
    return log;
  }
  if (name === 'linked' || name === 'reproduced')
    for (const [key, log] of linkedScene(true).logs) logs.set(key, log);
  function set(changes: Partial<LabState>): void {
    state = { ...state, ...changes };
    for (const listener of listeners) listener();
  }
  function change(key: string, changes: Partial<Run>): void {
    set({ runs: state.runs.map((run) => (run.key === key ? { ...run, ...changes } : run)) });
  }
  const group = (key: string): string | undefined => {
    const run = state.runs.find((one) => one.key === key);
    return run && groupOf(run);
  };
  function put(draft: Config): void {
    set({ draft, planned: planned(draft) });
  }
  function tick(): void {
    const run = state.runs.find(({ key }) => key === state.active);
    if (!run) return;
    const step = Math.min(run.step + 11, run.totalSteps ?? 9700);
    logOf(run.key)?.append(measured(run, run.step, step));
    set({
      seriesVersion: { ...state.seriesVersion, [run.key]: (state.seriesVersion[run.key] ?? 0) + 1 },
      live: {
        step,
        totalSteps: run.totalSteps,
        seconds: step / 45.4,
        stepsPerSecond: 45.4,
        etaSeconds: ((run.totalSteps ?? 9700) - step) / 45.4,
      },
    });
    change(run.key, { step });
  }
  if (moves) setInterval(tick, 250);

  function begin(config: Config): void {
    const run = {
      ...madeRun(config, 'running', 0, -state.runs.length),
      key: `${runId(config)}-${state.runs.length}`,
      createdAt: Date.now(),
    };
    logs.set(run.key, createMetricLog());
    set({ runs: [run, ...state.runs], active: run.key });
    set({ shown: withShown(state.shown, [run.key], group) });
  }
  const nothing = async (): Promise<void> => {};
  return {
    get: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    log: logOf,
    trials: (link) => listOf(link),
    analyse(question, onAnswer) {
      let isHeard = true;
      const answer = async (): Promise<void> => {
        for await (const said of analysing(question)) if (isHeard) onAnswer(said);
      };
      void answer();
      return () => {
        isHeard = false;
      };
    },
    actions: {
      editSweep(changes) {
        const text = Object.entries(changes).flatMap(([key, value]) =>
          value === null ? [] : [`sweep.${key}=${value}`],
        );
        const { config, sweep, problems } = decode([encode(state.draft), ...text].join('&'));
        set({ draft: config, sweep, problems });
      },
      startTogether: async () => {},
      startSweep: () => {},
      startSweepOf: () => {},
      resumeQueue: () => {},
      pauseQueue: () => {},
      retryFailed: () => {},
      skipTrial: () => {},
      moveSweep: () => {},
      removeSweep: () => {},
      measure: () => {},
      edit: (changes) => put(withSetting(state.draft, changes)),
      reset(keys) {
        const left: Record<string, unknown> = { ...named(state.draft) };
        for (const key of keys ?? Object.keys(left)) delete left[key];
        set({ readOnly: false, problems: [] });
        put(makeConfig(left as Named));
      },
      openLink: (text) => put(decode(text).config),
      undo: nothing,
      redo: nothing,
      setLesson: (lesson) => set({ lesson }),
      reproduce: nothing,
      dismissResult: () => set({ result: null }),
      resultLink: async () => location.href,
      findingLink: () => location.href,
      viewLink: () => location.href,
      usage: async () => ({
        runs: { count: 14, bytes: 5.1e6 },
        checkpoints: { count: 3, bytes: 112e6 },
        datasets: { count: 1, bytes: 184.3e6 },
        settings: { count: 6, bytes: 4200 },
      }),
      clear: nothing,
      setNotify: async (notify) => set({ notify }),
      dismissProblems: () => set({ problems: [] }),
      setView: (changes) => set({ view: { ...state.view, ...changes } }),
      setTheme: (chosen) => set({ theme: chosen }),
      setTuning: (isOn) => set({ tuning: { isOn, known: [] } }),
      exportTuning: () => {},
      setBackend: (backend) => set({ backend, engine: { status: 'ready', device } }),
      train: async () => begin(state.draft),
      stop() {
        if (state.active !== null)
          change(state.active, { state: 'stopped', checkpointStep: state.live?.step ?? 0 });
        set({ active: null, live: null });
      },
      step: async () => begin(state.draft),
      async resume(key) {
        const run = state.runs.find((one) => one.key === key);
        if (run) change(key, { ...requeue(run, run.checkpointStep ?? 0), state: 'running' });
        set({ active: key });
      },
      restart: async () => begin(state.draft),
      goTo: (page) => set({ page, subject: null }),
      lookInside: (subject) => set({ page: 'inside', subject }),
      show: (keys) => set({ shown: withShown(state.shown, keys, group) }),
      hide: (keys) => set({ shown: withHidden(state.shown, keys, group) }),
      release: (slot) =>
        set({
          shown: withHidden(
            state.shown,
            state.shown.filter((one) => one.slot === slot).map(({ key }) => key),
            group,
          ),
        }),
      recolour: (key, slot) => set({ shown: withColour(state.shown, key, slot, group) }),
      remark(key, changes) {
        const run = state.runs.find((one) => one.key === key);
        if (run) change(key, { remarks: tidyRemarks({ ...run.remarks, ...changes }) });
      },
      async remove(keys) {
        const gone = state.runs.filter(({ key }) => keys.includes(key));
        set({
          shown: withHidden(state.shown, keys, group),
          runs: state.runs.filter(({ key }) => !keys.includes(key)),
          removed: [...state.removed, ...gone],
        });
      },
      async undoRemove() {
        const runs = [...state.runs, ...state.removed].sort((a, b) => b.createdAt - a.createdAt);
        set({ runs, removed: [] });
      },
      adopt(key) {
        const run = state.runs.find((one) => one.key === key);
        if (run) put(run.config);
      },
      startFrom: (body) => set({ draft: withSetting(state.draft, { 'transfer.from': body }) }),
      takeBody: async () => set({ offer: null }),
      fork: (key) => {
        const run = state.runs.find((one) => one.key === key);
        if (run) put(run.config);
        set({ fork: run?.key ?? null });
      },
      rewind: async (key) => {
        const run = state.runs.find((one) => one.key === key);
        if (run) begin(run.config);
      },
      load: nothing,
      cancelLoad: (dataset) => set({ data: { ...state.data, [dataset]: { status: 'absent' } } }),
      forget: nothing,
      drop: nothing,
      dropLink: (link) => set({ offer: { kind: 'settings', name: 'the link', link } }),
      takeOffer: nothing,
      dismissOffer: () => set({ offer: null }),
      dismissDrop: () => set({ drop: null }),
      dismissFailures: () => set({ startFailure: null }),
      link: () => `${location.origin}/#${encode(state.draft)}`,
      look: nothing,
      exportRun: nothing,
      exportRuns: nothing,
    },
  };
}

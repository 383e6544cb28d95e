// The training loop as one async generator: it yields what happened and knows nothing of messages or threads.
// A piece of about 0.1 s of steps is enqueued, read back under the device's guard, judged, and reported 4 times a second.
import { tasks } from '../catalog/tasks/index.ts';
import type { Dataset } from '../core/dataset.ts';
import { elements, tensors } from '../core/layers.ts';
import { type Chunk, columnOf } from '../core/metrics.ts';
import { encodeSafetensors, type NamedTensor } from '../core/safetensors.ts';
import { scoreNames } from '../core/scores.ts';
import type { Config } from '../experiment/config.ts';
import { noiseSizes } from '../experiment/micro-batches.ts';
import type { Event, Outcome, StartOptions } from '../experiment/protocol.ts';
import { createBudget } from './budget.ts';
import { encodeCheckpoint, isFiniteState } from './checkpoint.ts';
import type { Device } from './device.ts';
import { createScorer, evaluate, rowsAtOnce } from './evaluate.ts';
import { createBreather } from './macrotask.ts';
import { type Prepared, prepare, type SplitRows } from './prepare.ts';
import type { Runner, RunnerMaker } from './runner.ts';
import { localityReader } from './sights/filters.ts';
import { gallery } from './sights/gallery.ts';
import { traceLines } from './trace.ts';
import { evaluateViews } from './views.ts';
import { createWindow, firstNonFinite, isRunaway, wantsNorm } from './window.ts';

export interface TrainRequest {
  readonly config: Config;
  readonly dataset: Dataset;
  readonly rows: SplitRows;
  readonly device: Device;
  readonly makeRunner: RunnerMaker;
  readonly options: StartOptions;
  /** Asked between steps at least every 50 ms. */
  readonly isStopped: () => boolean;
  /** Other work of the device, done between two pieces of steps; its time is not the run's. */
  readonly between?: () => Promise<void>;
  /** Seconds of steps between two turns, asked at each: 0.1 unless several runs take turns. */
  readonly turnSeconds?: () => number;
  /** Asked while scoring: whether another run must be served at once. The scores are then computed in a later turn. */
  readonly givesWay?: () => boolean;
  /** Time between checkpoints; 10 s unless a test wants them sooner. */
  readonly checkpointMs?: number;
}

type Without<E> = E extends unknown ? Omit<E, 'runId' | 'device' | 'data'> : never;
type Reported = Extract<
  Event,
  { kind: 'metrics' | 'trace' | 'initial' | 'inspected' | 'checkpoint' | 'ended' }
>;

/** Events of the protocol without what only the worker knows. */
export type TrainEvent =
  | { readonly kind: 'started'; readonly step: number; readonly execution: Runner['execution'] }
  /** Nothing to tell: a piece is done, and whatever else wants the device may have it before the next. */
  | { readonly kind: 'turn'; readonly step: number; readonly seconds: number }
  | Without<Reported>;

const READ_SECONDS = 0.1;
const REPORT_MS = 250;
const BREATHE_MS = 40;
const CHECKPOINT_MS = 10_000;
/** Waiting this many times as long as a checkpoint takes keeps them at 5 % of the run's time. */
const CHECKPOINT_REST = 19;

/**
 * Trains one run to its end, a stop, or divergence; `ended` is the last event and a checkpoint comes before it.
 * Seconds are those of the whole run, over all its sessions, and count training only: not evaluation, not checkpoints. Throws LabError where the run cannot start or the device fails: nothing of the
 * piece in which the device failed has been yielded then.
 */
export async function* train(request: TrainRequest): AsyncGenerator<TrainEvent, void, void> {
  const { config, dataset, rows, device, options } = request;
  const prepared = await prepare(config, dataset, rows, options, device.largestTensor);
  const runner = await device.guard(() => request.makeRunner(prepared.job, prepared.state));
  try {
    yield { kind: 'started', step: prepared.progress.step, execution: runner.execution };
    if (!options.from) yield { kind: 'initial', weights: encodeSafetensors([...prepared.state.values()]) };
    yield* loop(request, prepared, runner);
  } finally {
    runner.dispose();
  }
}

async function* loop(
  request: TrainRequest,
  prepared: Prepared,
  runner: Runner,
): AsyncGenerator<TrainEvent, void, void> {
  const { config, dataset, rows, device, options, isStopped } = request;
  const { turnSeconds = () => READ_SECONDS, givesWay = () => false } = request;
  const { planned, job, identity } = prepared;
  const clipNorm = config['train.clipNorm'];
  const batchSize = config['train.batchSize'];
  const budget = createBudget(config, planned);
  const chance = tasks[config.task].chance(dataset);
  const sizes = noiseSizes(config, planned);
  const needsNorm = clipNorm > 0 || sizes !== null;
  const window = createWindow({ needsNorm, sizes, estimates: prepared.progress.estimates });
  const breathe = createBreather(BREATHE_MS);
  let { step, seconds, firstLoss, evaluated } = prepared.progress;
  let rate = budget.rate(step, seconds);
  let pace = 1;
  let fallback: (() => TrainEvent) | null = () => firstCheckpoint(prepared, options);
  let savedAt = performance.now();
  let reportedAt = savedAt;
  let restMs = request.checkpointMs ?? CHECKPOINT_MS;

  const metrics = (extra?: Chunk): TrainEvent[] => {
    const taken = window.take({ step, rate, batchSize, totalSeconds: seconds });
    if (!taken && !extra) return [];
    reportedAt = performance.now();
    return [{ kind: 'metrics', chunk: { ...taken, ...extra }, step, totalSteps: budget.totalSteps }];
  };
  const turn = (): TrainEvent => ({ kind: 'turn', step, seconds });
  const ended = (outcome: Outcome): TrainEvent => ({ kind: 'ended', outcome, step, seconds });
  /** The checkpoint of now, or null when the weights are no longer finite. */
  const checkpoint = async (): Promise<TrainEvent | null> => {
    const begin = performance.now();
    const state = await device.guard(() => runner.exportState());
    if (!isFiniteState(state)) return null;
    const bytes = encodeCheckpoint(
      state,
      { step, seconds, firstLoss, evaluated, estimates: window.estimates },
      identity,
    );
    savedAt = performance.now();
    restMs = Math.max(request.checkpointMs ?? CHECKPOINT_MS, CHECKPOINT_REST * (savedAt - begin));
    fallback = null;
    return { kind: 'checkpoint', step, seconds, bytes };
  };
  const readLocality = localityReader(runner, job);
  /**
   * Test and validation scores, of the averaged weights too, and the filters' locality; null where a stop came in
   * between, of this run or of another.
   */
  const scores = async (): Promise<Chunk | null> => {
    const atOnce = rowsAtOnce(prepared.widest);
    const between = async (): Promise<boolean> => {
      await breathe();
      return isStopped() || givesWay();
    };
    const chunk: { -readonly [name in keyof Chunk]: Chunk[name] } = {};
    for (const name of ['test', 'validation'] as const) {
      const split = name === 'test' ? 'test' : 'train';
      const scored = name === 'test' ? everyRow(dataset.test.labels.length) : rows.validation;
      if (scored.length === 0) continue;
      for (const prefix of config['train.ema'] > 0 ? (['', 'average-'] as const) : ([''] as const)) {
        const wanted = { split, rows: scored, isAveraged: prefix !== '' } as const;
        const scores = await device.guard(() =>
          evaluate(runner, wanted, createScorer(job, split), atOnce, between),
        );
        if (!scores) return null;
        for (const score of scoreNames) {
          const value = scores[score];
          if (value !== undefined) chunk[`${name}/${prefix}${score}`] = columnOf([[step, value]]);
        }
      }
    }
    const locality = readLocality && (await device.guard(readLocality));
    if (locality !== null) chunk['filters/locality'] = columnOf([[step, locality]]);
    const isLast = budget.isSpent(step, seconds) || budget.isReached(chunk);
    if (config['evaluate.tta'] === 0 || !isLast || !isFiniteChunk(chunk)) return chunk;
    const test = everyRow(dataset.test.labels.length);
    const views = await device.guard(() =>
      evaluateViews(runner, job, test, createScorer(job, 'test'), atOnce, between),
    );
    if (!views) return null;
    for (const score of ['loss', 'accuracy'] as const)
      chunk[`test/tta-${score}`] = columnOf([[step, views[score] ?? Number.NaN]]);
    return chunk;
  };

  /** What the page may see of the network now. */
  async function* sight(): AsyncGenerator<TrainEvent, void, void> {
    const seen = await device.guard(() => gallery(runner, job));
    if (seen) yield { kind: 'inspected', step, sight: seen };
  }
  yield* sight();

  while (true) {
    await request.between?.();
    const isSpent = budget.isSpent(step, seconds);
    let isReached = false;
    if (evaluated !== step && (isSpent || budget.isEvaluation(step))) {
      const chunk = await scores();
      if (chunk) {
        if (!isFiniteChunk(chunk)) break;
        evaluated = step;
        isReached = budget.isReached(chunk);
        yield* metrics(chunk);
        yield* sight();
      } else if (!isStopped()) {
        yield turn();
        continue;
      }
    }
    const isFinished = isReached || (isSpent && evaluated === step);
    if (isFinished || isStopped() || step >= (options.untilStep ?? Number.POSITIVE_INFINITY)) {
      yield* metrics();
      const last = await checkpoint();
      if (!last) break;
      yield last;
      yield ended(isFinished ? 'finished' : 'stopped');
      return;
    }
    if (performance.now() - savedAt >= restMs) {
      yield* metrics();
      const regular = await checkpoint();
      if (!regular) break;
      yield regular;
    }

    const limit = Math.min(
      step + pace,
      budget.nextEvaluation(step),
      budget.totalSteps ?? Number.POSITIVE_INFINITY,
      options.untilStep ?? Number.POSITIVE_INFINITY,
    );
    const begin = performance.now();
    let reached = step;
    const readings = await device.guard(async () => {
      while (reached < limit) {
        rate = budget.rate(reached, seconds);
        runner.step(reached, rate, wantsNorm(reached + 1, needsNorm));
        reached++;
        const pause = breathe();
        if (pause) await pause;
        if (isStopped()) break;
      }
      return runner.read();
    });
    const spent = (performance.now() - begin) / 1000;
    const bad = firstNonFinite(readings.losses);
    const finite = readings.losses.slice(0, bad ?? readings.losses.length);
    window.add(step, readings, spent, finite.length);
    firstLoss ??= finite[0] ?? null;
    const lines = traceLines(job, rows.train, step, finite, options.trace ?? 0);
    pace = Math.max(
      1,
      Math.min(2 * pace, Math.round((turnSeconds() * (reached - step)) / Math.max(spent, 1e-6))),
    );
    step = reached;
    seconds += spent;
    if (lines.length > 0) yield { kind: 'trace', lines };
    if (bad !== null || (firstLoss !== null && isRunaway(finite, firstLoss, chance))) break;
    // A step that is about to be scored is reported together with its scores: events rise strictly.
    const isScoredNext = budget.isSpent(step, seconds) || budget.isEvaluation(step);
    if (performance.now() - reportedAt >= REPORT_MS && !isScoredNext) yield* metrics();
    yield turn();
  }
  yield* metrics();
  if (fallback) yield fallback();
  yield ended('diverged');
}

/** What a run that diverged before its first checkpoint can go back to: the one it came from, or its start. */
function firstCheckpoint({ progress, state, identity, job }: Prepared, options: StartOptions): TrainEvent {
  const { step, seconds } = progress;
  const bytes = options.from ?? encodeCheckpoint(orderedState(job.layers, state), progress, identity);
  return { kind: 'checkpoint', step, seconds, bytes };
}

function orderedState(
  layers: Parameters<typeof tensors>[0],
  state: ReadonlyMap<string, NamedTensor>,
): NamedTensor[] {
  return tensors(layers).map(
    ({ name, shape }) => state.get(name) ?? { name, shape, values: new Float32Array(elements(shape)) },
  );
}

function isFiniteChunk(chunk: Chunk): boolean {
  return Object.values(chunk).every((column) => column.values.every(Number.isFinite));
}

function everyRow(count: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: count }, (_, row) => row);
}

// Sweeps for the scripted session: grids before the start, half-way with every state there is, and with problems.
import type { Digest } from '../../src/core/digest.ts';
import type { Measurement } from '../../src/core/measurement.ts';
import { columnOf, createMetricLog, type MetricLog } from '../../src/core/metrics.ts';
import { decode, encode } from '../../src/experiment/address.ts';
import { measure } from '../../src/experiment/measure.ts';
import { plan } from '../../src/experiment/plan.ts';
import { type Mark, sweepId } from '../../src/experiment/queue.ts';
import { createRun, type Run } from '../../src/experiment/run.ts';
import { type Trial, type TrialList, trials } from '../../src/experiment/sweep/trials.ts';
import type { LabState, Slot } from '../../src/session/state.ts';
import type { Plant } from '../fixtures/claims.ts';
import { plants } from '../fixtures/claims-plants.ts';

export type SweepScene =
  | 'studies'
  | 'sweep'
  | 'sweeping'
  | 'sweep-problems'
  | 'study-law'
  | 'study-shapes'
  | 'claim-pixels'
  | 'claim-shape'
  | 'claim-parts'
  | 'side-by-side';

const LINKS: Readonly<Record<SweepScene, string>> = {
  studies: '',
  sweep: 'study=shapes',
  sweeping: 'study=batch-size&sweep.seeds=2',
  'study-law': 'study=scaling-law',
  'study-shapes': 'study=shapes',
  'claim-pixels': 'study=shuffled-pixels',
  'claim-shape': 'study=lift-or-shape',
  'claim-parts': 'study=ablations',
  'sweep-problems':
    'data=digits&sweep.train.batchSize=NaN,64,4096&sweep.model.depth=1,2&sweep.colour=1,2&sweep.seeds=zero',
  'side-by-side': 'optimizer.scaling=sqrt&train.epochs=3&sweep.train.batchSize=32,128,512',
};

export const isSweepScene = (name: string): name is SweepScene => Object.hasOwn(LINKS, name);

const lists = new Map<string, TrialList>();

/** The trials of a link, listed once. */
export function listOf(link: string): TrialList {
  const known = lists.get(link);
  if (known) return known;
  const { config, sweep } = decode(link);
  const list = sweep ? trials(config, sweep) : { trials: [], refused: [] };
  lists.set(link, list);
  return list;
}

function runOf({ config, cells: [cell] }: Trial, index: number, state: Run['state']): Run {
  const rate = Math.log2(Number(cell['optimizer.learningRate'] ?? 1e-3) / 4e-3);
  const batch = Math.log2(Number(cell['train.batchSize'] ?? 64) / 128);
  const loss = 0.42 + 0.012 * (rate - batch / 2) ** 2 + 0.004 * (index % 3);
  const digest: Digest = {
    'validation/loss': { last: loss, least: loss, most: 2.3 },
    'test/accuracy': { last: 1 - loss / 2.5, least: 0.1, most: 1 - loss / 2.5 },
  };
  const planned = plan(config);
  const run = createRun({
    key: `run-${index}`,
    config,
    planned,
    data: null,
    parent: null,
    createdAt: Date.UTC(2026, 0, 5) - index,
  });
  const steps = planned.steps ?? 0;
  const step = state === 'running' ? Math.round(steps * 0.62) : state === 'diverged' ? 71 : steps;
  return { ...run, state, step, seconds: steps / 300, digest };
}

/** A noise scale that grows in training. */
function noiseLog({ key, step }: Run): MetricLog {
  const log = createMetricLog();
  const windows = Array.from({ length: Math.floor(step / 20) }, (_, index) => 20 * (index + 1));
  const chance = (at: number): number => 1 + 0.2 * Math.sin(at * (3 + key.length) + Number(key.slice(4)));
  log.append({
    'gradient/noise': columnOf(windows.map((at) => [at, (20 + 4 * Math.sqrt(at)) * chance(at)])),
    'gradient/signal': columnOf(windows.map((at) => [at, 1])),
    'gradient/noise-scale': columnOf(windows.map((at) => [at, (20 + 4 * Math.sqrt(at)) * chance(at)])),
  });
  return log;
}

/** What a run would have been measured at. */
function measured(run: Run): Measurement {
  const loss = run.digest?.['validation/loss']?.last ?? 1;
  const first = Math.round(150 * (1 + 200 / run.config['train.batchSize']) * (1 + 4 * (loss - 0.42)));
  const curve = { steps: [1, first], values: [2.3, loss] };
  const made = measure(run, noiseLog(run));
  return {
    ...made,
    final: {
      ...made.final,
      'validation/loss': loss,
      'test/loss': loss + 0.02,
      'test/accuracy': 1 - loss / 2.5,
    },
    best: { 'validation/loss': { step: first, value: loss } },
    evaluations: { ...made.evaluations, 'validation/loss': curve },
  };
}

/** Finished runs of a study whose error and loss follow a law of compute, with some scatter. */
function withLaw(shown: LabState, link: string): LabState {
  const all = listOf(link).trials;
  const runs = all.map((trial, index) => runOf(trial, index, 'finished'));
  const of = (run: Run, index: number): Measurement => {
    const made = measure(run, createMetricLog());
    const scatter = 1 + 0.02 * Math.sin(7 * index);
    const shape = run.config.model === 'hourglass' ? 0.93 : run.config.model === 'isotropic' ? 1.05 : 1;
    const loss =
      scatter * shape * (0.25 + 2 / made.parameters.total ** 0.25 + 30 / Math.max(1, made.examples) ** 0.5);
    return {
      ...made,
      final: { 'test/loss': loss, 'validation/loss': loss, 'test/accuracy': 1 - loss / 2.6 },
      evaluations: {},
    };
  };
  return {
    ...shown,
    runs,
    measured: Object.fromEntries(runs.map((run, index) => [run.key, of(run, index)])),
  };
}

/** Runs of a claim as a world in which it holds would have them: the first two thirds of those of its sweep. */
function withClaim(shown: LabState, link: string): LabState {
  const all = listOf(link).trials;
  const plant = plants[shown.sweep?.study ?? ''] as Plant;
  const over = all.slice(0, Math.ceil((2 * all.length) / 3));
  const runs = over.map((trial, index) => runOf(trial, index, 'finished'));
  const of = (run: Run, index: number): Measurement => {
    const trial = over[index] as Trial;
    const seen = { cell: trial.cells[0], trial, world: 1, noise: Math.sin(7 * index) } as const;
    return { ...measure(run, createMetricLog()), evaluations: {}, ...plant(seen) } as Measurement;
  };
  return {
    ...shown,
    runs,
    measured: Object.fromEntries(runs.map((run, index) => [run.key, of(run, index)])),
  };
}

/** Its trials side by side, each as far in examples as the others. */
function together(state: LabState): LabState {
  const runs = listOf(encode(state.draft, {}, state.sweep))
    .trials.map((trial, index) => runOf(trial, index, 'running'))
    .toSorted((a, b) => a.config['train.batchSize'] - b.config['train.batchSize']);
  const training = runs.map(({ key, step, totalSteps, seconds }) => {
    return [key, { step, totalSteps, seconds, stepsPerSecond: 120, etaSeconds: 31 }] as const;
  });
  return {
    ...state,
    page: 'train',
    view: { ...state.view, x: 'examples' },
    runs,
    shown: runs.map(({ key }, slot) => ({ key, slot: slot as Slot })),
    active: runs[0]?.key ?? null,
    live: training[0]?.[1] ?? null,
    training: Object.fromEntries(training),
  };
}

/** The state with a sweep in it. */
export function withSweep(state: LabState, name: SweepScene): LabState {
  const { config, sweep, problems } = decode(LINKS[name]);
  const shown: LabState = {
    ...state,
    page: 'studies',
    draft: config,
    sweep,
    problems,
    runs: [],
    active: null,
    live: null,
    shown: [],
  };
  if (name === 'side-by-side') return together(shown);
  const link = encode(config, {}, sweep);
  if (name === 'study-law' || name === 'study-shapes') return withLaw(shown, link);
  if (name.startsWith('claim-')) return withClaim(shown, link);
  if (name !== 'sweeping') return shown;
  const all = listOf(link).trials;
  const marks: Record<string, Mark> = {};
  const runs = all.slice(0, 150).map((trial, index) => {
    const rate = Number(trial.cells[0]['optimizer.learningRate']);
    const diverges = rate > 0.01 && Number(trial.cells[0]['train.batchSize']) < 64;
    if (index === 60)
      marks[trial.id] = {
        kind: 'failed',
        failure: { code: 'out-of-memory', message: 'The GPU has no 1.2 GB left for this network.' },
      };
    return runOf(
      trial,
      index,
      index === 149 ? 'running' : index === 60 ? 'failed' : diverges ? 'diverged' : 'finished',
    );
  });
  const id = sweepId(link);
  const [other] = [encode(decode('study=shapes').config, {}, decode('study=shapes').sweep)];
  const active = runs[149] as Run;
  return {
    ...shown,
    runs,
    measured: Object.fromEntries(runs.map((run) => [run.key, measured(run)])),
    active: active.key,
    live: {
      step: active.step,
      totalSteps: active.totalSteps,
      seconds: 3,
      stepsPerSecond: 210,
      etaSeconds: 2,
    },
    queue: {
      sweeps: [
        { id, link, addedAt: 0, rank: 0, isPaused: false, marks },
        { id: sweepId(other), link: other, addedAt: 1, rank: 1, isPaused: true, marks: {} },
      ],
      driving: true,
      current: { sweep: id, trial: active.id, over: 148, total: 224 },
      failure: null,
      listed: 1,
    },
  };
}

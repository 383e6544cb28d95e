// A run's record, and its life as a pure state machine: what the worker reports moves it from state to state.
import type { DatasetCard, DatasetFacts } from '../core/dataset.ts';
import type { Digest } from '../core/digest.ts';
import type { Failure } from '../core/failure.ts';
import { plainLine, plainText } from '../core/plain-text.ts';
import { type Config, type Parent, recipe, runId } from './config.ts';
import { type Plan, runName } from './plan.ts';
import type { DeviceInfo, Event } from './protocol.ts';

export type RunState = 'queued' | 'running' | 'finished' | 'stopped' | 'diverged' | 'failed';

/** The data that a run trains on. */
export interface RunData {
  readonly sha256: string;
  readonly order: string;
  /** Missing in runs that were stored before it was recorded: their data has the catalog's facts. */
  readonly facts?: DatasetFacts;
}

export function runDataOf({ sha256, order, shape, classes, train, test }: DatasetCard): RunData {
  return { sha256, order, facts: { shape, classes, train, test } };
}

/** What a person wrote about a run. Plain text, never markup. */
export interface Remarks {
  /** In place of the name that the config gives; empty: that name. */
  readonly title: string;
  readonly isStarred: boolean;
  readonly note: string;
  /** Without duplicates, in the order in which they were given. */
  readonly tags: readonly string[];
}

export const noRemarks: Remarks = { title: '', isStarred: false, note: '', tags: [] };

/** What the plan said when the run was made: tables and axes then plan nothing again. */
export type RunCost = Pick<
  Plan,
  'macsPerExample' | 'flopsPerStep' | 'stepsPerEpoch' | 'trainCount' | 'validationCount' | 'testCount'
> & { readonly parameters: number };

export interface Run {
  /** `id`, then the data hash, then the attempt: the key in the store. */
  readonly key: string;
  /** Identity of the config and, for a fork, of where it forked. */
  readonly id: string;
  readonly config: Config;
  /** The name that the config gives; `titleOf` is what a person calls it. */
  readonly name: string;
  readonly remarks: Remarks;
  /** The checkpoint that a fork began from; null: it began from its own first weights. */
  readonly parent: Parent | null;
  /** Null where the plan of a run of an older lab could not be made any more. */
  readonly cost: RunCost | null;
  /** Of what is stored; null before the first write. */
  readonly digest: Digest | null;
  readonly state: RunState;
  readonly step: number;
  readonly totalSteps: number | null;
  /** Seconds of training, over all sessions of the run. */
  readonly seconds: number;
  readonly createdAt: number;
  readonly device: DeviceInfo | null;
  readonly data: RunData | null;
  readonly failure: Failure | null;
  /** Step of the newest checkpoint in the store; null: none. */
  readonly checkpointStep: number | null;
}

/** What a run takes from its plan. */
export function costOf(planned: Plan): RunCost {
  const { macsPerExample, flopsPerStep, stepsPerEpoch, trainCount, validationCount, testCount } = planned;
  const parameters = planned.parameters.total;
  return { parameters, macsPerExample, flopsPerStep, stepsPerEpoch, trainCount, validationCount, testCount };
}

/** A run that is asked for: at step 0, or at the step where it forks. */
export function createRun(made: {
  readonly key: string;
  readonly config: Config;
  readonly planned: Plan;
  readonly data: Run['data'];
  readonly parent: Parent | null;
  readonly createdAt: number;
}): Run {
  const { key, config, planned, data, parent, createdAt } = made;
  return {
    key,
    id: runId(config, parent),
    config,
    name: runName(config),
    remarks: noRemarks,
    parent,
    cost: costOf(planned),
    digest: null,
    state: 'queued',
    step: parent?.step ?? 0,
    totalSteps: planned.steps,
    seconds: 0,
    createdAt,
    device: null,
    data,
    failure: null,
    checkpointStep: null,
  };
}

/** Keys of runs that a link tells of: shown, never trained here, never stored. */
const LINKED = 'link-';

export const linkedKey = (digest: string): string => LINKED + digest;

export const isLinked = ({ key }: Pick<Run, 'key'>): boolean => key.startsWith(LINKED);

/** What a person calls the run. */
export function titleOf(run: Run): string {
  return run.remarks.title || run.name;
}

/** Longest texts that are kept. */
const MAX_TITLE = 120;
const MAX_NOTE = 4000;
const MAX_TAG = 40;

/** Remarks as they are kept: characters that steer the text and outer spaces gone, lengths bounded, tags once each. */
export function tidyRemarks({ title, isStarred, note, tags }: Remarks): Remarks {
  const kept = [...new Set(tags.map((tag) => plainLine(tag.replaceAll(',', ' '), MAX_TAG)))];
  return {
    title: plainLine(title, MAX_TITLE),
    isStarred,
    note: plainText(note, MAX_NOTE),
    tags: kept.filter((tag) => tag !== ''),
  };
}

const groups = new WeakMap<Run, string>();

/** Runs of one group differ in their seed alone: they share a colour and are averaged. */
export function groupOf(run: Run): string {
  const known = groups.get(run);
  if (known !== undefined) return known;
  const { config, data, parent } = run;
  const group = [recipe(config), data?.sha256 ?? '', parent ? `${parent.id}@${parent.step}` : ''].join('|');
  groups.set(run, group);
  return group;
}

/**
 * One run a seed, since the same seed again is the same run and no further sample: the one that trains, else one that
 * finished, else the one that came furthest. In the order given.
 */
export function oneEachSeed<T>(runs: readonly T[], runOf: (one: T) => Run): readonly T[] {
  const rank = ({ state, step }: Run): number =>
    (state === 'running' ? 2 : state === 'finished' ? 1 : 0) * 1e12 + step;
  const best = new Map<number, T>();
  for (const one of runs) {
    const { seed } = runOf(one).config;
    const before = best.get(seed);
    if (before === undefined || rank(runOf(one)) > rank(runOf(before))) best.set(seed, one);
  }
  const kept = new Set(best.values());
  return runs.filter((one) => kept.has(one));
}

/** Can it go on from a checkpoint? */
export function isResumable(run: Run): boolean {
  return (run.state === 'stopped' || run.state === 'failed') && run.checkpointStep !== null;
}

/** Nothing can follow. */
export function isOver(run: Run): boolean {
  return run.state === 'finished' || run.state === 'diverged';
}

/** Asked for and not ended: it has a worker, or waits for one. */
export function isUnderway(run: Run): boolean {
  return run.state === 'queued' || run.state === 'running';
}

/** Can it be looked into, now or once it has trained a little? A link's run brings no weights. */
export function hasInside(run: Run): boolean {
  return !isLinked(run) && (run.checkpointStep !== null || isUnderway(run));
}

/** The run about to go on from a checkpoint at `step`; a run that is over or underway stays as it is. */
export function requeue(run: Run, step: number): Run {
  if (isOver(run) || isUnderway(run)) return run;
  return { ...run, state: 'queued', step, failure: null };
}

/** The run once a checkpoint of `step` is stored; `null`: the stored one is gone. */
export function withCheckpoint(run: Run, step: number | null): Run {
  return { ...run, checkpointStep: step };
}

/** The run when whoever trained it is gone without a word: back to its last checkpoint. */
export function abandon(run: Run, failure: Failure | null = null): Run {
  if (!isUnderway(run)) return run;
  return { ...run, state: failure ? 'failed' : 'stopped', step: run.checkpointStep ?? 0, failure };
}

/**
 * The run after an event of the worker. Events of other runs, and events after the end, change nothing; steps and
 * seconds never fall. A checkpoint counts (`withCheckpoint`) only once it is stored.
 */
export function advance(run: Run, event: Event): Run {
  if (!('runId' in event) || event.runId !== run.key || !isUnderway(run)) return run;
  switch (event.kind) {
    case 'started':
      if (run.state !== 'queued') return run;
      return {
        ...run,
        state: 'running',
        step: event.step,
        device: event.device,
        data: runDataOf(event.data),
        failure: null,
      };
    case 'metrics':
      return { ...run, step: Math.max(run.step, event.step), totalSteps: event.totalSteps };
    case 'checkpoint':
      return { ...run, step: Math.max(run.step, event.step), seconds: Math.max(run.seconds, event.seconds) };
    case 'ended':
      return {
        ...run,
        state: event.outcome,
        step: Math.max(run.step, event.step),
        seconds: Math.max(run.seconds, event.seconds),
      };
    case 'failed':
      return { ...run, state: 'failed', failure: event.failure };
    case 'trace':
    case 'initial':
    case 'inspected':
      return run;
    default:
      throw event satisfies never;
  }
}

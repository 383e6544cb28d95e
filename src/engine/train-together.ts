// Runs trained side by side on one device, as events of the protocol; one alone is a group of one. Each keeps its own
// runner, and its steps do not depend on the others: turns decide when a step is done, never what it computes.
import { factsOf } from '../core/dataset.ts';
import { LabError, toFailure } from '../core/failure.ts';
import type { Config } from '../experiment/config.ts';
import { type KernelTuning, withTuning } from '../experiment/kernel-tuning.ts';
import { plan } from '../experiment/plan.ts';
import type { Event, Start, TuningOptions, TurnUnit } from '../experiment/protocol.ts';
import type { RunnerWish } from './choose-runner.ts';
import type { Device } from './device.ts';
import type { SplitRows } from './prepare.ts';
import type { RunnerMaker } from './runner.ts';
import { type Turn, takeTurns } from './take-turns.ts';
import type { Loaded } from './tools.ts';
import { type TrainEvent, train } from './train.ts';

/** Where runs happen, and what to say of it. */
export interface Place {
  readonly on: Device;
  readonly note?: string;
}

interface Around {
  readonly post: (event: Event, transfer?: readonly ArrayBuffer[]) => void;
  readonly dataOf: (config: Config) => Promise<{ readonly data: Loaded; readonly rows: SplitRows }>;
  readonly placeFor: (
    start: Start,
    data: Loaded,
    rows: SplitRows,
    onTuned: (tuning: KernelTuning) => void,
  ) => Promise<Place>;
  /** A backend was asked for by name: runs go there, wherever they began. */
  readonly isPinned: () => boolean;
  readonly runnerMaker: (on: Device, wish: RunnerWish) => RunnerMaker;
  readonly isStopped: (runId: string) => boolean;
  /** After the last event of a run. */
  readonly onEnded: (runId: string) => void;
  readonly turnUnit: () => TurnUnit;
  /** Other work of the device, done between two pieces of steps. */
  readonly between: () => Promise<void>;
}

/** Seconds of a turn, alone and shared by several runs; shorter ones would wait for the device more than use it. */
const TURN_SECONDS = 0.1;
const LEAST_TURN_SECONDS = 0.02;

/** Trains runs until each has ended or failed. The first of them decides on the device. Never rejects. */
export function trainTogether(starts: readonly Start[], around: Around): Promise<void> {
  const { post, isStopped } = around;
  let place: Place | null = null;
  const playing = new Set(starts.map(({ runId }) => runId));
  const turnSeconds = (): number => Math.max(LEAST_TURN_SECONDS, TURN_SECONDS / playing.size);

  async function placed(start: Start, data: Loaded, rows: SplitRows, onTuned: (one: KernelTuning) => void) {
    if (!place || place.on.lost() !== null) place = await around.placeFor(start, data, rows, onTuned);
    const { from, execution } = start.options;
    const on = place.on.info.backend;
    // A run that goes on cannot change backends for the sake of those beside it.
    if (from && execution && execution.backend !== on && !around.isPinned()) {
      const message = `This run began on ${execution.backend}, and those beside it train on ${on}.`;
      throw new LabError('config-invalid', `${message} Train it alone, or start it again from step 0.`);
    }
    return place;
  }

  /** Trains and posts, a turn at a time; rejects where the run fails. */
  async function* trainOnce(
    start: Start,
    onTuned: (tuning: KernelTuning, isLost: boolean) => void,
    onStarted: () => void,
  ): AsyncGenerator<Turn, void, void> {
    const { runId, config, options } = start;
    const { data, rows } = await around.dataOf(config);
    const { dataset, card } = data;
    const { on, note } = await placed(start, data, rows, (tuning) => onTuned(tuning, false));
    const makeRunner = around.runnerMaker(on, {
      execution: options.execution,
      kernels: { ...options.tuning, isIdle: () => !isStopped(runId), onTuned },
    });
    const { flopsPerStep } = plan(config, factsOf(dataset));
    const turn = ({ step, seconds }: { readonly step: number; readonly seconds: number }): Turn => {
      return { step, seconds, examples: step * config['train.batchSize'], flops: step * flopsPerStep };
    };
    const events = train({
      ...{ config, dataset, rows, device: on, makeRunner, options, turnSeconds },
      isStopped: () => isStopped(runId),
      between: around.between,
      givesWay: () => [...playing].some((other) => other !== runId && isStopped(other)),
    });
    for await (const event of events) {
      if (event.kind === 'turn') {
        yield turn(event);
      } else if (event.kind === 'started') {
        onStarted();
        const { kind, step, execution } = event;
        const notes = [on.info.note, note, execution.note].filter((text) => text !== undefined);
        const told = notes.length > 0 ? { note: notes.join(' ') } : {};
        post({ kind, step, runId, device: { ...on.info, ...execution, ...told }, data: card });
        yield turn({ step, seconds: 0 });
      } else post({ ...event, runId }, buffersOf(event));
    }
  }

  /** Never rejects: what fails is posted. */
  async function* turnsOf(start: Start): AsyncGenerator<Turn, void, void> {
    const { runId, options } = start;
    /** What was known when measuring lost the device. */
    let lost: KernelTuning | null = null;
    const trainWith = (tuning: TuningOptions | undefined): AsyncGenerator<Turn, void, void> =>
      trainOnce(
        { ...start, options: { ...options, ...(tuning ? { tuning } : {}) } },
        (one, isLost) => {
          post({ kind: 'tuned', tuning: one });
          if (isLost) lost = one;
        },
        () => {
          lost = null;
        },
      );
    try {
      try {
        yield* trainWith(options.tuning);
      } catch (thrown) {
        if (!lost || toFailure(thrown).code !== 'device-lost') throw thrown;
        // A fresh device, and the fixed table without the kernel that cost the last one.
        yield* trainWith({ known: withTuning(options.tuning?.known ?? [], lost), measures: false });
      }
    } catch (thrown) {
      post({ kind: 'failed', runId, failure: toFailure(thrown) });
    }
    playing.delete(runId);
    around.onEnded(runId);
  }

  const players = starts.map((start) => ({
    turns: turnsOf(start),
    isUrgent: () => isStopped(start.runId),
  }));
  return takeTurns(players, around.turnUnit);
}

/** Buffers that move to the page instead of being copied. */
function buffersOf(event: TrainEvent): ArrayBuffer[] {
  if (event.kind === 'initial') return [event.weights.buffer];
  if (event.kind === 'metrics')
    return Object.values(event.chunk).flatMap(({ steps, values }) => [steps.buffer, values.buffer]);
  return [];
}

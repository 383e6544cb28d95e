// What the worker does with each command of the protocol. It has no thread of its own: events go to `post`, so that a
// test can drive it. Work on the device is done one piece after the other, in the order in which it was asked for.
import type { Dataset, DatasetCard } from '../core/dataset.ts';
import { LabError, toFailure } from '../core/failure.ts';
import type { Config } from '../experiment/config.ts';
import type { DeviceSpeed } from '../experiment/plan.ts';
import type {
  BackendChoice,
  Command,
  Event,
  LoadFrom,
  LoadTarget,
  RunnerChoice,
  StoredDataset,
} from '../experiment/protocol.ts';
import type { Device } from './device.ts';
import type { SplitRows } from './prepare.ts';
import type { RunnerMaker } from './runner.ts';
import { type TrainEvent, train } from './train.ts';

type DatasetId = Config['data'];

export interface Loaded {
  readonly dataset: Dataset;
  readonly card: DatasetCard;
  readonly keep: StoredDataset | null;
}

export interface LoadProgress {
  readonly phase: 'download' | 'read' | 'verify';
  readonly file: string;
  readonly done: number;
  readonly total: number | null;
}

/** What the commands are carried out with. */
export interface Tools {
  readonly post: (event: Event, transfer: readonly ArrayBuffer[]) => void;
  readonly openDevice: (choice: BackendChoice, runner: RunnerChoice) => Promise<Device>;
  readonly loadDataset: (
    id: LoadTarget,
    from: LoadFrom,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: LoadProgress) => void },
  ) => Promise<Loaded>;
  readonly splitRows: (
    labels: Uint8Array<ArrayBuffer>,
    classes: number,
    sizes: { readonly trainSize: number; readonly validationSize: number; readonly seed: number },
  ) => SplitRows;
  /** What makes the runners of a device. */
  readonly runnerMaker: (device: Device) => RunnerMaker;
  readonly measureSpeed: (device: Device) => Promise<DeviceSpeed>;
}

/** A function that carries out commands; it resolves when the command is done and never rejects. */
export function createCommands(tools: Tools): (command: Command) => Promise<void> {
  const loaded = new Map<DatasetId, Loaded>();
  const loading = new Map<LoadTarget, AbortController>();
  /** Runs that were started and have not ended: how many times, and whether to stop. */
  const active = new Map<string, { count: number; isStopped: boolean }>();
  let choice: BackendChoice = 'auto';
  let runner: RunnerChoice = 'auto';
  let device: Device | null = null;
  let queue: Promise<void> = Promise.resolve();

  const post = (event: Event, transfer: readonly ArrayBuffer[] = []): void => tools.post(event, transfer);

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    queue = queue.then(work);
    return queue;
  };

  /** The device in use, or a new one after a loss. */
  async function currentDevice(): Promise<Device> {
    if (device && device.lost() === null) return device;
    device = null;
    device = await tools.openDevice(choice, runner);
    post({ kind: 'ready', device: device.info });
    return device;
  }

  async function load(id: LoadTarget, from: LoadFrom): Promise<Loaded> {
    const controller = new AbortController();
    loading.get(id)?.abort();
    loading.set(id, controller);
    try {
      const result = await tools.loadDataset(id, from, {
        signal: controller.signal,
        onProgress: (progress) => post({ kind: 'progress', dataset: id, ...progress }),
      });
      if (controller.signal.aborted) throw new LabError('cancelled', 'Loading was cancelled.');
      loaded.set(result.card.id as DatasetId, result);
      return result;
    } finally {
      if (loading.get(id) === controller) loading.delete(id);
    }
  }

  async function start({ runId, config, options }: Extract<Command, { kind: 'start' }>): Promise<void> {
    const state = active.get(runId);
    try {
      const { dataset, card } = loaded.get(config.data) ?? (await load(config.data, { kind: 'here' }));
      const on = await currentDevice();
      const rows = tools.splitRows(dataset.train.labels, dataset.classes.length, {
        trainSize: config['data.trainSize'],
        validationSize: config['data.validationSize'],
        seed: config.seed,
      });
      const makeRunner = tools.runnerMaker(on);
      const isStopped = (): boolean => state?.isStopped ?? false;
      for await (const event of train({
        config,
        dataset,
        rows,
        device: on,
        makeRunner,
        options,
        isStopped,
      })) {
        if (event.kind === 'started') post({ ...event, runId, device: on.info, data: card });
        else post({ ...event, runId }, buffersOf(event));
      }
    } catch (thrown) {
      post({ kind: 'failed', runId, failure: toFailure(thrown) });
    }
    if (state && --state.count === 0) active.delete(runId);
  }

  /** Runs work and turns what it throws into an event. */
  async function attempt(work: () => Promise<void>, about: { dataset?: LoadTarget } = {}): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      post({ kind: 'failed', ...about, failure: toFailure(thrown) });
    }
  }

  return (command) => {
    switch (command.kind) {
      case 'open':
        return inTurn(() =>
          attempt(async () => {
            device?.close();
            device = null;
            choice = command.backend;
            runner = command.runner;
            await currentDevice();
          }),
        );
      case 'start': {
        const state = active.get(command.runId) ?? { count: 0, isStopped: false };
        state.count++;
        active.set(command.runId, state);
        return inTurn(() => start(command));
      }
      case 'stop': {
        const state = active.get(command.runId);
        if (state) state.isStopped = true;
        return Promise.resolve();
      }
      case 'load':
        return attempt(
          async () => {
            const { card, keep } = await load(command.dataset, command.from);
            post({ kind: 'loaded', card, keep });
          },
          { dataset: command.dataset },
        );
      case 'cancel':
        loading.get(command.dataset)?.abort();
        return Promise.resolve();
      case 'forget':
        loaded.delete(command.dataset);
        post({ kind: 'forgotten', dataset: command.dataset });
        return Promise.resolve();
      case 'measure':
        return inTurn(() =>
          attempt(async () => {
            post({ kind: 'measured', speed: await tools.measureSpeed(await currentDevice()) });
          }),
        );
      default:
        throw command satisfies never;
    }
  };
}

/** Buffers that move to the page instead of being copied. */
function buffersOf(event: TrainEvent): ArrayBuffer[] {
  if (event.kind === 'initial') return [event.weights.buffer];
  if (event.kind === 'metrics')
    return Object.values(event.chunk).flatMap(({ steps, values }) => [steps.buffer, values.buffer]);
  return [];
}

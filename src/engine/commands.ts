// What the worker does with each command of the protocol. It has no thread of its own: events go to `post`, so that a
// test can drive it. Work on the device is done one piece after the other, in the order in which it was asked for.
import { factsOf } from '../core/dataset.ts';
import { LabError, toFailure } from '../core/failure.ts';
import type { Config } from '../experiment/config.ts';
import type { BackendTimings, KernelTuning } from '../experiment/kernel-tuning.ts';
import { plan } from '../experiment/plan.ts';
import type {
  Backend,
  BackendChoice,
  Command,
  Event,
  LoadFrom,
  LoadTarget,
  RunnerChoice,
  Start,
  TurnUnit,
} from '../experiment/protocol.ts';
import { doubtfulSize, fasterBackend } from './compare-backends.ts';
import type { Device } from './device.ts';
import { createInspector } from './inspect.ts';
import { prepare, type SplitRows } from './prepare.ts';
import type { Loaded, Tools } from './tools.ts';
import { type Place, trainTogether } from './train-together.ts';

type DatasetId = Config['data'];

/** A function that carries out commands; it resolves when the command is done and never rejects. */
export function createCommands(tools: Tools): (command: Command) => Promise<void> {
  const loaded = new Map<DatasetId, Loaded>();
  const loading = new Map<LoadTarget, AbortController>();
  /** Runs that were started and have not ended: how many times, and whether to stop. */
  const active = new Map<string, { count: number; isStopped: boolean }>();
  let choice: BackendChoice = 'auto';
  let runner: RunnerChoice = 'auto';
  let device: Device | null = null;
  /** What `device` was opened as: the choice, or the backend that suits the run better. */
  let openedAs: BackendChoice = 'auto';
  /** By size of network, for the life of this worker. */
  const compared = new Map<string, BackendTimings>();
  let queue: Promise<void> = Promise.resolve();
  const inspector = createInspector();
  /** Asked for and not looked at yet: answered in turn, or between the steps of a run. */
  const looks: (() => Promise<void>)[] = [];
  /** What runs side by side have in equal parts. */
  let turnUnit: TurnUnit = 'examples';

  const post = (event: Event, transfer: readonly ArrayBuffer[] = []): void => tools.post(event, transfer);

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    queue = queue.then(work);
    return queue;
  };

  /** Notes runs that are to be trained, so that they can be stopped before their turn. */
  function expect(starts: readonly Start[]): void {
    for (const { runId } of starts) {
      const state = active.get(runId) ?? { count: 0, isStopped: false };
      state.count++;
      active.set(runId, state);
    }
  }

  /** The device in use, or a new one after a loss and where another backend is wanted. */
  async function currentDevice(as: BackendChoice = choice): Promise<Device> {
    if (device && openedAs === as && device.lost() === null) return device;
    inspector.forget();
    device?.close();
    device = null;
    device = await tools.openDevice(as, runner);
    openedAs = as;
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

  /** The data of a config, and the rows of it that a run takes. */
  async function dataOf(config: Config): Promise<{ readonly data: Loaded; readonly rows: SplitRows }> {
    const data = loaded.get(config.data) ?? (await load(config.data, { kind: 'here' }));
    const { train: split, classes } = data.dataset;
    const rows = tools.splitRows(split.labels, classes.length, {
      trainSize: config['data.trainSize'],
      validationSize: config['data.validationSize'],
      seed: config.seed,
    });
    return { data, rows };
  }

  /** A run goes on where it began, so that it ends as if it had never been stopped; never elsewhere in silence. */
  async function returnTo(backend: Backend): Promise<Device> {
    if (device?.info.backend === backend) return currentDevice(openedAs);
    return currentDevice(backend).catch((thrown: unknown) => {
      const { code, message, detail } = toFailure(thrown);
      const next = 'Choose another backend by name to go on there.';
      throw new LabError(
        code,
        `The run began on ${backend}, which does not open: ${message} ${next}`,
        detail,
      );
    });
  }

  /** The GPU, but for a network so small that the CPU is faster: that is said in the run's note. */
  async function placeFor(
    { config, options }: Start,
    { dataset }: Loaded,
    rows: SplitRows,
    onTuned: (tuning: KernelTuning) => void,
  ): Promise<Place> {
    const { tuning, from, execution } = options;
    const isOpen = choice === 'auto' && runner === 'auto' && !from && !execution;
    const size = tuning && isOpen ? doubtfulSize(plan(config, factsOf(dataset))) : null;
    // Reproducing elsewhere, a recorded GPU stands for the fastest that there is.
    if (choice === 'auto' && execution && (from || execution.backend !== 'webgpu'))
      return { on: await returnTo(execution.backend) };
    if (!tuning || size === null) return { on: await currentDevice() };
    if (!compared.has(size)) {
      const on = await currentDevice();
      if (on.info.backend !== 'webgpu' || on.info.fallbackAdapter) return { on };
      const start = options.init ? { init: options.init } : {};
      const { job, state } = await prepare(config, dataset, rows, start, on.largestTensor);
      const comparison = { size, job, state, tuning, onTuned };
      // A comparison that fails decides nothing: the run itself will say what is wrong.
      const timings = await tools.compareBackends(on, comparison).catch(() => null);
      if (timings) compared.set(size, timings);
    }
    const timings = compared.get(size);
    if (!timings || fasterBackend(timings) === 'webgpu') return { on: await currentDevice() };
    const [wasm, webgpu] = [timings.wasm, timings.webgpu].map((ms) => ms.toPrecision(2));
    const note = `This network is small: a step takes ${wasm} ms on the CPU and ${webgpu} ms on the GPU.`;
    return { on: await currentDevice('wasm'), note };
  }

  function trainAll(starts: readonly Start[]): Promise<void> {
    inspector.forget();
    return trainTogether(starts, {
      post,
      dataOf,
      placeFor,
      isPinned: () => choice !== 'auto',
      runnerMaker: (on, wish) => tools.runnerMaker(on, { choice: runner, ...wish }),
      isStopped: (runId) => active.get(runId)?.isStopped ?? false,
      onEnded(runId) {
        const state = active.get(runId);
        if (state && --state.count === 0) active.delete(runId);
      },
      turnUnit: () => turnUnit,
      between: answerLooks,
    });
  }

  /** On whatever device is open: it may be training. */
  async function look(inspection: Extract<Command, { kind: 'inspect' }>): Promise<void> {
    const { runId, config } = inspection;
    const { data, rows } = await dataOf(config);
    const on = device && device.lost() === null ? device : await currentDevice();
    const makeRunner = tools.runnerMaker(on, { choice: runner });
    const isHurried = (): boolean => [...active.values()].some(({ isStopped }) => isStopped);
    const around = { dataset: data.dataset, rows, device: on, makeRunner, isHurried };
    post({ kind: 'inspected', runId, ...(await inspector.look(inspection, around)) });
  }

  async function answerLooks(): Promise<void> {
    for (let next = looks.shift(); next; next = looks.shift()) await next();
  }

  /** Runs work and turns what it throws into an event. */
  async function attempt(
    work: () => Promise<void>,
    about: Pick<Extract<Event, { kind: 'failed' }>, 'dataset' | 'inspection'> = {},
  ): Promise<void> {
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
            inspector.forget();
            device?.close();
            device = null;
            compared.clear();
            choice = command.backend;
            runner = command.runner;
            await currentDevice();
          }),
        );
      case 'start':
        expect([command]);
        return inTurn(() => trainAll([command]));
      case 'start-together':
        expect(command.starts);
        turnUnit = command.by;
        return inTurn(() => trainAll(command.starts));
      case 'turns':
        turnUnit = command.by;
        return Promise.resolve();
      case 'stop': {
        const state = active.get(command.runId);
        if (state) state.isStopped = true;
        return Promise.resolve();
      }
      case 'inspect': {
        const inspection = { runId: command.runId, sight: command.wish.kind };
        looks.push(() => attempt(() => look(command), { inspection }));
        return inTurn(answerLooks);
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
        inspector.forget();
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

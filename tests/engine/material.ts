// What the engine's tests share: small datasets, devices, and the events of a whole run.
import { tasks } from '../../src/catalog/tasks/index.ts';
import { type Dataset, type DatasetCard, factsOf, type Split } from '../../src/core/dataset.ts';
import type { MetricName } from '../../src/core/metrics.ts';
import { stream } from '../../src/core/rng.ts';
import { type Batches, createBatches } from '../../src/engine/batches.ts';
import { type Device, openDevice } from '../../src/engine/device.ts';
import { prototypesOf } from '../../src/engine/pictures.ts';
import type { Job, RunnerMaker } from '../../src/engine/runner.ts';
import { createTfjsRunner } from '../../src/engine/tfjs/runner.ts';
import { type TrainEvent, type TrainRequest, train } from '../../src/engine/train.ts';
import { createWasmRunner } from '../../src/engine/wasm/runner.ts';
import { createWebgpuRunner } from '../../src/engine/webgpu/runner.ts';
import { type Config, makeConfig, type Named } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';
import type { Backend } from '../../src/experiment/protocol.ts';

/** The backends that every runner is held to. */
export const backends: readonly Backend[] = ['wasm', 'cpu', 'webgpu'];

const devices = new Map<Backend, Device>();

/** A runner on a backend: each is held to the same contract. */
export interface RunnerCase {
  readonly title: string;
  readonly backend: Backend;
  readonly makeRunner: RunnerMaker;
}

export const runners: readonly RunnerCase[] = [
  ...backends.map((backend) => ({ title: `tfjs on ${backend}`, backend, makeRunner: createTfjsRunner })),
  {
    title: 'compiled on the CPU, 1 thread',
    backend: 'wasm',
    makeRunner: (job, state) => createWasmRunner(job, state, 1),
  },
  {
    title: 'compiled on WebGPU',
    backend: 'webgpu',
    makeRunner: (job, state) => createWebgpuRunner(devices.get('webgpu')?.gpu as GPUDevice, job, state),
  },
];

/** A device of the backend, made active; opened once a test file. */
export async function deviceOf(backend: Backend): Promise<Device> {
  const known = devices.get(backend);
  const isUsable = known && known.lost() === null && backend !== 'webgpu';
  const device = isUsable ? known : await openDevice(backend);
  if (isUsable) await openDevice(backend);
  devices.set(backend, device);
  return device;
}

function split(count: number, seed: number): Split {
  const random = stream(seed, 77);
  const labels = Uint8Array.from({ length: count }, (_, row) => row % 10);
  const images = new Uint8Array(count * 64);
  for (let row = 0; row < count; row++) {
    for (let pixel = 0; pixel < 64; pixel++) {
      const isLit = pixel % 10 === labels[row] || Math.floor(pixel / 7) === labels[row];
      images[row * 64 + pixel] = (isLit ? 128 : 0) + random.integer(128, pixel, row);
    }
  }
  return { images, labels };
}

/** Ten easy classes of 8 × 8 images, in the shape of `digits`. */
export function tinyDataset(train = 320, test = 80): Dataset {
  return {
    id: 'digits',
    order: 'made-up',
    sha256: `tiny-${train}-${test}`,
    shape: { channels: 1, height: 8, width: 8 },
    classes: [...'0123456789'],
    train: split(train, 1),
    test: split(test, 2),
  };
}

/** What the page would know of a tiny dataset. */
export function cardOf({ id, order, sha256, shape, classes, train: trained, test }: Dataset): DatasetCard {
  return {
    id,
    order,
    sha256,
    shape,
    classes,
    train: trained.labels.length,
    test: test.labels.length,
    bytes: trained.images.length + test.images.length,
    normalisation: { mean: [0.3], std: [0.35] },
    counts: classes.map((_, label) => trained.labels.filter((one) => one === label).length),
    origin: 'generated',
    samples: trained.images.slice(0, 640),
  };
}

/** A small config on the tiny dataset. */
export function tinyConfig(settings: Named = {}): Config {
  return makeConfig({
    data: 'digits',
    'model.width': 8,
    'model.depth': 2,
    'train.batchSize': 16,
    'train.steps': 20,
    ...settings,
  });
}

export function everyRow(count: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: count }, (_, row) => row);
}

export function jobOf(config: Config, dataset: Dataset, batches?: Batches): Job {
  const facts = factsOf(dataset);
  const { layers } = plan(config, facts);
  const made = batches ?? createBatches(everyRow(facts.train), config, dataset.shape);
  const { picture } = tasks[config.task];
  const look = picture ? { mean: [0], std: [1] } : { mean: [0.3], std: [0.35] };
  const prototypes = picture?.target === 'prototype' ? prototypesOf(dataset, everyRow(facts.train)) : null;
  return { config, layers, dataset, batches: made, ...look, prototypes };
}

/** A request to train on everything. */
export function requestOf(device: Device, config: Config, changes: Partial<TrainRequest> = {}): TrainRequest {
  const dataset = changes.dataset ?? tinyDataset();
  const rows = { train: everyRow(dataset.train.labels.length), validation: new Uint32Array(0) };
  return {
    config,
    dataset,
    rows,
    device,
    makeRunner: createTfjsRunner,
    options: {},
    isStopped: () => false,
    ...changes,
  };
}

/** All events of a run; `onEvent` sees each as it comes. */
export async function eventsOf(
  request: TrainRequest,
  onEvent?: (event: TrainEvent) => void,
): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  for await (const event of train(request)) {
    events.push(event);
    onEvent?.(event);
  }
  return events;
}

/** Events of one kind, typed. */
export function ofKind<K extends TrainEvent['kind']>(events: readonly TrainEvent[], kind: K) {
  return events.filter((event): event is Extract<TrainEvent, { kind: K }> => event.kind === kind);
}

/** All values of one metric, in order. */
export function series(events: readonly TrainEvent[], name: MetricName): (readonly [number, number])[] {
  return ofKind(events, 'metrics').flatMap(({ chunk }) => {
    const column = chunk[name];
    return column
      ? [...column.steps].map((step, index) => [step, column.values[index] as number] as const)
      : [];
  });
}

/** ‖a − b‖ / ‖b‖; where b is zero, ‖a‖. */
export function relative(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    difference += ((a[i] as number) - (b[i] as number)) ** 2;
    size += (b[i] as number) ** 2;
  }
  return size === 0 ? Math.sqrt(difference) : Math.sqrt(difference / size);
}

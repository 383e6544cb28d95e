// Runs a compiled program on the CPU kernels: everything lies in one memory, a step is one pass over a tape, and what
// it leaves can be read at once.
import { tasks } from '../../catalog/tasks/index.ts';
import { features } from '../../core/dataset.ts';
import { elements } from '../../core/layers.ts';
import { fixedNoiseLane, NOISE_VALUES, noiseTable } from '../../core/noise.ts';
import type { NamedTensor } from '../../core/safetensors.ts';
import { buildProgram } from '../../experiment/program/build-program.ts';
import type { Op } from '../../experiment/program/op.ts';
import { inputPlace, type Program } from '../../experiment/program/program.ts';
import type { Ref } from '../../experiment/program/ref.ts';
import { specOfConfig } from '../../experiment/program/spec-of-config.ts';
import { slotsOf } from '../../experiment/state-names.ts';
import { pixels } from '../gather.ts';
import type { Job, Rows, Runner } from '../runner.ts';
import { statePlace } from '../state-place.ts';
import { checkedState } from '../state-specs.ts';
import { allocationBytes, type Kernels } from './memory.ts';
import { availableThreads, createPool } from './pool.ts';
import { type Tape, tapeBytes } from './tape.ts';
import {
  type Addresses,
  normOperations,
  packedBytesOf,
  spareCount,
  translate,
  updateOperations,
  updateReals,
} from './translate.ts';

/** Tapes of about a whole step that there is room for. */
const RECORDS = 4;

/** Places of everything, from the sizes that the program plans. */
function arrange(
  kernels: Pick<Kernels, 'allocate'>,
  sizes: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  return new Map([...sizes].map(([name, bytes]) => [name, bytes === 0 ? 0 : kernels.allocate(bytes)]));
}

const ops = ({ forward, backward, evaluation }: Program): readonly Op[] => [
  ...forward,
  ...backward,
  ...evaluation,
];

/** Bytes by name: the program's buffers, the resident dataset, and what a step is told. */
function sizesOf(program: Program, { dataset, batches, prototypes }: Job): Map<string, number> {
  const rows = Math.max(program.batch, program.evaluationBatch);
  const isNoisy = ops(program).some(({ kind }) => kind === 'noise');
  const { labels: _labels, settings: _settings, readings: _readings, ...used } = program.bytes;
  return new Map<string, number>([
    ...Object.entries(used),
    ['packed', packedBytesOf(ops(program))],
    ['spare', 4 * spareCount(ops(program))],
    ['train images', dataset.train.images.length],
    ['train labels', dataset.train.labels.length],
    ['test images', dataset.test.images.length],
    ['test labels', dataset.test.labels.length],
    ['table', 4 * 256 * dataset.shape.channels],
    ['indices', 4 * rows],
    ['draws', (4 * (batches.draws(0)?.length ?? 0)) / program.microBatches],
    ['share', 4],
    ['clock', 12],
    ['loss', 4],
    ['noise', isNoisy ? 4 * NOISE_VALUES : 0],
    ['lane', 8],
    ['prototypes', prototypes?.byteLength ?? 0],
  ]);
}

/** A runner of the job from `initial` on `threads` threads: what the page may use unless a number is given. */
export async function createWasmRunner(
  job: Job,
  initial: ReadonlyMap<string, NamedTensor>,
  threads: number = availableThreads(),
): Promise<Runner> {
  const { config, layers, dataset, batches } = job;
  const { shape } = dataset;
  const inputs = features(tasks[config.task].input(dataset));
  const program = buildProgram({
    ...specOfConfig(config, { layers, inputs, shape }),
    banks: 'joint',
  });
  const width = program.outputs.shape[1] as number;
  const state = checkedState(layers, slotsOf(config), initial);
  const sizes = sizesOf(program, job);
  const records =
    RECORDS * tapeBytes(4 * (program.forward.length + program.backward.length + program.update.length + 8));
  const bytes = [...sizes.values()].reduce((sum, size) => sum + allocationBytes(size), records);
  const kernels = await createPool(bytes, threads);
  const places = arrange(kernels, sizes);
  const at = (name: string): number => places.get(name) as number;
  const of = ({ buffer, byteOffset }: Ref): number => at(buffer) + byteOffset;

  kernels.bytes(at('train images'), dataset.train.images.length).set(dataset.train.images);
  kernels.bytes(at('train labels'), dataset.train.labels.length).set(dataset.train.labels);
  kernels.bytes(at('test images'), dataset.test.images.length).set(dataset.test.images);
  kernels.bytes(at('test labels'), dataset.test.labels.length).set(dataset.test.labels);
  kernels.floats(at('table'), 256 * shape.channels).set(pixels(shape, job.mean, job.std).table);
  if (sizes.get('noise')) kernels.floats(at('noise'), NOISE_VALUES).set(noiseTable(config['task.noise']));
  if (job.prototypes) kernels.floats(at('prototypes'), job.prototypes.length).set(job.prototypes);
  /** Every tensor of the state with its values where they lie. */
  const resident = state.map(({ name, shape: size }) => {
    return { name, shape: size, view: kernels.floats(of(statePlace(program, name)), elements(size)) };
  });
  for (const [index, { view }] of resident.entries()) view.set(state[index]?.values ?? []);

  const shared = {
    of,
    packed: at('packed'),
    spare: at('spare'),
    table: at('table'),
    indices: at('indices'),
    clock: at('clock'),
    loss: at('loss'),
    noise: at('noise'),
    lane: at('lane'),
    prototypes: at('prototypes'),
    seed: config.seed,
    shape,
  };
  const drawn = batches.draws(0);
  const training: Addresses = {
    ...shared,
    images: at('train images'),
    labels: at('train labels'),
    draws: drawn ? { at: at('draws'), words: drawn.length / batches.size } : null,
    share: batches.share(0) === null ? null : at('share'),
  };
  const body = [...program.forward, ...program.backward].flatMap((op) => translate(op, training));
  const norm = normOperations(program, training);
  const update = updateOperations(program, training);
  const { batch: size, microBatches } = program;
  /** The passes of a step but for what stands in the tape of its end. */
  const passes: readonly Tape[] =
    microBatches === 1
      ? []
      : [program.accumulateFirst, program.accumulate].map((join) =>
          kernels.tape([...body, ...join.flatMap((op) => translate(op, training))]),
        );
  const lastTape = (withNorm: boolean): Tape =>
    kernels.tape([...(microBatches === 1 ? body : []), ...(withNorm ? norm : []), ...update]);
  const plain = lastTape(program.isClipping);
  const measured = program.isClipping ? plain : lastTape(true);
  /** Forward to the outputs only: what a split is scored by is counted from them. */
  const scoring = (split: 'train' | 'test', evaluation: readonly Op[]): Tape => {
    const [images, labels] = [at(`${split} images`), at(`${split} labels`)];
    const forward = evaluation.filter(({ kind }) => kind !== 'softmax-cross-entropy' && kind !== 'summary');
    return kernels.tape(
      forward.flatMap((op) => translate(op, { ...shared, images, labels, draws: null, share: null })),
    );
  };
  const scoresOf = (evaluation: readonly Op[]) => ({
    train: scoring('train', evaluation),
    test: scoring('test', evaluation),
    given: scoring(
      'test',
      evaluation.filter(({ kind }) => kind !== 'gather'),
    ),
  });
  const scores = scoresOf(program.evaluation);
  const averageScores = scoresOf(program.averageEvaluation);
  const lossView = kernels.floats(at('loss'), 1);
  const normView = kernels.floats(of(normPlace(program)), 1);
  const indices = kernels.integers(at('indices'), Math.max(program.batch, program.evaluationBatch));
  const draws = kernels.integers(at('draws'), (drawn?.length ?? 0) / microBatches);
  const share = kernels.floats(at('share'), 1);
  const clock = kernels.integers(at('clock'), 3);
  const lane = kernels.integers(at('lane'), 2);
  const squaresView = squaresPlace(program, (ref, count) => kernels.doubles(of(ref), count));
  const outputs = kernels.floats(of(program.outputs), program.evaluationBatch * width);
  const input = kernels.floats(of(inputPlace(program)), elements(inputPlace(program).shape));
  let losses: number[] = [];
  let norms: number[] = [];
  let squares: number[] = [];

  /** Puts the rows of micro-batch `index` where the kernels look for them. */
  function place(step: number, index: number): void {
    indices.set(batches.rows(step).subarray(index * size, (index + 1) * size));
    draws.set(batches.draws(step)?.subarray(index * draws.length, (index + 1) * draws.length) ?? []);
    lane.set([step, index]);
    clock.set([config.seed, step, index]);
  }

  return {
    execution: { runner: 'compiled', threads: kernels.threads },
    step(step, rate, wantsNorm) {
      share[0] = batches.share(step) ?? 1;
      const last = wantsNorm ? measured : plain;
      for (const [index, reals] of updateReals(program, rate, step + 1).entries())
        last.setReals(last.length - update.length + index, reals);
      let loss = 0;
      for (let index = 0; index < microBatches; index++) {
        place(step, index);
        const pass = passes[Math.min(index, 1)];
        if (pass) kernels.run(pass);
        if (index === microBatches - 1) kernels.run(last);
        loss += lossView[0] as number;
      }
      losses.push(Math.fround(loss / microBatches));
      if (wantsNorm) norms.push(normView[0] as number);
      if (squaresView) squares.push(squaresView.reduce((sum, one) => sum + one, 0) / microBatches);
    },
    read() {
      const taken = { losses, norms, squares };
      losses = [];
      norms = [];
      squares = [];
      return Promise.resolve(taken);
    },
    outputs({ split, rows, isAveraged, given }: Rows) {
      const evaluated = isAveraged ? averageScores : scores;
      const tape = evaluated[given ? 'given' : split];
      const out = new Float32Array(rows.length * width);
      lane.set([fixedNoiseLane[split], 0]);
      for (let from = 0; from < rows.length; from += program.evaluationBatch) {
        const piece = rows.subarray(from, from + program.evaluationBatch);
        indices.fill(piece[0] ?? 0);
        indices.set(piece);
        if (given) input.set(given.subarray(from * inputs, (from + piece.length) * inputs));
        kernels.run(tape);
        out.set(outputs.subarray(0, piece.length * width), from * width);
      }
      return Promise.resolve(out);
    },
    exportState: (names) =>
      Promise.resolve(
        resident
          .filter(({ name }) => names?.has(name) ?? true)
          .map(({ name, shape: size, view }) => ({
            name,
            shape: size,
            values: view.slice() as Float32Array<ArrayBuffer>,
          })),
      ),
    bytes: () => kernels.used(),
    dispose: kernels.dispose,
  };
}

function normPlace({ norm }: Program): Ref {
  const clip = norm.find((op) => op.kind === 'clip-scale');
  if (clip?.kind !== 'clip-scale') throw new Error('a program without a norm');
  return clip.norm;
}

/** The sums of squares of a step's micro-batches, one a chunk; null without micro-batches. */
function squaresPlace<T>({ accumulate }: Program, view: (ref: Ref, count: number) => T): T | null {
  const op = accumulate.find(({ kind }) => kind === 'accumulate');
  return op?.kind === 'accumulate' ? view(op.partials, elements(op.partials.shape)) : null;
}

// The browser's half of the bench of the CPU kernels: times matrix products on one thread and on two, posts lines.
import type { Kernels } from '../../src/engine/wasm/memory.ts';
import { add, packedBytes, product } from '../../src/engine/wasm/operations.ts';
import { createPool } from '../../src/engine/wasm/pool.ts';

type Form = 'NN' | 'NT' | 'TN';
interface Shape {
  readonly form: Form;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/** Forward (NT), towards the input (NN) and towards the weight (TN) of one linear map. */
function shapes(batch: number, inputs: number, outputs: number): Shape[] {
  return [
    { form: 'NT', rows: batch, columns: outputs, depth: inputs },
    { form: 'NN', rows: batch, columns: inputs, depth: outputs },
    { form: 'TN', rows: outputs, columns: inputs, depth: batch },
  ];
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** The baseline: a triple loop in JavaScript, 8 × 512 × 512. */
function plainLoop(): () => void {
  const [rows, columns, depth] = [8, 512, 512];
  const [a, b, c] = [rows * depth, columns * depth, rows * columns].map((n) => new Float32Array(n).fill(0.5));
  if (!a || !b || !c) throw new Error('unreachable');
  return () => {
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < depth; k++) sum += (a[i * depth + k] as number) * (b[k * columns + j] as number);
        c[i * columns + j] = sum;
      }
  };
}

const line = (text: string): void => self.postMessage(text);

function productOn(kernels: Kernels, { form, rows, columns, depth }: Shape): () => void {
  const at = (count: number): number => {
    const address = kernels.allocate(count * 4);
    const values = kernels.floats(address, count);
    for (let i = 0; i < count; i++) values[i] = ((i * 7) % 13) / 13 - 0.5;
    return address;
  };
  const a = { at: at(rows * depth), transposed: form === 'TN' };
  const b = { at: at(columns * depth), transposed: form === 'NT' };
  const packed = kernels.allocate(packedBytes(rows, depth));
  const tape = kernels.tape(product({ a, b, c: at(rows * columns), rows, columns, depth, packed }));
  return () => kernels.run(tape);
}

/** One shape on both pools beside the baseline, rounds interleaved. */
function measure(pools: readonly Kernels[], shape: Shape, rounds: number): void {
  const { form, rows, columns, depth } = shape;
  const flops = 2 * rows * columns * depth;
  const runs = [...pools.map((kernels) => productOn(kernels, shape)), plainLoop()];
  const work = [flops, flops, 2 * 8 * 512 * 512];
  const times: number[][] = runs.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, run] of runs.entries()) {
      const repeats = Math.max(1, Math.ceil((i === 2 ? 4e6 : 2e8) / (work[i] as number)));
      const started = performance.now();
      for (let n = 0; n < repeats; n++) run();
      times[i]?.push((performance.now() - started) / repeats);
    }
  const speeds = times.map((list, i) => (work[i] as number) / median(list) / 1e6);
  const best = times.map((list, i) => (work[i] as number) / Math.min(...list) / 1e6);
  const cells = speeds.map((speed, i) => `${speed.toFixed(1)} (${best[i]?.toFixed(1)})`.padStart(14));
  const name = `${form} ${rows}×${columns}×${depth}`.padEnd(20);
  line(`${name}${cells.join('')}   × ${((speeds[1] ?? 0) / (speeds[0] ?? 1)).toFixed(2)}`);
}

/** µs of an operation that does almost nothing: one meeting of the threads. */
function overhead(kernels: Kernels): number {
  const at = kernels.allocate(64);
  const tape = kernels.tape(Array.from({ length: 1000 }, () => add(at, at, at, 4)));
  const times = Array.from({ length: 11 }, () => {
    const started = performance.now();
    kernels.run(tape);
    return performance.now() - started;
  });
  return median(times);
}

async function bench(): Promise<void> {
  const room = 3 * 2 ** 28;
  const pools = [await createPool(room, 1), await createPool(room, 2)];
  line('GFLOP/s: median (best)  one thread   two threads    plain loop    two ÷ one');
  for (const batch of [128, 1024])
    for (const [inputs, outputs] of [
      [3072, 512],
      [512, 512],
      [512, 2048],
      [2048, 512],
    ] as const)
      for (const shape of shapes(batch, inputs, outputs)) measure(pools, shape, batch === 128 ? 9 : 5);
  for (const kernels of pools) line(`${overhead(kernels).toFixed(2)} µs an operation on ${kernels.threads}`);
  line('');
}

bench().catch((error: unknown) => {
  line(String(error));
  line('');
});

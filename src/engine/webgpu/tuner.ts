// Picks among variants by measuring them, once for an adapter and browser version, within two seconds. The static
// default stays unless another is clearly faster in every round; a failed sample is never a win.
import type { Product } from './kernels/epilogue.ts';
import type { Choice } from './kernels/matmul.ts';

/** What tuning needs of a device; `Handle` is a compiled candidate. Everything rejects when the device is lost. */
export interface TuningDevice<Handle> {
  /** Null where it cannot be compiled. */
  compile(product: Product, choice: Choice): Promise<Handle | null>;
  /** Largest relative error against the safest variant, on seeded operands of an awkward shape. */
  error(handle: Handle): Promise<number>;
  /**
   * Milliseconds of one submit of `repeats` runs into the same output: the pass by timestamps where the device has
   * them, else wall time until the work is done. Null where the clock gave nothing.
   */
  time(handle: Handle, repeats: number): Promise<number | null>;
  readonly hasTimestamps: boolean;
  /** Wall clock, ms. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** False while the page is hidden, the battery is low or a run is on. */
  isIdle(): boolean;
  release(handle: Handle): void;
}

export interface TuningRequest {
  /** Bucket, layout and epilogue class. */
  readonly key: string;
  readonly product: Product;
  /** The default first. */
  readonly candidates: readonly Choice[];
}

interface Measurement {
  readonly choice: Choice;
  /** Median ms of one run; null where too few samples were good. */
  readonly ms: number | null;
  readonly samples: readonly (number | null)[];
  readonly outcome: 'measured' | 'not compiled' | 'wrong' | 'too slow';
}

export interface Tuned {
  readonly key: string;
  readonly product: Product;
  readonly choice: Choice;
  readonly measurements: readonly Measurement[];
}

export interface Tuning {
  readonly tuned: readonly Tuned[];
  readonly end: 'complete' | 'out of time' | 'interrupted' | 'device lost';
  /** What ran when the device was lost: never to be tried again on this adapter. */
  readonly culprit: Choice | null;
  readonly ms: number;
}

const COMPILE_MS = 1200;
const TOTAL_MS = 2000;
const WARM_MS = 50;
const SAMPLE_MS = { least: 8, wanted: 10, most: 50 } as const;
const TOLERANCE = 1e-5;
const ROUNDS = 3;
const DROP = 1.5;
const CLEARLY = 0.95;

class Stop extends Error {
  readonly end: Exclude<Tuning['end'], 'complete'>;
  constructor(end: Exclude<Tuning['end'], 'complete'>) {
    super(end);
    this.end = end;
  }
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};

interface Entry<Handle> {
  readonly choice: Choice;
  readonly handle: Handle | null;
  outcome: Measurement['outcome'];
  readonly samples: (number | null)[];
}

const isGood = (sample: number | null): sample is number => sample !== null && sample > 0;

/** Never throws for what a device does: the static table serves where tuning ends early. */
export async function tune<Handle>(
  device: TuningDevice<Handle>,
  requests: readonly TuningRequest[],
): Promise<Tuning> {
  const begin = device.now();
  const tuned: Tuned[] = [];
  const made: Handle[] = [];
  let running: Choice | null = null;
  let end: Tuning['end'] = 'complete';

  const check = (): void => {
    if (device.now() - begin > TOTAL_MS) throw new Stop('out of time');
    if (!device.isIdle()) throw new Stop('interrupted');
  };
  const time = async (entry: Entry<Handle>, repeats: number): Promise<number | null> => {
    check();
    running = entry.choice;
    return entry.handle === null ? null : device.time(entry.handle, repeats);
  };
  /** Ms of one run. Without timestamps a difference, which cancels the round trip. */
  const sample = async (entry: Entry<Handle>, repeats: number): Promise<number | null> => {
    const short = await time(entry, repeats);
    if (device.hasTimestamps) return isGood(short) ? short / repeats : null;
    const long = await time(entry, 3 * repeats);
    if (!isGood(short) || !isGood(long)) return null;
    const ms = (long - short) / (2 * repeats);
    return ms > 0 ? ms : null;
  };
  /** Runs in a sample: at least 8 ms, so that a coarse clock is good to 1.3 %. */
  const calibrate = async (entry: Entry<Handle>): Promise<number | null> => {
    let repeats = 1;
    for (let attempt = 0; attempt < 8; attempt++) {
      const before = device.now();
      const ms = await time(entry, repeats);
      if (isGood(ms) && ms >= SAMPLE_MS.least) return repeats;
      if (!isGood(ms) && 4 * (device.now() - before) > SAMPLE_MS.most) return null;
      // A span near the clock's quantum says little: grow fast, then aim.
      repeats = isGood(ms) && ms > 1 ? Math.ceil((repeats * SAMPLE_MS.wanted) / ms) : repeats * 4;
    }
    return null;
  };

  try {
    check();
    const compiled = await compileAll(device, requests, made);
    let isWarm = false;
    for (const [index, request] of requests.entries()) {
      const entries = compiled[index] as readonly Entry<Handle>[];
      for (const entry of entries) {
        if (entry.handle === null) continue;
        check();
        running = entry.choice;
        const error = await device.error(entry.handle);
        if (!(error <= TOLERANCE)) entry.outcome = 'wrong';
      }
      const live = (): Entry<Handle>[] => entries.filter(({ outcome }) => outcome === 'measured');
      const first = live()[0];
      if (!first) continue;
      if (!isWarm) {
        const start = device.now();
        while (device.now() - start < WARM_MS) if ((await time(first, 4)) === null) break;
        isWarm = true;
      }
      // The first run carries the driver's own compilation.
      for (const entry of live()) await time(entry, 1);
      const repeats = await calibrate(first);
      if (repeats === null) continue;
      for (let round = 0; round < ROUNDS; round++) {
        const times = new Map<Entry<Handle>, number>();
        for (const entry of live()) {
          if (round === 0 && entry !== first && (await isTooSlow(entry, repeats, time))) {
            entry.outcome = 'too slow';
            continue;
          }
          const ms = await sample(entry, repeats);
          entry.samples.push(ms);
          if (ms !== null) times.set(entry, ms);
        }
        const best = Math.min(...times.values());
        if (round === 0)
          for (const [entry, ms] of times)
            if (entry !== first && ms > DROP * best) entry.outcome = 'too slow';
      }
      const winner = choose(live(), first);
      const { key, product } = request;
      tuned.push({ key, product, choice: winner.choice, measurements: entries.map(measurement) });
    }
  } catch (thrown) {
    end = thrown instanceof Stop ? thrown.end : 'device lost';
  }
  for (const handle of made) device.release(handle);
  const isLost = end === 'device lost';
  return { tuned: isLost ? [] : tuned, end, culprit: isLost ? running : null, ms: device.now() - begin };
}

/** Whether a sample would hold the device for longer than a submit may. */
async function isTooSlow<Handle>(
  entry: Entry<Handle>,
  repeats: number,
  time: (entry: Entry<Handle>, repeats: number) => Promise<number | null>,
): Promise<boolean> {
  const probe = Math.max(1, repeats >> 3);
  const ms = await time(entry, probe);
  return ms !== null && (ms / probe) * repeats > SAMPLE_MS.most;
}

/** All candidates at once; what is not there by the deadline is no candidate. */
async function compileAll<Handle>(
  device: TuningDevice<Handle>,
  requests: readonly TuningRequest[],
  made: Handle[],
): Promise<readonly (readonly Entry<Handle>[])[]> {
  let isOver = false;
  const deadline = device.sleep(COMPILE_MS).then(() => {
    isOver = true;
    return null;
  });
  return Promise.all(
    requests.map(({ product, candidates }) =>
      Promise.all(
        candidates.map(async (choice): Promise<Entry<Handle>> => {
          const compiling = device.compile(product, choice).then((handle) => {
            if (handle === null) return null;
            if (isOver) device.release(handle);
            else made.push(handle);
            return handle;
          });
          const handle = await Promise.race([compiling, deadline]);
          return { choice, handle, outcome: handle === null ? 'not compiled' : 'measured', samples: [] };
        }),
      ),
    ),
  );
}

/** The default, unless another was at least 5 % faster than it in every round. */
function choose<Handle>(live: readonly Entry<Handle>[], first: Entry<Handle>): Entry<Handle> {
  let best = first;
  let bestMs = Number.POSITIVE_INFINITY;
  for (const entry of live) {
    if (entry === first || entry.samples.length < ROUNDS) continue;
    const isClear = entry.samples.every((ms, round) => {
      const other = first.samples[round] ?? null;
      return isGood(ms) && isGood(other) && ms <= CLEARLY * other;
    });
    const ms = median(entry.samples.filter(isGood));
    if (isClear && ms < bestMs) [best, bestMs] = [entry, ms];
  }
  return best;
}

function measurement<Handle>({ choice, outcome, samples }: Entry<Handle>): Measurement {
  const good = samples.filter(isGood);
  return { choice, outcome, samples, ms: good.length < 2 ? null : median(good) };
}

// A contest: every engine trains the same network from the same start, must agree with this lab, and is then timed in
// interleaved rounds. How many steps and rounds an engine gets follows from how long its own steps take.

import { macsPerExample } from '../../src/core/layers.ts';
import { type Case, type Contestant, type Engine, engines, growth } from './cases.ts';
import { type CaseResult, difference, median, medians, ratiosOf } from './measure.ts';
import { startOf } from './start.ts';

/** Losses of all engines after the same steps from the same start agree within this. */
const AGREEMENT = 1e-3;
/** A timed group of steps takes about so long. */
const GROUP_MS = 250;
/** Stock operations sit this one out. */
const LARGE_BATCH = 1024;
const ROUNDS = 7;
const FEW_ROUNDS = 3;
/** Engines whose steps take longer than this take part in two rounds; in one round, on a large batch, those far slower. */
const SLOW_MS = 4000;
const SLOW_ROUNDS = 2;
const SLOWEST_MS = 10_000;

/** Starts an engine; null where it is not on this machine. */
export type Start = (one: Case, batch: number, engine: Engine) => Promise<Contestant | null>;

interface Entry {
  readonly engine: Engine;
  readonly contestant: Contestant;
  /** Of a timed group. */
  readonly steps: number;
  readonly rounds: number;
  readonly times: (number | null)[];
}

async function enter(
  start: Start,
  one: Case,
  batch: number,
  engine: Engine,
  most: number,
): Promise<Entry | null> {
  const contestant = await start(one, batch, engine);
  if (!contestant) return null;
  const { stepMs } = contestant.ready;
  // The first steps of a fast engine are its slowest: once more, warm.
  const ms = stepMs > 4 * GROUP_MS ? stepMs : (await contestant.time(1)).ms;
  const isSlow = ms > SLOW_MS || (engine.isStock && ms > GROUP_MS);
  const rounds = batch === LARGE_BATCH && ms > SLOWEST_MS ? 1 : isSlow ? SLOW_ROUNDS : most;
  const steps = Math.max(1, Math.min(100, Math.round(GROUP_MS / ms)));
  return { engine, contestant, steps, rounds, times: [] };
}

async function timeRounds(entries: readonly Entry[], rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++)
    for (const { contestant, steps, times, rounds: own } of entries)
      times.push(round < own ? (await contestant.time(steps)).ms : null);
}

/** Throws where an engine trains another network than this lab. */
function agreementOf(entries: readonly Entry[]): Readonly<Record<string, number>> {
  const lossesOf = (id: string): readonly number[] =>
    entries.find(({ engine }) => engine.id === id)?.contestant.ready.losses ?? [];
  const agreement: Record<string, number> = {};
  for (const { engine, contestant } of entries) {
    if (engine.variant === 'products') continue;
    const ours = lossesOf(engine.rule === 'lion' ? 'labWebgpuLion' : 'labWasm');
    const { losses } = contestant.ready;
    const apart = difference(losses, ours);
    if (!(apart <= AGREEMENT))
      throw new Error(`${engine.id} trains another network: losses ${losses}, this lab's ${ours}.`);
    agreement[engine.id] = apart;
  }
  return agreement;
}

/** `isQuick`: three rounds, and without what takes seconds a step. */
export async function runCase(start: Start, one: Case, batch: number, isQuick: boolean): Promise<CaseResult> {
  const rounds = isQuick || batch === LARGE_BATCH ? FEW_ROUNDS : ROUNDS;
  const entries: Entry[] = [];
  try {
    for (const engine of engines.filter((candidate) => takesPart(candidate, one, batch, isQuick))) {
      const entry = await enter(start, one, batch, engine, rounds);
      if (entry) entries.push(entry);
    }
    const agreement = agreementOf(entries);
    await timeRounds(entries, rounds);
    const measured = new Map(entries.map(({ engine, times }) => [engine.id, times]));
    const ready = entries.find(({ engine }) => engine.id === 'labWebgpu')?.contestant.ready;
    return {
      id: one.id,
      batch,
      ms: medians(measured),
      ...ratiosOf(measured),
      agreement,
      step: ready
        ? { dispatches: ready.dispatches ?? 0, bytes: ready.bytes ?? 0, encodeMs: ready.encodeMs ?? 0 }
        : {},
    };
  } finally {
    for (const { contestant } of entries) await contestant.close();
  }
}

function takesPart({ isStock, rule, backend }: Engine, one: Case, batch: number, isQuick: boolean): boolean {
  if (isStock && batch === LARGE_BATCH) return false;
  if (rule === 'lion' && batch !== 128) return false;
  return !(isQuick && (rule === 'lion' || (one.id === 'b' && backend === 'webgpu')));
}

/** Time per FLOP of the WASM step as the network grows: [FLOPs a step, picoseconds per FLOP]. */
export async function runGrowth(start: Start): Promise<readonly (readonly [flops: number, ps: number])[]> {
  const batch = 128;
  const engine = engines.find(({ id }) => id === 'labWasm');
  const entries: Entry[] = [];
  const flops: number[] = [];
  try {
    for (const [index, config] of growth.entries()) {
      const entry = engine && (await enter(start, { id: `growth-${index}`, config }, batch, engine, ROUNDS));
      if (!entry) continue;
      entries.push(entry);
      flops.push(6 * macsPerExample(startOf(config, batch, 'adamw').layers) * batch);
    }
    await timeRounds(entries, ROUNDS);
    return entries.map(({ times }, index) => {
      const ms = median(times.filter((time) => time !== null));
      return [flops[index] as number, (ms * 1e9) / (flops[index] as number)] as const;
    });
  } finally {
    for (const { contestant } of entries) await contestant.close();
  }
}

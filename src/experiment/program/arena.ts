// The buffer plan: when each transient tensor lives, and where. Tensors whose lives do not meet share memory; tensors
// that one operation reads and another that it writes lie in different banks.
import type { Op } from './op.ts';
import { operandsOf } from './operands.ts';
import { alignedBytes } from './state.ts';
import { isTransient, type Operand, type Transient } from './transient.ts';

/** A tensor lives from the operation that first names it to the last one, both included. */
interface Life {
  readonly tensor: Transient;
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

interface Placement {
  /** Bytes of each bank. */
  readonly banks: readonly number[];
  readonly places: ReadonlyMap<Transient, { readonly bank: number; readonly byteOffset: number }>;
}

export interface ArenaPlan extends Placement {
  /** The most bytes that live at one time: no plan needs less. */
  readonly liveBytes: number;
}

/** Lives in order of birth. Tensors in `outputs` live to the end. */
function lives(ops: readonly Op<Operand>[], outputs: readonly Transient[] = []): readonly Life[] {
  const found = new Map<Transient, { first: number; last: number }>();
  ops.forEach((op, index) => {
    for (const { operand } of operandsOf(op)) {
      if (!isTransient(operand)) continue;
      const life = found.get(operand);
      if (life) life.last = index;
      else found.set(operand, { first: index, last: index });
    }
  });
  return Array.from(found, ([tensor, { first, last }]) => ({
    tensor,
    bytes: alignedBytes(tensor.shape.reduce((product, size) => product * size, 1)),
    first,
    last: outputs.includes(tensor) ? ops.length : last,
  }));
}

/** The largest sum of bytes over all moments. */
function peakBytes(all: readonly Life[]): number {
  const changes = new Map<number, number>();
  for (const { first, last, bytes } of all) {
    changes.set(first, (changes.get(first) ?? 0) + bytes);
    changes.set(last + 1, (changes.get(last + 1) ?? 0) - bytes);
  }
  let live = 0;
  let peak = 0;
  for (const [, change] of [...changes].sort(([a], [b]) => a - b)) {
    live += change;
    peak = Math.max(peak, live);
  }
  return peak;
}

/** The most bytes that live at one time, placed with no gap between them. */
export function liveBytes(ops: readonly Op<Operand>[], outputs: readonly Transient[] = []): number {
  return peakBytes(lives(ops, outputs));
}

type Apart = ReadonlyMap<Transient, ReadonlySet<Transient>>;

/** Pairs that may not share a bank: one is read and the other written by the same operation. */
function conflicts(ops: readonly Op<Operand>[]): Apart {
  const found = new Map<Transient, Set<Transient>>();
  const add = (from: Transient, to: Transient): void => {
    found.set(from, (found.get(from) ?? new Set()).add(to));
  };
  for (const op of ops) {
    const uses = operandsOf(op);
    for (const { operand: source, access } of uses) {
      if (access !== 'read' || !isTransient(source)) continue;
      for (const { operand: target, access: how } of uses) {
        if (how === 'read' || !isTransient(target)) continue;
        add(source, target);
        add(target, source);
      }
    }
  }
  return found;
}

/** Bytes over the least possible with which no further order is tried. */
const CLOSE_ENOUGH = 1.005;

/**
 * Orders in which tensors are placed: most conflicts first, weighed by bytes; longest, largest in time, largest first;
 * as they are born, as they die from the last.
 */
const orders: readonly ((life: Life, conflicts: number) => number)[] = [
  (_, conflicts) => conflicts,
  ({ bytes }, conflicts) => conflicts * bytes,
  ({ first, last }) => last - first,
  ({ bytes, first, last }) => (last - first + 1) * bytes,
  ({ bytes }) => bytes,
  ({ first }) => -first,
  ({ last }) => last,
];

/**
 * Greedy placement in several orders, of which the smallest arena wins: each tensor goes to the bank that grows least,
 * at the lowest offset that is free during its life, or in turns also at the highest. `banks` 'joint' puts all into one bank, whatever is read and written.
 */
export function planArena(
  ops: readonly Op<Operand>[],
  banks: 'apart' | 'joint',
  outputs: readonly Transient[] = [],
): ArenaPlan {
  const all = lives(ops, outputs);
  const apart: Apart = banks === 'apart' ? conflicts(ops) : new Map();
  const least = peakBytes(all);
  let best: Placement | null = null;
  for (const weight of orders) {
    const weights = new Map(all.map((life) => [life, weight(life, apart.get(life.tensor)?.size ?? 0)]));
    const weigh = (life: Life): number => weights.get(life) ?? 0;
    const ordered = all.toSorted((a, b) => weigh(b) - weigh(a) || b.bytes - a.bytes || a.first - b.first);
    // In one bank neighbours of a chain lie at opposite ends, so that the next one finds the room of the one before.
    const ends = banks === 'joint' ? [null, least] : [null];
    for (const end of ends) {
      const plan = place(ordered, apart, end);
      if (!best || size(plan) < size(best)) best = plan;
    }
    if (best && size(best) <= CLOSE_ENOUGH * least) break;
  }
  return { ...largestFirst(best ?? { banks: [], places: new Map() }), liveBytes: least };
}

const size = ({ banks }: Placement): number => banks.reduce((sum, bytes) => sum + bytes, 0);

/** The same plan with its banks in order of size, so that banks of several plans can be joined at little loss. */
function largestFirst({ banks, places }: Placement): Placement {
  const order = banks.map((_, bank) => bank).sort((a, b) => (banks[b] ?? 0) - (banks[a] ?? 0));
  return {
    banks: order.map((bank) => banks[bank] ?? 0),
    places: new Map(
      Array.from(places, ([tensor, { bank, byteOffset }]) => [
        tensor,
        { bank: order.indexOf(bank), byteOffset },
      ]),
    ),
  };
}

interface Placed extends Life {
  readonly byteOffset: number;
}

interface Open {
  bytes: number;
  /** By offset. */
  readonly placed: Placed[];
}

/** Every other tensor goes as high as it can below `end`, where that is not null and it fits. */
function place(ordered: readonly Life[], apart: Apart, end: number | null): Placement {
  const banks: Open[] = [];
  const places = new Map<Transient, { bank: number; byteOffset: number }>();
  for (const [turn, life] of ordered.entries()) {
    const { tensor, bytes } = life;
    const barred = new Set<number>();
    for (const other of apart.get(tensor) ?? []) barred.add(places.get(other)?.bank ?? -1);
    let best = { bank: banks.length, byteOffset: 0, growth: Number.POSITIVE_INFINITY };
    for (const [bank, { bytes: size, placed }] of banks.entries()) {
      if (barred.has(bank)) continue;
      const high = end !== null && turn % 2 === 1 ? highestGap(placed, life, end) : null;
      const byteOffset = high ?? lowestGap(placed, life);
      const growth = Math.max(0, byteOffset + bytes - size);
      if (growth < best.growth) best = { bank, byteOffset, growth };
    }
    const { bank, byteOffset } = best;
    const open = banks[bank] ?? { bytes: 0, placed: [] };
    banks[bank] = open;
    open.bytes = Math.max(open.bytes, byteOffset + bytes);
    const index = open.placed.findIndex((other) => other.byteOffset > byteOffset);
    open.placed.splice(index < 0 ? open.placed.length : index, 0, { ...life, byteOffset });
    places.set(tensor, { bank, byteOffset });
  }
  return { banks: banks.map(({ bytes }) => bytes), places };
}

/** The lowest offset where `life` meets nothing that lives at the same time. */
function lowestGap(placed: readonly Placed[], { first, last, bytes }: Life): number {
  let offset = 0;
  for (const other of placed) {
    if (other.first > last || first > other.last) continue;
    if (other.byteOffset - offset >= bytes) break;
    offset = Math.max(offset, other.byteOffset + other.bytes);
  }
  return offset;
}

/** The highest offset below `end` where `life` meets nothing that lives at the same time; null where it has no room. */
function highestGap(placed: readonly Placed[], { first, last, bytes }: Life, end: number): number | null {
  const met = placed.filter((other) => other.first <= last && first <= other.last);
  let top = end;
  for (const other of met.sort((a, b) => b.byteOffset + b.bytes - a.byteOffset - a.bytes)) {
    if (top - (other.byteOffset + other.bytes) >= bytes) break;
    top = Math.min(top, other.byteOffset);
  }
  return top >= bytes ? top - bytes : null;
}

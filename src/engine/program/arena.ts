// The buffer plan: when each transient tensor lives, and where. Tensors whose lives do not meet share memory; tensors
// that one operation reads and another that it writes lie in different banks.
import type { Op } from './op.ts';
import { operandsOf } from './operands.ts';
import { alignedBytes } from './state.ts';
import { isTransient, type Operand, type Transient } from './transient.ts';

/** A tensor lives from the operation that first names it to the last one, both included. */
export interface Life {
  readonly tensor: Transient;
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

export interface ArenaPlan {
  /** Bytes of each bank. */
  readonly banks: readonly number[];
  readonly places: ReadonlyMap<Transient, { readonly bank: number; readonly byteOffset: number }>;
  /** The most bytes that live at one time: no plan needs less. */
  readonly liveBytes: number;
}

/** Lives in order of birth. Tensors in `outputs` live to the end. */
export function lives(ops: readonly Op<Operand>[], outputs: readonly Transient[] = []): readonly Life[] {
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
export function peakBytes(all: readonly Life[]): number {
  let peak = 0;
  for (const { first } of all) {
    let live = 0;
    for (const life of all) if (life.first <= first && first <= life.last) live += life.bytes;
    peak = Math.max(peak, live);
  }
  return peak;
}

/** Pairs that may not share a bank: one is read and the other written by the same operation. */
function conflicts(ops: readonly Op<Operand>[]): ReadonlyMap<Transient, ReadonlySet<Transient>> {
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

const orders: readonly ((a: Life, b: Life) => number)[] = [
  (a, b) => b.bytes - a.bytes || a.first - b.first,
  (a, b) => b.last - b.first - (a.last - a.first) || b.bytes - a.bytes,
  (a, b) => a.first - b.first || b.bytes - a.bytes,
];

/**
 * Greedy placement (largest first, and two other orders; the smallest arena wins): each tensor goes to the bank that
 * grows least, at the lowest offset that is free during its life.
 */
export function planArena(ops: readonly Op<Operand>[], outputs: readonly Transient[] = []): ArenaPlan {
  const all = lives(ops, outputs);
  const apart = conflicts(ops);
  const plans = orders.map((order) => place(all.toSorted(order), apart));
  const size = (plan: (typeof plans)[number]): number => plan.banks.reduce((sum, bytes) => sum + bytes, 0);
  const best = plans.reduce((least, plan) => (size(plan) < size(least) ? plan : least));
  return { ...best, liveBytes: peakBytes(all) };
}

interface Placed extends Life {
  readonly byteOffset: number;
}

function place(
  ordered: readonly Life[],
  apart: ReadonlyMap<Transient, ReadonlySet<Transient>>,
): Omit<ArenaPlan, 'liveBytes'> {
  const banks: { bytes: number; placed: Placed[] }[] = [];
  const places = new Map<Transient, { bank: number; byteOffset: number }>();
  for (const life of ordered) {
    const { tensor, bytes } = life;
    let best: { bank: number; byteOffset: number; growth: number } | null = null;
    for (const [bank, { bytes: size, placed }] of banks.entries()) {
      if (placed.some((other) => apart.get(tensor)?.has(other.tensor))) continue;
      const byteOffset = lowestGap(placed, life);
      const growth = Math.max(0, byteOffset + bytes - size);
      if (!best || growth < best.growth) best = { bank, byteOffset, growth };
    }
    if (!best) {
      best = { bank: banks.length, byteOffset: 0, growth: bytes };
      banks.push({ bytes: 0, placed: [] });
    }
    const bank = banks[best.bank] as (typeof banks)[number];
    bank.bytes += best.growth;
    bank.placed.push({ ...life, byteOffset: best.byteOffset });
    places.set(tensor, { bank: best.bank, byteOffset: best.byteOffset });
  }
  return { banks: banks.map(({ bytes }) => bytes), places };
}

/** The lowest offset where `life` meets nothing that lives at the same time. */
function lowestGap(placed: readonly Placed[], life: Life): number {
  const met = placed
    .filter((other) => other.first <= life.last && life.first <= other.last)
    .sort((a, b) => a.byteOffset - b.byteOffset);
  let offset = 0;
  for (const other of met) {
    if (other.byteOffset - offset >= life.bytes) break;
    offset = Math.max(offset, other.byteOffset + other.bytes);
  }
  return offset;
}

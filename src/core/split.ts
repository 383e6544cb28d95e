// Which rows a run trains on and which it is tuned on: seeded, class-proportional, and nested.
// Every class has one shuffled order a seed and purpose; sizes only say how far into it a split reaches. So a smaller
// training set lies within a larger one of the same seed and validation size: exactly where the classes are of equal
// size, elsewhere but for the row a class that rounding to largest remainders can take back.
import { permutation, streams } from './rng.ts';

export interface SplitSizes {
  /** Training rows; 0 takes all that validation leaves, and so does a number beyond it. */
  readonly trainSize: number;
  /** Validation rows; taken first. */
  readonly validationSize: number;
  readonly seed: number;
}

export interface SplitRows {
  /** Rows of the full train split, ascending. */
  readonly train: Uint32Array<ArrayBuffer>;
  readonly validation: Uint32Array<ArrayBuffer>;
}

/**
 * Splits the rows of a train split. Classes keep their shares of the whole, by largest remainders; the two answers
 * never share a row.
 * @param labels one class index a row
 * @throws RangeError where validation wants more rows than there are
 */
export function splitRows(labels: Uint8Array, classes: number, sizes: SplitSizes): SplitRows {
  const { trainSize, validationSize, seed } = sizes;
  if (validationSize > labels.length) {
    throw new RangeError(`validation of ${validationSize} rows from ${labels.length}`);
  }
  const all = byClass(labels, classes);
  const validation = take(all, validationSize, seed, streams.validation);
  const kept = new Set(validation);
  const left = all.map((rows) => rows.filter((row) => !kept.has(row)));
  const available = labels.length - validationSize;
  const wanted = trainSize === 0 ? available : Math.min(trainSize, available);
  return { train: ascending(take(left, wanted, seed, streams.subset)), validation: ascending(validation) };
}

function byClass(labels: Uint8Array, classes: number): number[][] {
  const rows: number[][] = Array.from({ length: classes }, () => []);
  for (let row = 0; row < labels.length; row++) {
    const group = rows[labels[row] as number];
    if (!group) throw new RangeError(`label ${labels[row]} of row ${row} is none of ${classes} classes`);
    group.push(row);
  }
  return rows;
}

function take(
  groups: readonly (readonly number[])[],
  wanted: number,
  seed: number,
  purpose: number,
): number[] {
  const shares = quotas(
    groups.map((rows) => rows.length),
    wanted,
  );
  return groups.flatMap((rows, label) => {
    const order = permutation(rows.length, seed, purpose, label);
    return [...order.subarray(0, shares[label])].map((index) => rows[index] as number);
  });
}

function ascending(rows: readonly number[]): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(rows).sort();
}

/**
 * How many rows of each class, by largest remainders (Hamilton): the whole part of each exact share, and one more for
 * the largest remainders, the lower class first where two are equal. No class is ever more than one row off its share.
 */
function quotas(counts: readonly number[], wanted: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return counts.map(() => 0);
  const shares = counts.map((count) => Math.floor((wanted * count) / total));
  const remainders = counts.map((count, label) => ({ label, left: (wanted * count) % total }));
  remainders.sort((a, b) => b.left - a.left || a.label - b.label);
  const missing = wanted - shares.reduce((sum, share) => sum + share, 0);
  for (const { label } of remainders.slice(0, missing)) shares[label] = (shares[label] as number) + 1;
  return shares;
}

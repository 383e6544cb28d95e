// Which class was taken for which.

/** What a network said of the rows of a split. */
export interface Predictions {
  /** The true class of each row. */
  readonly labels: Uint8Array;
  /** The class with the largest probability. */
  readonly predicted: Uint8Array;
  /** The probability of that class. */
  readonly confidence: Float32Array;
}

export interface Confusion {
  readonly classes: number;
  /** classes × classes: rows are true classes, columns predicted ones. */
  readonly counts: Uint32Array;
  /** Rows of each true class. */
  readonly totals: Uint32Array;
}

export function confusionOf({ labels, predicted }: Predictions, classes: number): Confusion {
  const counts = new Uint32Array(classes * classes);
  const totals = new Uint32Array(classes);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    const cell = label * classes + (predicted[row] as number);
    counts[cell] = (counts[cell] as number) + 1;
    totals[label] = (totals[label] as number) + 1;
  }
  return { classes, counts, totals };
}

/** Of the images of a true class the share that was predicted as another one; 0 where there are none. */
export function shareOf({ classes, counts, totals }: Confusion, label: number, predicted: number): number {
  const total = totals[label] as number;
  return total === 0 ? 0 : (counts[label * classes + predicted] as number) / total;
}

/** The pairs of classes that are mixed up most, by count, ties in order. */
export function worstPairs(
  { classes, counts }: Confusion,
  most: number,
): readonly { readonly label: number; readonly predicted: number; readonly count: number }[] {
  return [...counts]
    .map((count, cell) => ({ label: Math.floor(cell / classes), predicted: cell % classes, count }))
    .filter(({ label, predicted, count }) => label !== predicted && count > 0)
    .toSorted((a, b) => b.count - a.count)
    .slice(0, most);
}

/** Rows of a cell, the most confident first. */
export function rowsOfCell(
  { labels, predicted, confidence }: Predictions,
  label: number,
  taken: number,
): readonly number[] {
  const rows: number[] = [];
  for (let row = 0; row < labels.length; row++)
    if (labels[row] === label && predicted[row] === taken) rows.push(row);
  return rows.toSorted((a, b) => (confidence[b] as number) - (confidence[a] as number) || a - b);
}

/** Wrong rows, the most confident first. */
export function worstMistakes(
  { labels, predicted, confidence }: Predictions,
  most: number,
): readonly number[] {
  const rows: number[] = [];
  for (let row = 0; row < labels.length; row++) if (labels[row] !== predicted[row]) rows.push(row);
  return rows
    .toSorted((a, b) => (confidence[b] as number) - (confidence[a] as number) || a - b)
    .slice(0, most);
}

// What every reader of a dataset answers, and how splits in pieces become one.
import type { ImageShape, Split } from '../dataset.ts';
import type { Pause } from './byte-reader.ts';

export interface Splits {
  /** Which order the rows are in. */
  readonly order: string;
  readonly train: Split;
  readonly test: Split;
}

/** What own data answers: it brings its shape and the names of its classes. */
export interface OwnSplits extends Splits {
  readonly shape: ImageShape;
  readonly classes: readonly string[];
}

/** The pieces one after the other; empties `pieces` on the way, so that the bytes are held twice for one piece only. */
export async function joinSplits(pieces: Split[], pause: Pause): Promise<Split> {
  if (pieces.length === 1) return pieces[0] as Split;
  const total = pieces.reduce((sum, piece) => sum + piece.labels.length, 0);
  const bytes = pieces.reduce((sum, piece) => sum + piece.images.length, 0);
  const images = new Uint8Array(bytes);
  const labels = new Uint8Array(total);
  let row = 0;
  let at = 0;
  for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
    images.set(piece.images, at);
    labels.set(piece.labels, row);
    at += piece.images.length;
    row += piece.labels.length;
    await pause();
  }
  return { images, labels };
}

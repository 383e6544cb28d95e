// Names at the ends of lines: beside the end where nothing is in the way, else above or below, and pushed apart where two
// would overlap.

export interface LabelWish {
  readonly key: string;
  readonly text: string;
  readonly colour: string;
  /** The end of the line in pixels. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedLabel extends LabelWish {
  readonly anchor: 'start' | 'end';
  readonly labelX: number;
  readonly labelY: number;
}

const LINE = 14;
const LETTER = 5.9;

interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** Whether a line passes through a box. */
function passes(
  line: readonly Pixel[],
  [left, right]: readonly [number, number],
  [top, bottom]: readonly [number, number],
): boolean {
  return line.some((p, index) => {
    const q = line[index + 1] ?? p;
    const [a, b] = p.x <= q.x ? [p, q] : [q, p];
    if (b.x < left || a.x > right) return false;
    const at = (x: number): number => (b.x === a.x ? a.y : a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x));
    const [from, to] = [at(Math.max(left, a.x)), at(Math.min(right, b.x))];
    return Math.min(from, to) < bottom && Math.max(from, to) > top;
  });
}

function span({ anchor, labelX, text }: PlacedLabel): readonly [number, number] {
  const width = text.length * LETTER;
  return anchor === 'start' ? [labelX, labelX + width] : [labelX - width, labelX];
}

function areBeside(one: PlacedLabel, other: PlacedLabel): boolean {
  const [a, b] = span(one);
  const [c, d] = span(other);
  return a < d && c < b;
}

/** Right of the end where there is room, else ending at it, above; off the lines where one goes through a name. */
export function placeLabels(
  wishes: readonly LabelWish[],
  frame: { readonly right: number; readonly top: number; readonly bottom: number },
  lines: readonly (readonly Pixel[])[] = [],
): readonly PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  for (const wish of [...wishes].sort((a, b) => a.y - b.y)) {
    const fits = wish.x + 8 + wish.text.length * LETTER < frame.right;
    const label: PlacedLabel = {
      ...wish,
      anchor: fits ? 'start' : 'end',
      labelX: fits ? wish.x + 8 : wish.x,
      labelY: fits ? wish.y + 4 : wish.y - 8,
    };
    const isFree = (y: number): boolean =>
      y > frame.top + 9 &&
      y < frame.bottom - 2 &&
      !lines.some((line) => passes(line, span(label), [y - 10, y + 3]));
    const free = (fits ? [wish.y + 4, wish.y - 8, wish.y + 17] : [wish.y - 8, wish.y + 17, wish.y - 22]).find(
      isFree,
    );
    let y = Math.max(frame.top + 10, free ?? label.labelY);
    for (const other of placed) {
      if (areBeside(label, other) && y < other.labelY + LINE && y > other.labelY - LINE) {
        // An end label that was above its line goes below it when another name is already there.
        y = label.anchor === 'end' && wish.y + 16 >= other.labelY + LINE ? wish.y + 16 : other.labelY + LINE;
      }
    }
    placed.push({ ...label, labelY: y });
  }
  // What was pushed out at the bottom comes back and pushes the others up.
  const kept: PlacedLabel[] = [];
  for (const label of placed.toSorted((a, b) => b.labelY - a.labelY)) {
    let y = Math.min(frame.bottom - 3, label.labelY);
    for (const other of kept) {
      if (areBeside(label, other) && y > other.labelY - LINE) y = other.labelY - LINE;
    }
    kept.push({ ...label, labelY: y });
  }
  return kept;
}

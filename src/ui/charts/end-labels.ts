// Names at the ends of lines, set beside or above the end and pushed apart where they would overlap.

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

/** Right of the end where there is room, else ending at it, above. */
export function placeLabels(
  wishes: readonly LabelWish[],
  frame: { readonly right: number; readonly top: number; readonly bottom: number },
): readonly PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  const span = (label: PlacedLabel): readonly [number, number] => {
    const width = label.text.length * LETTER;
    return label.anchor === 'start'
      ? [label.labelX, label.labelX + width]
      : [label.labelX - width, label.labelX];
  };
  for (const wish of [...wishes].sort((a, b) => a.y - b.y)) {
    const fits = wish.x + 8 + wish.text.length * LETTER < frame.right;
    const label: PlacedLabel = {
      ...wish,
      anchor: fits ? 'start' : 'end',
      labelX: fits ? wish.x + 8 : wish.x,
      labelY: fits ? wish.y + 4 : wish.y - 8,
    };
    let y = Math.max(frame.top + 10, label.labelY);
    for (const other of placed) {
      const [a, b] = span(label);
      const [c, d] = span(other);
      const beside = a < d && c < b;
      if (beside && y < other.labelY + LINE && y > other.labelY - LINE) {
        // An end label that was above its line goes below it when another name is already there.
        y = label.anchor === 'end' && wish.y + 16 >= other.labelY + LINE ? wish.y + 16 : other.labelY + LINE;
      }
    }
    placed.push({ ...label, labelY: Math.min(frame.bottom - 3, y) });
  }
  return placed;
}

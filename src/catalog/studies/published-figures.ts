// What the hourglass paper measured, to be laid beside runs of the lab: PSNR against parameters by task, every point that
// was searched and the front of each family.

import { quantities } from './quantities.ts';
import type { CurvePoint, Figure, FigurePoint } from './study.ts';

export interface PublishedPoint {
  readonly family: 'hourglass' | 'conventional';
  readonly parameters: number;
  readonly psnr: number;
  /** Over its runs; null with one. */
  readonly deviation: number | null;
  readonly runs: number;
  readonly width: number;
  readonly inner: number;
  readonly blocks: number;
}

/** Reads the rows of a task as `hourglass-points.ts` has them. */
export function readPublished(rows: string): readonly PublishedPoint[] {
  return rows.split(';').map((row) => {
    const [family, parameters, psnr, deviation, runs, width, inner, blocks] = row.trim().split(' ');
    return {
      family: family === 'h' ? 'hourglass' : 'conventional',
      parameters: Number(parameters),
      psnr: Number(psnr),
      deviation: deviation === '-' ? null : Number(deviation),
      runs: Number(runs),
      width: Number(width),
      inner: Number(inner),
      blocks: Number(blocks),
    };
  });
}

/** Points that no point of as many parameters or fewer beats, by rising parameters. */
export function frontOf(points: readonly PublishedPoint[]): readonly PublishedPoint[] {
  const front: PublishedPoint[] = [];
  for (const point of points.toSorted((a, b) => a.parameters - b.parameters || b.psnr - a.psnr)) {
    const best = front.at(-1);
    if (!best || point.psnr > best.psnr) front.push(point);
  }
  return front;
}

/** Two deviations of the mean over the runs. */
const pointOf = ({ parameters, psnr, deviation, runs }: PublishedPoint): FigurePoint => {
  const half = deviation === null ? null : (2 * deviation) / Math.sqrt(runs);
  return {
    x: parameters,
    y: psnr,
    interval: half === null ? null : [psnr - half, psnr + half],
    runs,
    doubt: null,
  };
};

/** A figure a task, which take turns. */
export async function publishedFigures(): Promise<readonly Figure[]> {
  const { publishedPoints } = await import('./hourglass-points.ts');
  return Object.entries(publishedPoints).map(([task, rows]): Figure => {
    const points = readPublished(rows);
    return {
      title: `Published: ${task}`,
      x: quantities.parameters,
      y: { label: 'PSNR', unit: 'dB', scale: 'linear' },
      choice: { of: 'published results', word: task },
      lines: (['hourglass', 'conventional'] as const).map((family) => {
        const own = points.filter((point) => point.family === family);
        return {
          label: `${family}, ${own.length} searched`,
          points: own.map(pointOf),
          fit: null,
          isScatter: true,
          curve: frontOf(own).map(
            ({ parameters, psnr }): CurvePoint => ({ x: parameters, y: psnr, interval: null }),
          ),
        };
      }),
      notes: [
        'The authors searched five to ten times as many hourglasses as conventional networks, and every conventional one has a trained lift and head. Two deviations of the mean as whiskers. Another task, other images and other sizes than here: compare the shapes of the fronts, not the numbers.',
      ],
    };
  });
}

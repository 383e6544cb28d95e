// What a study is: a question, the sweep that answers it, small enough for a browser, and what its runs say. The fits
// behind a finding are read when a finding is asked for, not with the page.
import type { HeldRow } from '../../core/fits/held-rows.ts';
import type { Counting, Fit } from '../../core/fits/law.ts';
import type { LawId } from '../../core/fits/laws.ts';
import type { Observed } from '../../core/measurement.ts';
import type { Interval } from '../../core/stats/bootstrap.ts';

export interface Quantity {
  readonly label: string;
  readonly unit?: string;
  readonly scale: 'log' | 'linear';
  /** Names of its values 0, 1, 2, …, where it has no numbers: then its scale is linear. */
  readonly categories?: readonly string[];
  /** Between what its values lie: no axis goes further. */
  readonly within?: Interval;
}

/** The runs of a cell as one point. */
export interface FigurePoint {
  readonly x: number;
  readonly y: number;
  /** Of the mean over seeds; null with one seed. */
  readonly interval: Interval | null;
  readonly runs: number;
  /** Keys of those runs, where they are known: the way from a point to what is behind it. */
  readonly keys?: readonly string[];
  /** Why the point is not to be trusted (drawn hollow); null: it is. */
  readonly doubt: string | null;
}

/** A place on a curve that was computed, not measured. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  readonly interval: Interval | null;
}

export interface FigureLine {
  readonly label: string;
  readonly points: readonly FigurePoint[];
  /** The law through its points, where one was fitted. */
  readonly fit: Fit | null;
  /** What the figure shows for a y of 1 of the law: 100 where the law has shares and the figure percent; 1 if absent. */
  readonly factor?: number;
  /** Rows that the law did not see, and what it said of them. Not among the points. */
  readonly held?: readonly HeldRow[];
  /** Drawn dashed: a model's prediction, an allocation, a front that others published. */
  readonly curve?: readonly CurvePoint[];
  /** Its points have no order: they are not joined. Points with a law never are. */
  readonly isScatter?: boolean;
  /** Its curve runs along other lines: drawn wide and faint, under them. */
  readonly isUnder?: boolean;
}

/** A value that the figure is to be read against, across it. */
export interface FigureRule {
  readonly at: 'x' | 'y';
  readonly value: number;
  readonly words: string;
  readonly interval?: Interval | null;
  /** The axis reaches to it: without it the values say little. */
  readonly isShown?: boolean;
}

export interface Figure {
  readonly title: string;
  readonly x: Quantity;
  readonly y: Quantity;
  readonly lines: readonly FigureLine[];
  readonly rules?: readonly FigureRule[];
  /** What is to be known before reading it: how it was made, what is not in it. */
  readonly notes?: readonly string[];
  /** Figures of one `of` show the same against another quantity: one is seen at a time, chosen by its word. */
  readonly choice?: { readonly of: string; readonly word: string };
}

/** By rule, from intervals: `undecided` means that these runs cannot tell, at this size. */
export type Answer = 'supported' | 'not supported' | 'undecided';

export interface Verdict {
  readonly answer: Answer;
  /** What the answer rests on, and what speaks against it, in words with numbers. */
  readonly evidence: readonly string[];
}

export interface Finding {
  /** The first one answers the question. */
  readonly figures: readonly Figure[];
  readonly verdict: Verdict;
}

/** What studies are grouped by, in menu order: the paper, or the papers on one matter, that the claims come from. */
export const papers = {
  'scaling-mlps': 'Scaling MLPs',
  hourglass: 'Hourglass',
  'batch-size': 'Batch size',
  'scaling-laws': 'Fitting scaling laws',
} as const;

export type PaperId = keyof typeof papers;

/** How a finding is to be made. */
export interface Asked {
  /** Resamples behind each interval; 0: a first look without intervals. */
  readonly resamples: number;
  /** FLOPs of a multiply-add. */
  readonly counting: Counting;
}

export const usual: Asked = { resamples: 200, counting: 2 };

export interface Study {
  readonly label: string;
  /** The group it stands in; studies of one group follow one another in the index. */
  readonly paper: PaperId;
  readonly question: string;
  /** The claim that the verdict is about, in one sentence. */
  readonly claim: string;
  /** Paper and section of the claim. */
  readonly source: string;
  /** The sweep as a link writes it: settings and `sweep.*`; whoever opens `study=<id>` may override each key. */
  readonly settings: string;
  readonly x: Quantity;
  readonly y: Quantity;
  /** The law that is fitted; null: none. */
  readonly law: LawId | null;
  /** What is smaller here than in the source. */
  readonly scaledDown: string;
  /** What in the results answers the question, in one sentence. */
  readonly answer: string;
  /**
   * What the runs that are there say: finished ones count, diverged ones are named. Never throws, also not on runs that
   * answer nothing yet. `usual` where nothing is asked.
   */
  readonly finding: (rows: readonly Observed[], asked?: Asked) => Promise<Finding>;
}

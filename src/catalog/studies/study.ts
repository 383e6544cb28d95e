// What a study is: a question, the sweep that answers it, small enough for a browser, and what its runs say. The fits
// behind a finding are read when a finding is asked for, not with the page.
import type { Fit } from '../../core/fits/law.ts';
import type { LawId } from '../../core/fits/laws.ts';
import type { Observed } from '../../core/measurement.ts';
import type { Interval } from '../../core/stats/bootstrap.ts';

export interface Quantity {
  readonly label: string;
  readonly unit?: string;
  readonly scale: 'log' | 'linear';
}

/** The runs of a cell as one point. */
export interface FigurePoint {
  readonly x: number;
  readonly y: number;
  /** Of the mean over seeds; null with one seed. */
  readonly interval: Interval | null;
  readonly runs: number;
  /** Why the point is not to be trusted (drawn hollow); null: it is. */
  readonly doubt: string | null;
}

export interface FigureLine {
  readonly label: string;
  readonly points: readonly FigurePoint[];
  /** The law through its points, where one was fitted. */
  readonly fit: Fit | null;
}

export interface Figure {
  readonly title: string;
  readonly x: Quantity;
  readonly y: Quantity;
  readonly lines: readonly FigureLine[];
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
   * answer nothing yet.
   */
  readonly finding: (rows: readonly Observed[]) => Promise<Finding>;
}

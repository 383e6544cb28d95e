// What a study is: a question, and the sweep that answers it, small enough for a browser.

export interface Study {
  readonly label: string;
  readonly question: string;
  /** Paper and section of the claim. */
  readonly source: string;
  /** The sweep as a link writes it: settings and `sweep.*`; whoever opens `study=<id>` may override each key. */
  readonly settings: string;
  /** What is smaller here than in the source. */
  readonly scaledDown: string;
  /** What in the results answers the question, in one sentence. */
  readonly answer: string;
}

// What a preset is: settings to start from, as a link writes them, with where they come from and what is smaller here.

/**
 * Where a preset is offered. `start`: on the empty page; `figure`: in the Guide, to reproduce a figure of a paper;
 * `recipe`: in the Guide, a published way to train.
 */
export type PresetUse = 'start' | 'figure' | 'recipe';

export interface Preset {
  readonly label: string;
  readonly use: PresetUse;
  /** What happens, in one or two sentences. */
  readonly help: string;
  /** Paper, and figure or section. */
  readonly source: string;
  /** As a link writes them: settings, `sweep.*` or `study=<id>`. */
  readonly settings: string;
  /** What the source reports, with its numbers; null where there is nothing to compare with. */
  readonly published: string | null;
  /** What is smaller here than in the source, or otherwise not the same; null: nothing. */
  readonly scaledDown: string | null;
  /** How unequally the source searched what it compares. */
  readonly effort?: string;
}

// What a task is: what the network puts out and how that is scored.
import type { Fields } from '../../core/setting.ts';

export interface Task {
  readonly label: string;
  readonly help: string;
  readonly source: string;
  readonly fields: Fields;
  /** Features the head puts out. */
  readonly outputs: (dataset: { readonly classes: number; readonly inputs: number }) => number;
}

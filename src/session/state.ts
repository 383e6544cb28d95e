// What the page knows, as one plain object. Metric columns live beside it (session.log), never in it.
import type { DatasetCard } from '../core/dataset.ts';
import type { Failure } from '../core/failure.ts';
import type { Measurement } from '../core/measurement.ts';
import type { MetricLog } from '../core/metrics.ts';
import type { Problem } from '../experiment/address.ts';
import type { Config, Named } from '../experiment/config.ts';
import type { KernelTuning } from '../experiment/kernel-tuning.ts';
import type { Lesson } from '../experiment/lesson.ts';
import type { DeviceSpeed, Plan } from '../experiment/plan.ts';
import type { BackendChoice, DeviceInfo, LoadFrom } from '../experiment/protocol.ts';
import type { LinkedResult } from '../experiment/result-link.ts';
import type { Remarks, Run } from '../experiment/run.ts';
import type { Sight, SightKind, SightWish } from '../experiment/sight.ts';
import type { Sweep } from '../experiment/sweep/sweep.ts';
import type { TrialList } from '../experiment/sweep/trials.ts';
import type { Analyse } from './analysis.ts';
import type { History } from './history.ts';
import type { Live } from './live.ts';
import type { QueueState } from './queue-state.ts';
import type { StoredKind, Usage } from './storage.ts';

export const xAxes = ['step', 'epoch', 'examples', 'flops', 'seconds'] as const;
export type XAxis = (typeof xAxes)[number];
export type Theme = 'light' | 'dark' | 'system';

/** The views of the page, in the order of their tabs. */
export const pages = ['train', 'inside', 'studies', 'runs', 'guide'] as const;
export type Page = (typeof pages)[number];

/** How several seeds of one config are drawn: their mean with its interval, or each by itself. */
export const seedStyles = ['mean', 'each'] as const;
export type SeedStyle = (typeof seedStyles)[number];

/** How things are shown: `view.*` in a link; kept between visits. */
export interface View {
  readonly x: XAxis;
  readonly logX: boolean;
  readonly logY: boolean;
  /** Exponential smoothing in [0, 1): weight of the past. */
  readonly smoothing: number;
  readonly seeds: SeedStyle;
  /** FLOPs of a multiply-add: 2 in every fit, 1 as Scaling MLPs counts. */
  readonly multiplyAdd: 1 | 2;
}

/** A dataset as far as this page has it. */
export type DataState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'loading';
      readonly phase: string;
      readonly file: string;
      readonly done: number;
      readonly total: number | null;
      readonly startedAt: number;
    }
  | { readonly status: 'ready'; readonly card: DatasetCard }
  | { readonly status: 'failed'; readonly failure: Failure };

export type Slot = 0 | 1 | 2 | 3 | 4 | 5;

/** A run on the charts. Its colour slot belongs to the config without its seed, not to the row; null: it waits for one. */
export interface Shown {
  readonly key: string;
  readonly slot: Slot | null;
}

/** One kind of sight of a run: what was seen last stays while the next one is awaited. */
export interface SightState {
  readonly isAsked: boolean;
  readonly seen: { readonly step: number; readonly sight: Sight } | null;
  /** Why the last look gave nothing. */
  readonly failure: Failure | null;
}

/** The inside of a run's network, as far as this page has it. */
export type RunSights = Readonly<Partial<Record<SightKind, SightState>>>;

/** What was dropped and waits for a word: settings for the form, or weights to start from. */
export type Offer =
  | { readonly kind: 'settings'; readonly name: string; readonly link: string }
  | { readonly kind: 'weights'; readonly name: string; readonly bytes: number };

export interface LabState {
  readonly page: Page;
  /** The run that the Inside view was asked for: its key or the start of its id; null: the view chooses. */
  readonly subject: string | null;
  /** What the form shows; mirrors the address bar. */
  readonly draft: Config;
  /** Train begins from the checkpoint of this run, with the draft's settings; null: from new weights. */
  readonly fork: string | null;
  /** What the link varies around the draft; null: one run. */
  readonly sweep: Sweep | null;
  /** What the link hides and tells; null: it is no lesson. */
  readonly lesson: Lesson | null;
  /** What the link says that its run gave; null: nothing. Shown as a run "from a link". */
  readonly result: LinkedResult | null;
  /** What the link's sweep gave, as the link packs it; the Studies view reads it. Null: nothing. */
  readonly finding: string | null;
  /** What the form showed before, and what was undone. */
  readonly history: History;
  readonly problems: readonly Problem[];
  /** The link is from a newer lab: show, do not train. */
  readonly readOnly: boolean;
  /** The draft's plan, or why it cannot be trained. */
  readonly planned: { readonly plan: Plan } | { readonly failure: Failure };
  readonly view: View;
  readonly theme: Theme;
  readonly engine:
    | { readonly status: 'starting' }
    | { readonly status: 'ready'; readonly device: DeviceInfo }
    | { readonly status: 'failed'; readonly failure: Failure };
  readonly backend: BackendChoice;
  /** Whether the browser is to tell that a run has ended while the page was hidden. */
  readonly notify: boolean;
  /** Measured once after first paint; null until then. */
  readonly speed: DeviceSpeed | null;
  /** Whether GPU kernels (and for small networks GPU or CPU) are chosen by measuring, and all that was measured. */
  readonly tuning: { readonly isOn: boolean; readonly known: readonly KernelTuning[] };
  readonly data: Readonly<Partial<Record<Config['data'], DataState>>>;
  /** Datasets that are kept in this browser, loaded or not: what Forget would delete. */
  readonly kept: readonly Config['data'][];
  /** Dropped files while it is found out which dataset they are, or why they were not taken; null: none. */
  readonly drop: Extract<DataState, { status: 'loading' | 'failed' }> | null;
  /** What was dropped that is no dataset; null: nothing waits. */
  readonly offer: Offer | null;
  /** Newest first. */
  readonly runs: readonly Run[];
  /** Key of the run that trains now, or null; of several side by side, the first that has not ended. */
  readonly active: string | null;
  /** All runs that train now, by key, and where each is. */
  readonly training: Readonly<Record<string, Live>>;
  /** Train was pressed and what it needs (engine, data, checkpoint) is being made ready; Stop gives it up. */
  readonly preparing: boolean;
  /** Why the last Train, Step, Resume or Restart started nothing; null once one starts or it is dismissed. */
  readonly startFailure: Failure | null;
  /** Stop was asked for and the worker has not answered yet. */
  readonly stopping: boolean;
  /** Where the active run is. */
  readonly live: Live | null;
  /** Runs of this page whose newest state is not in storage yet: closing the page now loses what came after their checkpoint. */
  readonly unsaved: readonly string[];
  readonly shown: readonly Shown[];
  /** What is to be seen inside the networks of runs, by run key: those that trained on this page, and those asked for. */
  readonly sights: Readonly<Record<string, RunSights>>;
  /** Runs that were removed and can still be brought back, newest last. */
  readonly removed: readonly Run[];
  readonly queue: QueueState;
  /** Measurements of runs that ended, by run key, as far as somebody asked for them. */
  readonly measured: Readonly<Record<string, Measurement>>;
  /** Bumped at most once a frame when a run's log grew. */
  readonly seriesVersion: Readonly<Record<string, number>>;
  /** Bytes this page stores, and what to say when storing failed. */
  readonly storage: { readonly bytes: number; readonly failure: Failure | null };
}

/** The session: one store and the actions on it. */
export interface Session {
  readonly get: () => LabState;
  readonly subscribe: (listener: () => void) => () => void;
  /** The metric columns of a run; null while they are being read from storage (seriesVersion changes when they are there). */
  readonly log: (key: string) => MetricLog | null;
  /** The trials of a sweep's link; null while they are being listed (`queue.listed` changes when they are there). */
  readonly trials: (link: string) => TrialList | null;
  /** Fits and findings, made on a thread of their own. */
  readonly analyse: Analyse;
  readonly actions: Actions;
}

export interface Actions {
  /** Changes settings of the draft (not of a read-only one); rewrites the address bar (replaceState). */
  edit(changes: Named): void;
  /** Back to the defaults: all settings, or those named. */
  reset(keys?: readonly (keyof Config)[]): void;
  /** Back to what the form showed before, and forth again. */
  undo(): void;
  redo(): void;
  openLink(text: string): void;
  setLesson(lesson: Lesson | null): void;
  /** Takes the words about the link's result away; its run stays on the charts. */
  dismissResult(): void;
  /** Trains the link's run again, on the backend that it was trained on where this one is there. */
  reproduce(): Promise<void>;
  dismissProblems(): void;
  setView(changes: Partial<View>): void;
  setTheme(theme: Theme): void;
  /** Opens the engine on this backend, again when it failed; a run that trains is finished first. */
  setBackend(backend: BackendChoice): void;
  /** Off: the fixed tables choose kernels, and nothing is measured before a run. */
  setTuning(isOn: boolean): void;
  /** Saves all that was measured as JSON. */
  exportTuning(): void;
  /** Trains the draft as a new run, or resumes the stopped run of the same config when there is one. */
  train(): Promise<void>;
  /** Stops the active run at the next step with a checkpoint, or gives up preparing one; the button answers at once. */
  stop(): void;
  /** One step, then stop. */
  step(): Promise<void>;
  resume(key: string): Promise<void>;
  /** Starts the draft's config again from step 0 as a new attempt, leaving the old run in the list. */
  restart(): Promise<void>;
  /** Trains the trials of the draft's sweep side by side: what was stopped goes on; once all are over, all start anew. */
  startTogether(): Promise<void>;
  /** Rewrites keys of the draft's sweep as a link has them, without `sweep.` before them; null takes one out. */
  editSweep(changes: Readonly<Record<string, string | null>>): void;
  /** Puts the draft's sweep into the queue and works the queue off. */
  startSweep(): void;
  /** Puts the sweep of a link before all others of the queue and works the queue off; the draft stays. */
  startSweepOf(link: string): void;
  /** Works the queue off: sweeps that are paused are left out, unless one is named, which then goes on. */
  resumeQueue(sweep?: string): void;
  /** Stops the queue, or lets one sweep wait; the trial that trains keeps its checkpoint. */
  pauseQueue(sweep?: string): void;
  /** Trials that failed are queued again: all of the sweep, or one. */
  retryFailed(sweep: string, trial?: string): void;
  /** Takes a queued trial out of its sweep, or puts it back. */
  skipTrial(sweep: string, trial: string, skipped: boolean): void;
  moveSweep(sweep: string, to: 'up' | 'down' | 'first'): void;
  /** Takes a sweep out of the queue; its runs stay. */
  removeSweep(sweep: string): void;
  /** Asks for the measurement of a run that ended: it appears in `measured`. */
  measure(runKey: string): void;
  goTo(page: Page): void;
  lookInside(key: string): void;
  show(keys: readonly string[]): void;
  hide(keys: readonly string[]): void;
  /** Takes the colour of the group that has it: that group's runs leave the charts, and what waits gets it. */
  release(slot: Slot): void;
  /** Gives a run's group this colour; whoever had it gets the group's. */
  recolour(key: string, slot: Slot): void;
  /** What a person wrote about a run: stored with it. */
  remark(key: string, changes: Partial<Remarks>): void;
  /** Deletes runs; for a while `undoRemove` brings all of them back. */
  remove(keys: readonly string[]): Promise<void>;
  undoRemove(): Promise<void>;
  /** Puts a run's config into the form. */
  adopt(key: string): void;
  /** Puts it there to be changed and trained on from the run's checkpoint; null: no fork after all. */
  fork(key: string | null): void;
  /** Puts a body into the form, with the settings that it needs: the name of a run or of given weights; empty: none. */
  startFrom(body: string): void;
  /** Trains a run's config again from its first weights, as a new attempt. */
  rewind(key: string): Promise<void>;
  load(dataset: Config['data'], from: LoadFrom): void;
  cancelLoad(dataset: Config['data']): void;
  forget(dataset: Config['data']): Promise<void>;
  /** Files dropped anywhere: a config or weights are offered (`offer`); of others it is found out which dataset they are. */
  drop(files: readonly File[]): void;
  /** A link dropped anywhere: offered. */
  dropLink(text: string): void;
  /** Puts the offered settings into the form, or trains from the offered weights. */
  takeOffer(): Promise<void>;
  /** Puts the body of the offered weights into the form. */
  takeBody(mode: Config['transfer.mode']): Promise<void>;
  dismissOffer(): void;
  /** Gives up recognising dropped files, or takes the message of a failed drop away. */
  dismissDrop(): void;
  /** Takes the messages of a failed start and of failed storing away. */
  dismissFailures(): void;
  /** The settings as an address, with the lesson where there is one. */
  link(): string;
  /** The settings of a run that has ended, with its result; null where there is none to send. */
  resultLink(key: string): Promise<string | null>;
  /** The sweep of the form with what its runs gave, packed. */
  findingLink(packed: string): string;
  /** The settings with what is seen. */
  viewLink(): string;
  /** What this site keeps in the browser, by kind. */
  usage(): Promise<Usage>;
  /** Deletes all of a kind; runs can be brought back for a while. */
  clear(kind: StoredKind): Promise<void>;
  /** Tell, by the browser, when a run ends while the page is hidden. Asks for permission: call it from a click. */
  setNotify(isOn: boolean): Promise<void>;
  /** Asks for what is to be seen inside a run's newest stored weights; one question of a kind at a time. */
  look(key: string, wish: SightWish): Promise<void>;
  exportRun(
    key: string,
    format: 'csv' | 'jsonl' | 'json' | 'safetensors' | 'average.safetensors',
  ): Promise<void>;
  /** Several runs in one file: a line a run, all their metrics, or their records. */
  exportRuns(keys: readonly string[], what: 'table' | 'metrics' | 'records'): Promise<void>;
}

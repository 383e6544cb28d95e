// The draft: what the form shows, mirrored in the address bar, with its plan. Nothing here starts anything.
import { type Failure, toError, toFailure } from '../core/failure.ts';
import { decode, encode } from '../experiment/address.ts';
import { type Config, makeConfig, type Named, named, withSetting } from '../experiment/config.ts';
import type { Lesson } from '../experiment/lesson.ts';
import { plan } from '../experiment/plan.ts';
import { withoutHeld } from '../experiment/sweep/sweep.ts';
import type { AddressBar } from './address-bar.ts';
import { type Moment, moved, withMoment } from './history.ts';
import { type Page, pages, seedStyles, type View, xAxes } from './state.ts';
import { defaultView, type Store } from './store.ts';

export interface Draft {
  edit(changes: Named): void;
  undo(): void;
  redo(): void;
  setLesson(lesson: Lesson | null): void;
  reset(keys?: readonly (keyof Config)[]): void;
  openLink(text: string): void;
  adopt(config: Config): void;
  editSweep(changes: Readonly<Record<string, string | null>>): void;
  /** Shows a view; the Inside view of this run, where one is named. */
  goTo(page: Page, subject?: string): void;
  link(): string;
  /** The link with what is seen: view, axes, smoothing, where they differ from the defaults. */
  viewLink(): string;
}

/** Reads `view.*` of a link; what it does not understand is left out, the view being no part of the run. */
export function viewOf(values: Readonly<Record<string, unknown>>): Partial<View> {
  const { x, logX, logY, smoothing, seeds, multiplyAdd } = values;
  const truth = (value: unknown): boolean | undefined => {
    if (value === true || value === 'true') return true;
    return value === false || value === 'false' ? false : undefined;
  };
  const axis = xAxes.find((candidate) => candidate === x);
  const style = seedStyles.find((candidate) => candidate === seeds);
  const count = Number(multiplyAdd);
  const [onX, onY, weight] = [truth(logX), truth(logY), Number(smoothing ?? Number.NaN)];
  return {
    ...(axis === undefined ? {} : { x: axis }),
    ...(onX === undefined ? {} : { logX: onX }),
    ...(onY === undefined ? {} : { logY: onY }),
    ...(weight >= 0 && weight < 1 ? { smoothing: weight } : {}),
    ...(style === undefined ? {} : { seeds: style }),
    ...(count === 1 || count === 2 ? { multiplyAdd: count } : {}),
  };
}

/** So much of a run's id names it in a link. */
const NAME = 16;
const subjectOf = (name: string | undefined): string | null =>
  name !== undefined && new RegExp(`^[0-9a-f]{${NAME}}$`).test(name) ? name : null;

/** Where the settings alone lead to. */
const homeOf = (sweep: Moment['sweep']): Page => (sweep ? 'studies' : 'train');

const fragmentOf = ({ draft, sweep, lesson }: Moment): string => encode(draft, {}, sweep, { lesson });

export function createDraft(store: Store, address: AddressBar): Draft {
  function replan(): void {
    const { draft, data } = store.getState();
    const known = data[draft.data];
    try {
      store.setState({ planned: { plan: plan(draft, known?.status === 'ready' ? known.card : undefined) } });
    } catch (error) {
      store.setState({ planned: { failure: toFailure(error) } });
    }
  }

  store.subscribe((state, before) => {
    if (state.draft !== before.draft || state.data[state.draft.data] !== before.data[state.draft.data])
      replan();
  });

  const now = (): Moment => {
    const { draft, sweep, lesson } = store.getState();
    return { draft, sweep, lesson };
  };
  const fragment = (): string => fragmentOf(now());

  /** The address leads back to where it is read: runs side by side are a sweep in the Train view. */
  function write(): void {
    const { draft, sweep, lesson, page, readOnly } = store.getState();
    // A link from a newer lab stays as it was written: rewriting it would lose what is not understood.
    if (readOnly) return;
    address.write(encode(draft, sweep && page === 'train' ? { page } : {}, sweep, { lesson }));
  }

  function put(moment: Partial<Moment>): void {
    const before = now();
    const next = { ...before, ...moment };
    if (fragmentOf(next) !== fragmentOf(before))
      store.setState({ history: withMoment(store.getState().history, before) });
    store.setState(next);
    write();
  }

  function move(way: 'undo' | 'redo'): void {
    const found = moved(store.getState().history, now(), way);
    if (!found) return;
    store.setState({ ...found.moment, history: found.history, readOnly: false, problems: [], fork: null });
    write();
  }

  function read(text: string): void {
    const { config, sweep, lesson, result, finding, problems, readOnly, view } = decode(text);
    const shown = { ...store.getState().view, ...viewOf(view) };
    const asked = pages.find((candidate) => candidate === view['page']);
    const page = asked ?? (sweep ? homeOf(sweep) : undefined);
    store.setState({
      draft: config,
      fork: null,
      sweep,
      lesson,
      result,
      finding,
      problems,
      readOnly,
      view: shown,
      ...(page ? { page, subject: subjectOf(view['run']) } : {}),
    });
  }

  /** Another link than the page began with can be undone. */
  function readNext(text: string): void {
    store.setState({ history: withMoment(store.getState().history, now()) });
    read(text);
  }

  if (address.read().length > 1) read(address.read());
  address.listen(() => readNext(address.read()));

  return {
    edit(changes) {
      const { draft, sweep, readOnly } = store.getState();
      if (readOnly) return;
      put({
        draft: withSetting(draft, changes),
        sweep: sweep && withoutHeld(sweep, Object.keys(changes)),
      });
    },
    undo: () => move('undo'),
    redo: () => move('redo'),
    setLesson: (lesson) => put({ lesson }),
    reset(keys) {
      const { draft, sweep } = store.getState();
      if (!keys) {
        store.setState({ readOnly: false, problems: [], fork: null });
        put({ draft: makeConfig(), sweep: null, lesson: null });
        return;
      }
      const left: Record<string, unknown> = { ...named(draft) };
      for (const key of keys) delete left[key];
      if (store.getState().readOnly) return;
      put({ draft: makeConfig(left as Named), sweep: sweep && withoutHeld(sweep, keys) });
    },
    openLink(text) {
      readNext(text);
      write();
    },
    editSweep(changes) {
      const { draft, sweep, readOnly } = store.getState();
      if (readOnly) return;
      // Without an axis it is no longer the study's: what the study set is written out.
      const isLess = Object.values(changes).includes(null);
      const kept = sweep && isLess ? { ...sweep, study: null } : sweep;
      const parts = new Map(
        encode(draft, {}, kept)
          .split('&')
          .map((part): [string, string] => [part.split('=')[0] as string, part]),
      );
      for (const [key, text] of Object.entries(changes)) {
        if (text === null) parts.delete(`sweep.${key}`);
        else parts.set(`sweep.${key}`, `sweep.${key}=${encodeURIComponent(text)}`);
      }
      const { page, subject } = store.getState();
      read([...parts.values()].join('&'));
      store.setState({ page, subject });
      write();
    },
    adopt(config) {
      store.setState({ readOnly: false, problems: [], fork: null });
      put({ draft: makeConfig(named(config)), sweep: null });
    },
    goTo(page, subject) {
      store.setState({ page, subject: subject ?? null });
      if (store.getState().sweep) write();
    },
    link: () => address.withFragment(fragment()),
    viewLink() {
      const { draft, sweep, lesson, view, page, subject } = store.getState();
      const run = page === 'inside' ? subject?.slice(0, NAME) : undefined;
      const seen = Object.entries({ ...view, page, ...(run ? { run } : {}) })
        .filter(([key, value]) => value !== { ...defaultView, page: homeOf(sweep) }[key])
        .map(([key, value]): [string, string] => [key, String(value)]);
      return address.withFragment(encode(draft, Object.fromEntries(seen), sweep, { lesson }));
    },
  };
}

/** Throws, and says so in the state, where the draft must not be trained as it stands. */
export function requireTrainable(store: Store): void {
  if (!store.getState().readOnly) return;
  const failure: Failure = {
    code: 'config-invalid',
    message: 'This link was made by a newer lab and is shown read-only. Reset the settings to train here.',
  };
  store.setState({ startFailure: failure });
  throw toError(failure);
}

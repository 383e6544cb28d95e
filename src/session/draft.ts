// The draft: what the form shows, mirrored in the address bar, with its plan. Nothing here starts anything.
import { type Failure, toError, toFailure } from '../core/failure.ts';
import { decode, encode } from '../experiment/address.ts';
import { type Config, makeConfig, type Named, named, withSetting } from '../experiment/config.ts';
import { plan } from '../experiment/plan.ts';
import { type Sweep, withoutHeld } from '../experiment/sweep/sweep.ts';
import type { AddressBar } from './address-bar.ts';
import { pages, seedStyles, type View, xAxes } from './state.ts';
import type { Store } from './store.ts';

export interface Draft {
  edit(changes: Named): void;
  reset(keys?: readonly (keyof Config)[]): void;
  openLink(text: string): void;
  adopt(config: Config): void;
  link(): string;
}

/** Reads `view.*` of a link; what it does not understand is left out, the view being no part of the run. */
export function viewOf(values: Readonly<Record<string, unknown>>): Partial<View> {
  const { x, logX, logY, smoothing, seeds } = values;
  const truth = (value: unknown): boolean | undefined => {
    if (value === true || value === 'true') return true;
    return value === false || value === 'false' ? false : undefined;
  };
  const axis = xAxes.find((candidate) => candidate === x);
  const style = seedStyles.find((candidate) => candidate === seeds);
  const [onX, onY, weight] = [truth(logX), truth(logY), Number(smoothing ?? Number.NaN)];
  return {
    ...(axis === undefined ? {} : { x: axis }),
    ...(onX === undefined ? {} : { logX: onX }),
    ...(onY === undefined ? {} : { logY: onY }),
    ...(weight >= 0 && weight < 1 ? { smoothing: weight } : {}),
    ...(style === undefined ? {} : { seeds: style }),
  };
}

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

  function put(config: Config, sweep: Sweep | null): void {
    store.setState({ draft: config, sweep });
    address.write(encode(config, {}, sweep));
  }

  function read(text: string): void {
    const { config, sweep, problems, readOnly, view } = decode(text);
    const shown = { ...store.getState().view, ...viewOf(view) };
    const page = pages.find((candidate) => candidate === view['page']);
    store.setState({
      draft: config,
      fork: null,
      sweep,
      problems,
      readOnly,
      view: shown,
      ...(page ? { page } : {}),
    });
  }

  if (address.read().length > 1) read(address.read());
  address.listen(() => read(address.read()));

  return {
    edit(changes) {
      const { draft, sweep, readOnly } = store.getState();
      if (!readOnly) put(withSetting(draft, changes), sweep && withoutHeld(sweep, Object.keys(changes)));
    },
    reset(keys) {
      const { draft, sweep } = store.getState();
      if (!keys) {
        store.setState({ readOnly: false, problems: [], fork: null });
        put(makeConfig(), null);
        return;
      }
      const left: Record<string, unknown> = { ...named(draft) };
      for (const key of keys) delete left[key];
      if (!store.getState().readOnly) put(makeConfig(left as Named), sweep && withoutHeld(sweep, keys));
    },
    openLink(text) {
      read(text);
      // A link from a newer lab stays as it was written: rewriting it would lose what is not understood.
      const { draft, sweep, readOnly } = store.getState();
      if (!readOnly) address.write(encode(draft, {}, sweep));
    },
    adopt(config) {
      store.setState({ readOnly: false, problems: [], fork: null });
      put(makeConfig(named(config)), null);
    },
    link() {
      const { draft, sweep } = store.getState();
      return address.withFragment(encode(draft, {}, sweep));
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

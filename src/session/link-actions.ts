// What the page asks of the link: edit and undo it, share it with or without a result, train its result again.
import { encode } from '../experiment/address.ts';
import { encodeResult } from '../experiment/result-link.ts';
import type { AddressBar } from './address-bar.ts';
import type { Draft } from './draft.ts';
import type { RunList } from './run-list.ts';
import type { Series } from './series.ts';
import type { Actions } from './state.ts';
import type { Store } from './store.ts';

type LinkActions = Pick<
  Actions,
  | 'edit'
  | 'editSweep'
  | 'reset'
  | 'undo'
  | 'redo'
  | 'openLink'
  | 'goTo'
  | 'lookInside'
  | 'setLesson'
  | 'link'
  | 'viewLink'
  | 'resultLink'
  | 'findingLink'
  | 'dismissResult'
  | 'dismissProblems'
>;

interface Around {
  readonly draft: Draft;
  readonly address: AddressBar;
  readonly runs: RunList;
  readonly series: Series;
}

export function createLinkActions(store: Store, { draft, address, runs, series }: Around): LinkActions {
  return {
    edit: draft.edit,
    editSweep: draft.editSweep,
    reset: draft.reset,
    undo: draft.undo,
    redo: draft.redo,
    openLink: draft.openLink,
    goTo: (page) => draft.goTo(page),
    lookInside: (key) => draft.goTo('inside', key),
    setLesson: draft.setLesson,
    link: draft.link,
    viewLink: draft.viewLink,
    async resultLink(key) {
      const run = runs.find(key);
      const result = run ? encodeResult(run, await series.read(key)) : null;
      if (!run || result === null) return null;
      return address.withFragment(encode(run.config, {}, null, { result }));
    },
    findingLink(packed) {
      const { draft: config, sweep } = store.getState();
      return address.withFragment(encode(config, {}, sweep, { result: packed }));
    },
    dismissResult: () => store.setState({ result: null, finding: null }),
    dismissProblems: () => store.setState({ problems: [] }),
  };
}

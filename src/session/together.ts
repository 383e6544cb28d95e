// Trains the trials of the draft's sweep side by side: what has been stopped goes on, what is over stays as it is.
import { runsByTrial } from '../experiment/queue.ts';
import { isOver, type Run } from '../experiment/run.ts';
import { inGridOrder, MOST_TOGETHER } from '../experiment/side-by-side.ts';
import { gridAxes, type Sweep } from '../experiment/sweep/sweep.ts';
import { hashes } from './datasets.ts';
import { type Draft, requireTrainable } from './draft.ts';
import type { RunList } from './run-list.ts';
import type { Actions } from './state.ts';
import type { Store } from './store.ts';
import type { Training } from './training.ts';
import type { TrialLists } from './trial-lists.ts';

interface Around {
  readonly draft: Draft;
  readonly lists: TrialLists;
  readonly runs: RunList;
  readonly training: Training;
}

export function createTogether(
  store: Store,
  { draft, lists, runs, training }: Around,
): Pick<Actions, 'startTogether'> {
  /** All else leaves the charts where the colours would not do for both. */
  function makeWay(own: readonly Run[], colours: number): void {
    const mine = new Set(own.map(({ key }) => key));
    const others = store.getState().shown.filter(({ key }) => !mine.has(key));
    const taken = new Set(others.map(({ slot }) => slot));
    if (taken.size + colours > MOST_TOGETHER) runs.hide(others.map(({ key }) => key));
  }

  async function start(sweep: Sweep): Promise<void> {
    requireTrainable(store);
    const { trials } = await lists.read(draft.link());
    await runs.refresh();
    const { draft: config, runs: all } = store.getState();
    const known = runsByTrial(all, hashes(store.getState()));
    const parts = inGridOrder(trials, gridAxes(sweep, config.seed)).map((trial) => {
      const [newest, ...older] = known.get(trial.id) ?? [];
      return { trial, newest, older };
    });
    const isOnceMore = parts.every(({ newest }) => newest && isOver(newest));
    const wanted = parts.filter(({ newest }) => isOnceMore || !newest || !isOver(newest));
    makeWay(
      parts.flatMap(({ newest }) => newest ?? []),
      parts.length,
    );
    await training.beginTogether(
      wanted.map(({ trial }) => ({ config: trial.config, resume: isOnceMore ? 'never' : 'any' })),
    );
    // Shown first, so that the new attempt takes the colour of the one before.
    const before = parts.flatMap(({ newest }) => newest?.key ?? []);
    if (isOnceMore) runs.hide(before);
    else runs.show(before);
    runs.hide(parts.flatMap(({ older }) => older.map(({ key }) => key)));
  }

  return {
    async startTogether() {
      const { active, preparing, sweep } = store.getState();
      if (active !== null || preparing || !sweep) return;
      await start(sweep).catch(() => {}); // `startFailure` says why.
    },
  };
}

// What the page asks of single runs: start, go on, fork, rewind, show, describe, delete, save.
import type { Config } from '../experiment/config.ts';
import type { Bodies } from './bodies.ts';
import { exportRun, exportRuns } from './download.ts';
import { type Draft, requireTrainable } from './draft.ts';
import type { ContentSources } from './run-contents.ts';
import type { Actions } from './state.ts';
import type { Store } from './store.ts';
import type { Training } from './training.ts';
import type { Wish } from './wish.ts';

type RunActions = Pick<
  Actions,
  | 'train'
  | 'step'
  | 'restart'
  | 'reproduce'
  | 'resume'
  | 'stop'
  | 'fork'
  | 'startFrom'
  | 'rewind'
  | 'adopt'
  | 'show'
  | 'hide'
  | 'release'
  | 'recolour'
  | 'remark'
  | 'remove'
  | 'undoRemove'
  | 'exportRun'
  | 'exportRuns'
>;

interface Around extends ContentSources {
  readonly bodies: Bodies;
  readonly draft: Draft;
  readonly training: Training;
}

export function createRunActions(store: Store, around: Around): RunActions {
  const { draft, training, bodies, runs, keeping } = around;

  /** A press of a button: where nothing can be started the reason is in the state, not in a rejection. */
  async function press(wish: Omit<Wish, 'config'> & { readonly config?: Config }): Promise<void> {
    const { active, preparing, draft: config } = store.getState();
    if (active !== null || preparing) return;
    try {
      if (!wish.config) requireTrainable(store);
      await training.begin({ config, ...wish });
    } catch {
      // `startFailure` says why.
    }
  }

  return {
    async train() {
      const { fork } = store.getState();
      await press({ resume: fork === null ? 'any' : { fork } });
      if (fork !== null && store.getState().active !== null) store.setState({ fork: null });
    },
    step: () => press({ resume: 'any', steps: 1 }),
    restart: () => press({ resume: 'never' }),
    async reproduce() {
      const { result } = store.getState();
      if (!result) return;
      const { backend, runner, threads } = result.device;
      await press({ resume: 'never', options: { execution: { backend, runner, threads } } });
    },
    async resume(key) {
      const run = runs.find(key);
      if (run) await press({ config: run.config, resume: { key } });
    },
    stop: training.stop,
    fork(key) {
      const run = key === null ? undefined : runs.find(key);
      if (run) draft.adopt(run.config);
      store.setState({ fork: run?.key ?? null });
    },
    async rewind(key) {
      const run = runs.find(key);
      if (!run) return;
      draft.adopt(run.config);
      await press({ config: run.config, resume: 'never' });
    },
    startFrom(body) {
      const changes = body === '' ? { 'transfer.from': body } : bodies.changes(store.getState().draft, body);
      if (changes) draft.edit(changes);
    },
    adopt(key) {
      const run = runs.find(key);
      if (run) draft.adopt(run.config);
    },
    show: runs.show,
    hide: runs.hide,
    release: runs.release,
    recolour: runs.recolour,
    remark: runs.remark,
    async remove(keys) {
      const { training: underway } = store.getState();
      if (keys.some((key) => key in underway)) {
        training.stop();
        await training.idle();
      }
      await keeping.settled();
      await runs.remove(keys);
    },
    undoRemove: runs.undoRemove,
    exportRun: (key, format) => exportRun(key, format, around),
    exportRuns: (keys, what) => exportRuns(keys, what, around),
  };
}

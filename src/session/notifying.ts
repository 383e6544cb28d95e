// Tells by the browser that a run has ended while nobody looked. Off until a person asks for it.
import { isUnderway, type Run, titleOf } from '../experiment/run.ts';
import type { Keeping, Store } from './store.ts';

/** The browser's notifications, as far as the lab needs them. */
export interface Notifier {
  /** Asks the person, once; false where they or the browser refuse. */
  allow(): Promise<boolean>;
  tell(title: string, text: string): void;
}

export interface Notifying {
  set(isOn: boolean): Promise<void>;
}

/** Name in the storage's settings. */
const SWITCH = 'notify';

function endWords(run: Run): string {
  const steps = `${run.step.toLocaleString('en-US')} steps`;
  switch (run.state) {
    case 'finished':
      return `Finished after ${steps}.`;
    case 'diverged':
      return `Diverged after ${steps}.`;
    case 'failed':
      return `Interrupted after ${steps}.`;
    default:
      return `Stopped after ${steps}.`;
  }
}

export function createNotifying(
  store: Store,
  { keeping, notifier, isVisible }: { keeping: Keeping; notifier: Notifier; isVisible: () => boolean },
): Notifying {
  store.subscribe(({ notify, active, runs, queue }, before) => {
    if (!notify || before.active === null || active !== null || isVisible()) return;
    const run = runs.find(({ key }) => key === before.active);
    // Runs side by side, and a sweep's trials, end one after the other: only the last is worth a word.
    if (run && !isUnderway(run) && !queue.driving) notifier.tell(titleOf(run), endWords(run));
  });

  void keeping.opened
    .then((storage) => storage.setting(SWITCH))
    .then((isOn) => isOn === true && store.setState({ notify: true }))
    .catch(() => {}); // Off, as at first.

  return {
    async set(isOn) {
      const notify = isOn && (await notifier.allow());
      store.setState({ notify });
      await keeping.write((storage) => storage.saveSetting(SWITCH, notify));
    },
  };
}

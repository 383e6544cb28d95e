// What the engine measured of this machine's GPUs, kept between visits and given to every start; off, the fixed tables
// decide alone.
import { type KernelTuning, withTuning } from '../experiment/kernel-tuning.ts';
import type { TuningOptions } from '../experiment/protocol.ts';
import type { Keeping, Store } from './store.ts';

export interface Tuning {
  /** What a start is told, once the last visit's measurements are here. Null: switched off. */
  options(): Promise<TuningOptions | null>;
  on(tuning: KernelTuning): void;
  set(isOn: boolean): void;
}

/** Names in the storage's settings. */
const SWITCH = 'tuning';
const MEASURED = 'kernel-tunings';

const asTunings = (stored: unknown): readonly KernelTuning[] =>
  Array.isArray(stored) ? (stored as readonly KernelTuning[]) : [];

/** `isVisible`: a hidden page's clocks are not worth a measurement. */
export function createTuning(store: Store, keeping: Keeping, isVisible: () => boolean): Tuning {
  const set = (changes: Partial<{ isOn: boolean; known: readonly KernelTuning[] }>): void =>
    store.setState({ tuning: { ...store.getState().tuning, ...changes } });
  let isChosen = false;

  async function restore(): Promise<void> {
    const storage = await keeping.opened;
    const [isOn, stored] = await Promise.all([storage.setting(SWITCH), storage.setting(MEASURED)]);
    set({ known: store.getState().tuning.known.reduce(withTuning, asTunings(stored)) });
    if (typeof isOn === 'boolean' && !isChosen) set({ isOn });
  }
  const restored = restore().catch(() => {}); // Nothing is known, and tuning is on.

  return {
    async options() {
      await restored;
      const { isOn, known } = store.getState().tuning;
      return isOn ? { known, measures: isVisible() } : null;
    },
    on(tuning) {
      set({ known: withTuning(store.getState().tuning.known, tuning) });
      // Another tab may have measured too.
      void keeping.write(async (storage) =>
        storage.saveSetting(MEASURED, withTuning(asTunings(await storage.setting(MEASURED)), tuning)),
      );
    },
    set(isOn) {
      isChosen = true;
      set({ isOn });
      void keeping.write((storage) => storage.saveSetting(SWITCH, isOn));
    },
  };
}

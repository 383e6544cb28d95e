// Who may write a run: one page at a time, over all tabs. Held locks fall free when their page goes, however it goes.

export interface RunLocks {
  /** Takes the lock of a run; null at once when another page holds it. The result gives it back. */
  acquire(key: string): Promise<(() => void) | null>;
  /** Keys of the runs that some page holds now. */
  held(): Promise<ReadonlySet<string>>;
}

const PREFIX = 'run:';

/** Web Locks, shared by all tabs. */
export function createWebLocks(locks: LockManager): RunLocks {
  return {
    acquire: (key) =>
      new Promise((resolve, reject) => {
        locks
          .request(`${PREFIX}${key}`, { ifAvailable: true }, (lock) => {
            if (!lock) return resolve(null);
            return new Promise<void>((release) => resolve(release));
          })
          .catch(reject);
      }),
    async held() {
      const { held = [] } = await locks.query();
      return new Set(
        held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : [])),
      );
    },
  };
}

/** Locks within one page, where the browser has none (an origin that is not secure). */
export function createPageLocks(): RunLocks {
  const held = new Set<string>();
  return {
    async acquire(key) {
      if (held.has(key)) return null;
      held.add(key);
      return () => held.delete(key);
    },
    held: async () => new Set(held),
  };
}

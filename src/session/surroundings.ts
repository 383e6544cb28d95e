// Everything outside the session that it touches, in one place, so that tests can put their own in.
import analysisUrl from '../engine/analysis-worker.ts?worker&url';
import { type AddressBar, createAddressBar } from './address-bar.ts';
import { type Analyse, createAnalyse } from './analysis.ts';
import { createWorkerPort, type EnginePort } from './engine-port.ts';
import { openIndexedDb } from './indexed-db.ts';
import type { Notifier } from './notifying.ts';
import { createPageLocks, createWebLocks, type RunLocks } from './run-locks.ts';
import type { LabStorage } from './storage.ts';
import { startWorker } from './trusted-worker.ts';

/** Tells other tabs that stored runs changed, and hears it from them. */
export interface Tabs {
  changed(key: string): void;
  listen(onChange: (key: string | null) => void): void;
}

export interface Surroundings {
  /** A fresh engine. */
  readonly port: () => EnginePort;
  readonly analyse: Analyse;
  /** May reject: then nothing is kept between visits, and the user is told. */
  readonly storage: () => Promise<LabStorage>;
  readonly locks: RunLocks;
  readonly location: AddressBar;
  readonly tabs: Tabs;
  /** Runs the work once the page has been painted. */
  readonly afterFirstPaint: (work: () => void) => void;
  /** Runs the work at the next frame, or soon when the page is hidden. */
  readonly nextFrame: (work: () => void) => void;
  readonly isVisible: () => boolean;
  readonly notifier: Notifier;
  /** Keeps the screen on until the result is called. */
  readonly keepAwake: () => () => void;
  /** The page goes away, and perhaps comes back as it was. */
  readonly onLeave: (leave: () => void, comeBack: () => void) => void;
  /** Milliseconds, rising. */
  readonly now: () => number;
}

const HIDDEN_FRAME_MS = 250;

function nextFrame(work: () => void): void {
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    work();
  };
  requestAnimationFrame(once);
  setTimeout(once, HIDDEN_FRAME_MS);
}

function afterFirstPaint(work: () => void): void {
  const idle = (): void => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => work(), { timeout: 1000 });
    else setTimeout(work, 50);
  };
  // A frame, then its end: the first paint is behind us.
  nextFrame(() => setTimeout(idle, 0));
}

function createTabs(): Tabs {
  const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('mlp-lab-runs') : null;
  return {
    changed: (key) => channel?.postMessage(key),
    listen(onChange) {
      channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        onChange(typeof data === 'string' ? data : null);
      });
      document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'visible') onChange(null);
      });
    },
  };
}

/** A screen lock falls when the page is hidden: it is taken again when the page is back. */
function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let over = false;
  const take = (): void => {
    if (over || document.visibilityState !== 'visible') return;
    navigator.wakeLock?.request('screen').then(
      (taken) => {
        lock = taken;
        if (over) void taken.release();
      },
      () => {}, // Low battery or not allowed: training goes on all the same.
    );
  };
  document.addEventListener('visibilitychange', take);
  take();
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', take);
    void lock?.release();
  };
}

/** A page may only ask after a click; some browsers have none, and some refuse pages that are not installed. */
const notifier: Notifier = {
  async allow() {
    if (!('Notification' in globalThis)) return false;
    return Notification.permission === 'granted' || (await Notification.requestPermission()) === 'granted';
  },
  tell(title, text) {
    try {
      new Notification(title, { body: text, tag: 'mlp-lab-run' });
    } catch {
      // Refused since it was allowed: the title of the tab says it too.
    }
  },
};

/** The browser itself. */
export function browserSurroundings(): Surroundings {
  return {
    port: createWorkerPort,
    analyse: createAnalyse(() => startWorker(analysisUrl, 'analysis')),
    storage: openIndexedDb,
    locks: navigator.locks ? createWebLocks(navigator.locks) : createPageLocks(),
    location: createAddressBar(),
    tabs: createTabs(),
    afterFirstPaint,
    nextFrame,
    notifier,
    isVisible: () => document.visibilityState === 'visible',
    keepAwake,
    onLeave(leave, comeBack) {
      addEventListener('pagehide', leave);
      addEventListener('pageshow', (event) => {
        if (event.persisted) comeBack();
      });
    },
    now: () => performance.now(),
  };
}

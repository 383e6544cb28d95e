// How fast a run goes and how long it will take, from what the last seconds brought.

/** Where a run is while it trains: told a few times a second. */
export interface Live {
  readonly step: number;
  readonly totalSteps: number | null;
  readonly seconds: number;
  /** By the clock: several side by side share it. */
  readonly stepsPerSecond: number;
  readonly etaSeconds: number | null;
}

export interface Pace {
  /** `time` in ms, rising. */
  add(time: number, step: number): void;
  /** Over the last seconds; 0 until two reports have come. */
  stepsPerSecond(): number;
}

const WINDOW_MS = 5_000;

export function createPace(): Pace {
  let reports: { time: number; step: number }[] = [];
  return {
    add(time, step) {
      const recent = reports.filter((report) => time - report.time <= WINDOW_MS);
      // The newest old report stays as a start, or a slow run would never have two.
      reports = [...(recent.length > 0 ? recent : reports.slice(-1)), { time, step }];
    },
    stepsPerSecond() {
      const [first, last] = [reports[0], reports.at(-1)];
      if (!first || !last || last.time <= first.time) return 0;
      return (1000 * (last.step - first.step)) / (last.time - first.time);
    },
  };
}

/** `budgetSeconds`: the run's budget when that is in seconds. */
export function liveState(
  at: { readonly step: number; readonly totalSteps: number | null; readonly seconds: number },
  stepsPerSecond: number,
  budgetSeconds: number,
): Live {
  let etaSeconds: number | null = null;
  if (at.totalSteps !== null) {
    if (stepsPerSecond > 0) etaSeconds = Math.max(0, at.totalSteps - at.step) / stepsPerSecond;
  } else if (budgetSeconds > 0) etaSeconds = Math.max(0, budgetSeconds - at.seconds);
  return { ...at, stepsPerSecond, etaSeconds };
}

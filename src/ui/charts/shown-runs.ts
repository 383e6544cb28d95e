// The runs on the charts with their columns, and what is drawn of them: a line a run, or a line a config.
import { useMemo } from 'react';
import type { MetricLog } from '../../core/metrics.ts';
import { groupOf, oneEachSeed, type Run, type RunCost, titleOf } from '../../experiment/run.ts';
import type { SeedStyle, Shown } from '../../session/state.ts';
import { useLab, useSession } from '../hooks/use-lab.ts';
import { labels } from '../runs/change.ts';
import type { Look } from '../runs/run-style.tsx';

/** A run on the charts. */
export interface ShownRun {
  readonly run: Run;
  readonly look: Look;
  readonly cost: RunCost | null;
  readonly log: MetricLog;
}

/** One line of a chart: a run, or the mean over the seeds of a config. */
export interface Drawn {
  /** Of its first run. */
  readonly key: string;
  readonly look: Look;
  readonly label: string;
  readonly members: readonly ShownRun[];
}

/** What waits for a colour is not drawn, but for the run that trains: that one is grey. */
export function isDrawn({ key, slot }: Shown, active: string | null): boolean {
  return slot !== null || key === active;
}

/** In the order in which the runs were shown. `runs` are all runs, newest first: labels say what changed. */
export function drawnOf(
  shown: readonly ShownRun[],
  style: SeedStyle,
  runs: readonly Run[],
): readonly Drawn[] {
  const groups = new Map<string, ShownRun[]>();
  for (const one of shown) groups.set(groupOf(one.run), [...(groups.get(groupOf(one.run)) ?? []), one]);
  const names = labels(
    [...groups.values()].flatMap(([first]) => (first ? [first.run] : [])),
    runs,
  );
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (!first) return [];
    const label = names.get(first.run.key) ?? titleOf(first.run);
    if (style === 'mean') {
      const seeds = oneEachSeed(members, ({ run }) => run);
      return [{ key: first.run.key, look: first.look, label, members: seeds }];
    }
    const several = members.length > 1;
    return members.map((one) => ({
      key: one.run.key,
      look: one.look,
      label: several ? `${label}, seed ${one.run.config.seed}` : label,
      members: [one],
    }));
  });
}

/** The runs of these entries whose columns are here; reading the others has begun then. */
export function useShownRuns(entries: readonly Shown[]): readonly ShownRun[] {
  const session = useSession();
  // A run moves on several times a second; only what the charts must be laid out for anew counts here.
  const signature = useLab((state) => {
    const wanted = new Set(entries.map(({ key }) => key));
    return state.runs
      .filter(({ key }) => wanted.has(key))
      .map(
        ({ key, state: how, totalSteps, remarks }) =>
          `${key} ${how} ${totalSteps} ${remarks.title} ${state.seriesVersion[key] === undefined}`,
      )
      .join();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature says when runs and logs changed enough
  return useMemo(() => {
    const runs = new Map(session.get().runs.map((run) => [run.key, run]));
    return entries.flatMap(({ key, slot }) => {
      const run = runs.get(key);
      const log = run ? session.log(key) : null;
      return run && log ? [{ run, look: slot, cost: run.cost, log }] : [];
    });
  }, [session, entries, signature]);
}

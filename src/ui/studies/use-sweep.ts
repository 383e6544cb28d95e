// The sweep of the draft as the Studies view shows it: its trials with their states, what is left and what that costs.
import { useMemo } from 'react';
import { encode } from '../../experiment/address.ts';
import type { Config } from '../../experiment/config.ts';
import {
  type QueuedSweep,
  runsByTrial,
  statusOf,
  sweepId,
  type Tally,
  type TrialStatus,
  tally,
} from '../../experiment/queue.ts';
import { type Grid, gridOf } from '../../experiment/sweep/grid.ts';
import type { Sweep } from '../../experiment/sweep/sweep.ts';
import {
  type TotalCost,
  type Trial,
  type TrialList,
  totalCost,
  trialSeconds,
} from '../../experiment/sweep/trials.ts';
import { hashes } from '../../session/datasets.ts';
import type { LabState } from '../../session/state.ts';
import { useLab, useSession } from '../hooks/use-lab.ts';

export interface SweepView {
  readonly id: string;
  readonly config: Config;
  readonly sweep: Sweep;
  readonly list: TrialList;
  readonly grid: Grid;
  readonly statuses: ReadonlyMap<string, TrialStatus>;
  readonly tally: Tally;
  /** Null: it is not in the queue yet. */
  readonly queued: QueuedSweep | null;
  /** Of the trials that are not over. */
  readonly left: TotalCost;
  readonly total: TotalCost;
}

/** Estimates as the finished trials of the sweep correct them: measured seconds over estimated ones. */
function correction(
  trials: readonly Trial[],
  statuses: ReadonlyMap<string, TrialStatus>,
  speed: LabState['speed'],
): number {
  let [measured, estimated] = [0, 0];
  for (const { id, cost } of trials) {
    const status = statuses.get(id);
    const seconds = trialSeconds(cost, speed);
    if (status?.state !== 'done' || !status.run || seconds === null || cost.budgetSeconds !== null) continue;
    measured += status.run.seconds;
    estimated += seconds;
  }
  return estimated > 0 && measured > 0 ? measured / estimated : 1;
}

/** How many trials of each sweep of the queue are left to train, by its id; without an entry: they are being listed. */
export function useLeft(): ReadonlyMap<string, number> {
  const session = useSession();
  const runs = useLab((state) => state.runs);
  const data = useLab((state) => state.data);
  const sweeps = useLab((state) => state.queue.sweeps);
  const listed = useLab((state) => state.queue.listed);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a list that is made anew is told by `listed`
  return useMemo(() => {
    const byTrial = runsByTrial(runs, hashes({ data }));
    const left = new Map<string, number>();
    for (const { id, link, marks } of sweeps) {
      const list = session.trials(link);
      if (list)
        left.set(
          id,
          list.trials.filter((one) => isLeft(statusOf(marks[one.id], byTrial.get(one.id)))).length,
        );
    }
    return left;
  }, [session, runs, data, sweeps, listed]);
}

const isLeft = (status: TrialStatus | undefined): boolean => /^(queued|running)$/.test(status?.state ?? '');

/** Null: the draft is one run; `listing`: its trials are being listed. */
export function useSweep(): SweepView | 'listing' | null {
  const session = useSession();
  const config = useLab((state) => state.draft);
  const sweep = useLab((state) => state.sweep);
  const runs = useLab((state) => state.runs);
  const data = useLab((state) => state.data);
  const speed = useLab((state) => state.speed);
  const queue = useLab((state) => state.queue.sweeps);
  useLab((state) => state.queue.listed);
  const link = useMemo(() => (sweep ? encode(config, {}, sweep) : null), [config, sweep]);
  const list = link === null ? null : session.trials(link);
  const id = useMemo(() => (link === null ? '' : sweepId(link)), [link]);
  const queued = queue.find((one) => one.id === id) ?? null;
  const grid = useMemo(
    () => (sweep && list ? gridOf(sweep, config.seed, list) : null),
    [sweep, config, list],
  );
  const marks = queued?.marks;
  const statuses = useMemo(() => {
    const byTrial = runsByTrial(runs, hashes({ data }));
    return new Map(
      list?.trials.map((trial) => [trial.id, statusOf(marks?.[trial.id], byTrial.get(trial.id))]),
    );
  }, [list, runs, data, marks]);
  return useMemo(() => {
    if (!sweep) return null;
    if (!list || !grid) return 'listing';
    const factor = correction(list.trials, statuses, speed);
    const corrected = (cost: TotalCost): TotalCost => ({
      ...cost,
      seconds: cost.seconds === null ? null : cost.seconds * factor,
    });
    return {
      id,
      config,
      sweep,
      list,
      grid,
      statuses,
      tally: tally(statuses.values()),
      queued,
      left: corrected(
        totalCost(
          list.trials.filter((trial) => isLeft(statuses.get(trial.id))),
          speed,
        ),
      ),
      total: corrected(totalCost(list.trials, speed)),
    };
  }, [id, config, sweep, list, grid, statuses, queued, speed]);
}

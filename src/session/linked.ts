// The result that a link carries, as a run on the charts before anything is trained; and training it again.
import { digestOf } from '../core/digest.ts';
import { plan } from '../experiment/plan.ts';
import { createRun, linkedKey, type Run } from '../experiment/run.ts';
import type { RunList } from './run-list.ts';
import type { Series } from './series.ts';
import type { LabState } from './state.ts';
import { columns } from './storage.ts';
import type { Store } from './store.ts';

/** A run made of what a link says. Null where its config cannot be planned here. */
function runOf({ draft, result, data }: LabState): Run | null {
  if (!result) return null;
  const known = data[draft.data];
  const card = known?.status === 'ready' ? known.card : undefined;
  try {
    const made = createRun({
      key: linkedKey(result.digest),
      config: draft,
      planned: plan(draft, card),
      data: null,
      parent: null,
      createdAt: Date.now(),
    });
    return {
      ...made,
      remarks: { ...made.remarks, title: `${made.name}, from a link` },
      state: result.outcome,
      step: result.step,
      seconds: result.seconds,
      device: { ...result.device, fallbackAdapter: false },
      digest: digestOf(result.curves),
    };
  } catch {
    return null;
  }
}

/** Shows each result that a link brings. */
export function showLinked(store: Store, { runs, series }: { runs: RunList; series: Series }): void {
  function show(state: LabState): void {
    const run = runOf(state);
    if (!run || !state.result || runs.find(run.key)) return;
    series.begin(run.key).append(columns(state.result.curves));
    runs.put(run);
    runs.show([run.key]);
  }
  store.subscribe((state, before) => {
    if (state.result !== before.result) show(state);
  });
  show(store.getState());
}

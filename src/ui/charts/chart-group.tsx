// Charts that belong together: one x axis, one crosshair, one zoom, with their toolbar and readout.
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { Shown, View } from '../../session/state.ts';
import { useActions, useLab, useSession } from '../hooks/use-lab.ts';
import { useWidth } from '../hooks/use-width.ts';
import { beginning, extent } from './axis-map.ts';
import { CrosshairContext, createCrosshair } from './crosshair.ts';
import { Readout } from './readout.tsx';
import { useRedraw } from './redraw.ts';
import { type Axis, axisOver, niceStep, type Range, xAxis } from './scale.ts';
import { type Drawn, drawnOf, type ShownRun, useShownRuns } from './shown-runs.ts';
import { SlotQuestion } from './slot-question.tsx';
import { Toolbar } from './toolbar.tsx';
import { wordsOfX, xWords } from './x-words.ts';
import { ZoomContext } from './zoom.ts';

/** What every chart of the group is given. */
export interface Shared {
  readonly drawn: readonly Drawn[];
  readonly view: View;
  readonly isolated: ReadonlySet<string>;
  readonly x: Axis;
  readonly xWords: string;
  readonly wordsOfX: (x: number) => string;
  /** Lines have names from this width of a chart on; below the readout has them. */
  readonly namedFrom: number;
}

interface Props {
  /** What is drawn; keep the array while nothing has changed. */
  readonly entries: readonly Shown[];
  /** The x axis while nothing is drawn. */
  readonly emptyX: Range;
  readonly hasReadout?: boolean;
  readonly children: (shared: Shared, width: number) => ReactNode;
}

/** The whole x axis: as far as the runs will go. */
function useExtent(shown: readonly ShownRun[], view: View, emptyX: Range): Range {
  const session = useSession();
  useRedraw(
    session,
    useMemo(() => shown.map(({ run }) => run.key), [shown]),
    1000,
  );
  if (shown.length === 0) return emptyX;
  const far = Math.max(...shown.map((one) => extent(one, view.x)));
  const near = Math.min(...shown.map((one) => beginning(one, view.x)));
  // A clock or an open end runs on: round up, so that the axis moves seldom.
  const open = shown.some(
    ({ run }) => run.state === 'running' && (view.x === 'seconds' || run.totalSteps === null),
  );
  const step = niceStep(far, 6);
  return [near > 0 ? near : far / 1000, open ? Math.ceil(far / step) * step : far];
}

const sameRange = (a: Range, b: Range): boolean => a[0] === b[0] && a[1] === b[1];

/** A zoom holds for one unit of the axis. */
function useZoomOf(whole: Axis, view: View) {
  const [range, setRange] = useState<Range | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another unit or scale shows all again
  useEffect(() => setRange(null), [view.x, view.logX]);
  const isZoomed = range !== null;
  const zoom = useMemo(() => ({ whole, isZoomed, set: setRange }), [whole, isZoomed]);
  return { range, zoom };
}

/** Keys looked at alone; those that left the charts do not count. */
function useIsolated(drawn: readonly Drawn[]) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const isolated = useMemo(
    () => new Set(drawn.filter(({ key }) => chosen.has(key)).map(({ key }) => key)),
    [drawn, chosen],
  );
  const toggle = useCallback((key: string, more: boolean) => {
    setChosen((before) => {
      if (!more) return before.has(key) && before.size === 1 ? new Set() : new Set([key]);
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }, []);
  return { isolated, toggle };
}

export function ChartGroup({ entries, emptyX, hasReadout = true, children }: Props) {
  const { setView } = useActions();
  const session = useSession();
  const view = useLab((state) => state.view);
  const shown = useShownRuns(entries);
  const [ref, width] = useWidth<HTMLDivElement>();
  const [crosshair] = useState(createCrosshair);
  // biome-ignore lint/correctness/useExhaustiveDependencies: labels follow the runs that are shown, not every step of one
  const drawn = useMemo(() => drawnOf(shown, view.seeds, session.get().runs), [shown, view.seeds]);
  const { isolated, toggle } = useIsolated(drawn);
  const found = useExtent(shown, view, emptyX);
  const [steady, setSteady] = useState(found);
  if (!sameRange(steady, found)) setSteady(found);
  const count = width < 450 ? 4 : 8;
  const unit = view.x === 'flops' ? 'FLOP' : '';
  const whole = useMemo(
    () => xAxis(steady[0], steady[1], view.logX, count, unit),
    [steady, view.logX, count, unit],
  );
  const { range, zoom } = useZoomOf(whole, view);
  const x = useMemo(
    () => (range ? axisOver(range, whole.log, count, unit) : whole),
    [range, whole, count, unit],
  );
  const words = useCallback((value: number) => wordsOfX(view.x, value), [view.x]);
  const shared = {
    drawn,
    view,
    isolated,
    x,
    xWords: xWords[view.x],
    wordsOfX: words,
    namedFrom: hasReadout ? 450 : 240,
  };
  const hasSeeds = useMemo(
    () => drawnOf(shown, 'mean', []).some(({ members }) => members.length > 1),
    [shown],
  );
  return (
    <CrosshairContext value={crosshair}>
      <ZoomContext value={drawn.length > 0 ? zoom : null}>
        <div ref={ref}>
          {shown.length > 0 && (
            <>
              <Toolbar view={view} onChange={setView} hasSeeds={hasSeeds} />
              <SlotQuestion />
              {hasReadout && (
                <Readout drawn={drawn} view={view} isolated={isolated} onIsolate={toggle} wordsOfX={words} />
              )}
            </>
          )}
          {children(shared, width)}
        </div>
      </ZoomContext>
    </CrosshairContext>
  );
}

// All charts of the view on one x axis, with their toolbar and readout. Loaded just after the first paint.
import { useCallback, useMemo, useState } from 'react';
import { datasets } from '../../catalog/datasets/index.ts';
import { formatCount, formatDuration, formatNumber, formatPercent, formatSi } from '../../core/format.ts';
import type { Config } from '../../experiment/config.ts';
import { titleOf } from '../../experiment/run.ts';
import type { XAxis } from '../../session/state.ts';
import { useActions, useLab, useSession } from '../hooks/use-lab.ts';
import { useWidth } from '../hooks/use-width.ts';
import { labels } from '../runs/change.ts';
import { planOf } from '../runs/run-plan.ts';
import { CrosshairContext, createCrosshair } from './crosshair.ts';
import { wilson } from './interval.ts';
import { MetricChart } from './metric-chart.tsx';
import type { Band } from './plot.tsx';
import type { Reference } from './plot-marks.tsx';
import { Readout } from './readout.tsx';
import { useRedraw } from './redraw.ts';
import { niceStep, xAxis } from './scale.ts';
import { Toolbar } from './toolbar.tsx';
import { extent, type ShownRun, type Trace } from './traces.ts';

const X_WORDS: Readonly<Record<XAxis, string>> = {
  step: 'step',
  epoch: 'epoch',
  examples: 'examples seen',
  flops: 'training FLOPs (multiply-add = 2)',
  seconds: 'seconds',
};

function wordsOf(axis: XAxis, x: number): string {
  switch (axis) {
    case 'step':
      return `step ${formatCount(x)}`;
    case 'epoch':
      return `epoch ${x.toFixed(1)}`;
    case 'examples':
      return `${formatSi(x)} examples`;
    case 'flops':
      return formatSi(x, 'FLOP');
    case 'seconds':
      return formatDuration(x);
    default:
      throw axis satisfies never;
  }
}

/** The loss of the best possible answer where targets are smoothed: their entropy, in nats. */
function smoothedFloor(smoothing: number, classes: number): number {
  const other = smoothing / classes;
  const right = 1 - smoothing + other;
  return -right * Math.log(right) - (classes - 1) * other * Math.log(other);
}

/** Chance, and the floor when all runs smooth alike. */
function lossReferences(configs: readonly Config[]): readonly Reference[] {
  const [first] = configs;
  if (!first) return [];
  const classes = datasets[first.data].classes.length;
  const chance = Math.log(classes);
  const references: Reference[] = [
    { y: chance, words: `chance, ln ${classes} = ${chance.toFixed(2)}`, side: 'right' },
  ];
  const smoothing = first['train.labelSmoothing'];
  if (smoothing > 0 && configs.every((config) => config['train.labelSmoothing'] === smoothing)) {
    const y = smoothedFloor(smoothing, classes);
    references.push({
      y,
      words: `lowest possible with smoothing ${formatNumber(smoothing)}: ${y.toFixed(2)}`,
      side: 'left',
    });
  }
  return references;
}

/** The runs on the charts with their columns, in the order in which they were shown. */
function useShown(): readonly ShownRun[] {
  const session = useSession();
  const shown = useLab((state) => state.shown);
  const data = useLab((state) => state.data);
  // A run moves on several times a second; only what the charts must be laid out for anew counts here.
  const signature = useLab((state) =>
    shown
      .map(({ key }) => {
        const run = state.runs.find((one) => one.key === key);
        return `${run?.state} ${run?.totalSteps} ${state.seriesVersion[key] === undefined}`;
      })
      .join(),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature says when runs and logs changed enough
  return useMemo(() => {
    const { runs } = session.get();
    const found = shown.flatMap(({ key, slot }) => {
      const run = runs.find((one) => one.key === key);
      const log = run ? session.log(key) : null;
      return run && log ? [{ run, slot, log }] : [];
    });
    const names = labels(
      found.map(({ run }) => run),
      runs,
    );
    return found.map(({ run, slot, log }) => {
      const state = data[run.config.data];
      const plan = planOf(run, state?.status === 'ready' ? state.card : undefined);
      return { run, slot, log, plan, label: names.get(run.key) ?? titleOf(run) };
    });
  }, [session, shown, data, signature]);
}

const EMPTY_LOSS = [0, 2.5] as const;
const EMPTY_SHARE = [0, 1] as const;
const percentTick = (value: number): string => String(Math.round(value * 100));

export default function ChartPanel() {
  const { setView } = useActions();
  const shown = useShown();
  const view = useLab((state) => state.view);
  const draft = useLab((state) => state.draft);
  const planned = useLab((state) => state.planned);
  const [crosshair] = useState(createCrosshair);
  const [ref, width] = useWidth<HTMLDivElement>();
  const empty = shown.length === 0;
  const { testCount, high, low } = useBounds(shown, view.x);
  const count = width < 450 ? 4 : 8;
  const unit = view.x === 'flops' ? 'FLOP' : '';
  const x = useMemo(() => xAxis(low, high, view.logX, count, unit), [low, high, view.logX, count, unit]);
  const smallX = useMemo(
    () => ({
      ...x,
      ticks: x.log ? x.ticks.filter((_, index) => index % 2 === 0) : [x.domain[0], x.domain[1]],
    }),
    [x],
  );
  const configs = empty ? [draft] : shown.map(({ run }) => run.config);
  const floorKey = configs.map((config) => `${config.data} ${config['train.labelSmoothing']}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key holds all that the references read
  const lossLines = useMemo(() => lossReferences(configs), [floorKey]);
  const classes = datasets[configs[0]?.data ?? draft.data].classes.length;
  const shareLines = useMemo<readonly Reference[]>(
    () => [{ y: 1 / classes, words: `chance, ${formatPercent(1 / classes, 0)}`, side: 'right' }],
    [classes],
  );
  const images = testCount ?? ('plan' in planned ? planned.plan.testCount : 10_000);
  const band = useCallback(
    ({ line }: Trace): Band['points'] => line.map((point) => ({ x: point.x, y: wilson(point.y, images) })),
    [images],
  );
  const wordsOfX = useCallback((value: number) => wordsOf(view.x, value), [view.x]);
  const smoothed = new Set(configs.map((config) => config['train.labelSmoothing']));
  const smoothing = [...smoothed][0] ?? 0;
  const about = [
    'nats',
    smoothed.size === 1 && smoothing > 0 ? `label smoothing ${formatNumber(smoothing)}` : '',
    view.smoothing > 0 ? 'raw and smoothed' : 'as measured',
  ]
    .filter(Boolean)
    .join(', ');
  const shared = { shown, view, x, xWords: X_WORDS[view.x], wordsOfX };
  const small = {
    ...shared,
    x: smallX,
    height: 76,
    smoothing: 0,
    references: NONE,
    emptyY: EMPTY_SHARE,
    small: true,
    about: '',
  };
  return (
    <CrosshairContext value={crosshair}>
      <div ref={ref}>
        {empty ? null : (
          <>
            <Toolbar view={view} onChange={setView} />
            <Readout shown={shown} view={view} wordsOfX={wordsOfX} />
          </>
        )}
        <MetricChart
          {...shared}
          title="Train loss"
          about={about}
          metric="train/loss"
          smoothing={view.smoothing}
          height={width < 450 ? 208 : 248}
          logY={view.logY}
          emptyY={EMPTY_LOSS}
          references={lossLines}
          formatY={twoDecimals}
        >
          {empty && (
            <text className="faint" x={width / 2} y={130} textAnchor="middle">
              Curves appear here once training starts.
            </text>
          )}
        </MetricChart>
        <MetricChart
          {...shared}
          title="Test accuracy"
          about={`%, ${formatCount(images)} images; band: 95 % binomial`}
          metric="test/accuracy"
          smoothing={0}
          height={width < 450 ? 184 : 208}
          logY={false}
          emptyY={EMPTY_SHARE}
          minSpan={0.1}
          references={shareLines}
          bandOf={band}
          formatY={formatPercent}
          formatTick={percentTick}
        />
        <div className="small-multiples">
          <MetricChart
            {...small}
            title="Learning rate"
            metric="optimizer/learning-rate"
            logY={false}
            fromZero
            formatY={short}
          />
          <MetricChart
            {...small}
            title="Gradient norm"
            metric="gradient/norm"
            smoothing={view.smoothing}
            logY={!empty}
            formatY={short}
          />
          <MetricChart
            {...small}
            title="Examples/s"
            metric="speed/examples-per-second"
            logY={false}
            fromZero
            formatY={formatSi}
            formatTick={siTick}
          />
        </div>
      </div>
    </CrosshairContext>
  );
}

const NONE: readonly Reference[] = [];
const twoDecimals = (value: number): string => value.toFixed(2);
const short = (value: number): string => formatNumber(value, 2);
const siTick = (value: number): string =>
  value === 0 ? '0' : formatSi(value, '', 2).replace(/\.0(?=\u2009)/, '');

/** How far the x axis goes, and on how many images the runs were tested when they agree. */
function useBounds(
  shown: readonly ShownRun[],
  axis: XAxis,
): { readonly low: number; readonly high: number; readonly testCount: number | null } {
  const session = useSession();
  const planned = useLab((state) => state.planned);
  const draft = useLab((state) => state.draft);
  useRedraw(
    session,
    useMemo(() => shown.map(({ run }) => run.key), [shown]),
    1000,
  );
  if (shown.length === 0) {
    const plan = 'plan' in planned ? planned.plan : null;
    const steps = plan?.steps ?? 1000;
    const each: Readonly<Record<XAxis, number>> = {
      step: 1,
      epoch: 1 / (plan?.stepsPerEpoch ?? 100),
      examples: draft['train.batchSize'],
      flops: plan?.flopsPerStep ?? 1,
      seconds: 1 / 20,
    };
    return { low: each[axis], high: steps * each[axis], testCount: null };
  }
  const far = Math.max(...shown.map((one) => extent(one, axis)));
  const near = Math.min(
    ...shown.map((one) => {
      const [step] = one.log.column('train/loss').steps;
      return extent({ ...one, run: { ...one.run, state: 'finished', step: Math.max(1, step ?? 1) } }, axis);
    }),
  );
  // A clock or an open end runs on: round up, so that the axis moves seldom.
  const open = shown.some(
    ({ run }) => run.state === 'running' && (axis === 'seconds' || run.totalSteps === null),
  );
  const step = niceStep(far, 6);
  const counts = new Set(shown.map(({ plan }) => plan?.testCount ?? null));
  return {
    low: near > 0 ? near : far / 1000,
    high: open ? Math.ceil(far / step) * step : far,
    testCount: counts.size === 1 ? ([...counts][0] ?? null) : null,
  };
}

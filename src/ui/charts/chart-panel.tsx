// The charts of the Train view: loss, score, and what goes on while training. Loaded just after the first paint.
import { useMemo } from 'react';
import { datasets } from '../../catalog/datasets/index.ts';
import { formatNumber, formatSi } from '../../core/format.ts';
import type { Config } from '../../experiment/config.ts';
import type { XAxis } from '../../session/state.ts';
import { useLab } from '../hooks/use-lab.ts';
import { lossOf, scoresOf } from '../runs/score.ts';
import { ChartGroup, type Shared } from './chart-group.tsx';
import type { RuleLayer } from './layers.ts';
import { lossRules, scoreRules } from './rules.ts';
import type { Axis, Range } from './scale.ts';
import { SeriesChart } from './series-chart.tsx';
import { isDrawn } from './shown-runs.ts';
import { UpdateCharts } from './update-charts.tsx';

const EMPTY_SHARE: Range = [0, 1];
const NONE: readonly RuleLayer[] = [];
const short = (value: number): string => formatNumber(value, 2);
const siTick = (value: number): string =>
  value === 0 ? '0' : formatSi(value, '', 2).replace(/\.0(?=\u2009)/, '');

/** What is drawn now: what has a colour, and the run that trains. */
export function useEntries() {
  const shown = useLab((state) => state.shown);
  const active = useLab((state) => state.active);
  return useMemo(() => {
    const drawn = shown.filter((entry) => isDrawn(entry, active));
    const isMissing = active !== null && drawn.every(({ key }) => key !== active);
    return isMissing ? [...drawn, { key: active, slot: null }] : drawn;
  }, [shown, active]);
}

/** The x axis of a plan that has not been trained. */
export function useEmptyX(): Range {
  const planned = useLab((state) => state.planned);
  const draft = useLab((state) => state.draft);
  const axis = useLab((state) => state.view.x);
  return useMemo(() => {
    const plan = 'plan' in planned ? planned.plan : null;
    const steps = plan?.steps ?? 1000;
    const each: Readonly<Record<XAxis, number>> = {
      step: 1,
      epoch: 1 / (plan?.stepsPerEpoch ?? 100),
      examples: draft['train.batchSize'],
      flops: plan?.flopsPerStep ?? 1,
      seconds: 1 / 20,
    };
    return [each[axis], steps * each[axis]];
  }, [planned, draft, axis]);
}

/** On how many images all of them were tested; null where that differs. */
function commonImages({ drawn }: Shared): number | null {
  const counts = new Set(drawn.flatMap(({ members }) => members.map(({ cost }) => cost?.testCount ?? null)));
  return counts.size === 1 ? ([...counts][0] ?? null) : null;
}

/** Classes of the data that the first run was trained on, or that is loaded for the first config; 0: not known. */
function useClasses({ drawn }: Shared, [first]: readonly Config[]): number {
  const loaded = useLab(({ data }) => (first ? data[first.data] : undefined));
  const facts = drawn[0]?.members[0]?.run.data?.facts ?? (loaded?.status === 'ready' ? loaded.card : null);
  return (facts ?? (first ? datasets[first.data] : null))?.classes.length ?? 0;
}

/** Few ticks, for narrow plots. */
function sparse(x: Axis): Axis {
  const [low, high] = x.domain;
  return { ...x, ticks: x.log ? x.ticks.filter((_, index) => index % 2 === 0) : [low, high] };
}

/** Loss and the score of these runs; `children` stand in the empty frame. */
export function LeadCharts({
  shared,
  configs,
  heights,
  children,
}: {
  readonly shared: Shared;
  readonly configs: readonly Config[];
  readonly heights: readonly [loss: number, score: number];
  readonly children?: React.ReactNode;
}) {
  const { view } = shared;
  const classes = useClasses(shared, configs);
  const key = configs.map((config) => `${config.task} ${config['train.labelSmoothing']}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key holds all that the rules read
  const [losses, scores] = useMemo(
    () => [lossRules(configs, classes), scoreRules(configs, classes)],
    [key, classes],
  );
  const planned = useLab((state) => ('plan' in state.planned ? state.planned.plan.testCount : null));
  const images = shared.drawn.length > 0 ? commonImages(shared) : planned;
  const smoothed = new Set(configs.map((config) => config['train.labelSmoothing']));
  const smoothing = [...smoothed][0] ?? 0;
  const [first] = configs;
  const loss = first && lossOf(first);
  const about = [
    loss?.unit ?? '',
    smoothed.size === 1 && smoothing > 0 ? `label smoothing ${formatNumber(smoothing)}` : '',
    view.smoothing > 0 ? `smoothed by ${view.smoothing.toFixed(2)}, raw faint` : 'as measured',
  ]
    .filter(Boolean)
    .join(', ');
  if (!first || !loss) return null;
  return (
    <>
      <SeriesChart
        {...shared}
        title="Train loss"
        about={about}
        metric="train/loss"
        smoothing={view.smoothing}
        height={heights[0]}
        logY={view.logY}
        emptyY={loss.axis}
        rules={losses}
        format={loss.format}
      >
        {children}
      </SeriesChart>
      {scoresOf(first).map((score, index) => (
        <SeriesChart
          key={score.metric}
          {...shared}
          title={score.title}
          about={score.about}
          metric={score.metric}
          smoothing={0}
          height={heights[1]}
          logY={false}
          emptyY={score.axis}
          minSpan={score.minSpan}
          rules={index === 0 ? scores : NONE}
          images={score.isShare ? images : null}
          format={score.format}
          formatTick={score.tick}
        />
      ))}
    </>
  );
}

function TrainCharts({ shared, width }: { readonly shared: Shared; readonly width: number }) {
  const draft = useLab((state) => state.draft);
  const { drawn, x: whole } = shared;
  const empty = drawn.length === 0;
  const x = useMemo(() => sparse(whole), [whole]);
  const configs = empty ? [draft] : drawn.flatMap(({ members }) => members.map(({ run }) => run.config));
  const small = { ...shared, x, about: '', height: 76, rules: NONE, emptyY: EMPTY_SHARE, small: true };
  return (
    <>
      <LeadCharts shared={shared} configs={configs} heights={width < 450 ? [208, 184] : [248, 208]}>
        {empty && (
          <text className="faint" x={width / 2} y={130} textAnchor="middle">
            Curves appear here once training starts.
          </text>
        )}
      </LeadCharts>
      <div className="small-multiples">
        <SeriesChart
          {...small}
          title="Learning rate"
          metric="optimizer/learning-rate"
          smoothing={0}
          logY={false}
          fromZero
          format={short}
        />
        <SeriesChart
          {...small}
          title="Gradient norm"
          metric="gradient/norm"
          smoothing={shared.view.smoothing}
          logY={!empty}
          format={short}
        />
        <SeriesChart
          {...small}
          title="Examples/s"
          metric="speed/examples-per-second"
          smoothing={0}
          logY={false}
          fromZero
          format={formatSi}
          formatTick={siTick}
        />
      </div>
      <UpdateCharts small={small} configs={configs} />
    </>
  );
}

export default function ChartPanel() {
  const entries = useEntries();
  const emptyX = useEmptyX();
  return (
    <ChartGroup entries={entries} emptyX={emptyX}>
      {(shared, width) => <TrainCharts shared={shared} width={width} />}
    </ChartGroup>
  );
}

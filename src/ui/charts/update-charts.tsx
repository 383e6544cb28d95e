// A second row of small charts, for what settings of the update let a run measure: the noise scale, averaged weights.
import { formatNumber } from '../../core/format.ts';
import type { MetricName } from '../../core/metrics.ts';
import type { Config } from '../../experiment/config.ts';
import { microBatchCount } from '../../experiment/micro-batches.ts';
import { scoresOf } from '../runs/score.ts';
import { SeriesChart, type SeriesChartProps } from './series-chart.tsx';

type Small = Omit<SeriesChartProps, 'title' | 'metric' | 'smoothing' | 'logY' | 'format'>;

const examples = (value: number): string => formatNumber(value, 2);

/** The same score, of the averaged weights. */
const averaged = (metric: MetricName): MetricName => metric.replace('test/', 'test/average-') as MetricName;

export function UpdateCharts({
  small,
  configs,
}: {
  readonly small: Small;
  readonly configs: readonly Config[];
}) {
  const hasNoise = configs.some((config) => microBatchCount(config) > 1);
  const averages = configs.find((config) => config['train.ema'] > 0);
  const score = averages && scoresOf(averages)[0];
  if (!hasNoise && !score) return null;
  return (
    <div className="small-multiples">
      {hasNoise && (
        <SeriesChart
          {...small}
          title="Noise scale, images"
          metric="gradient/noise-scale"
          smoothing={0}
          logY={small.drawn.length > 0}
          format={examples}
        />
      )}
      {score && (
        <>
          <SeriesChart
            {...small}
            title="Test loss, averaged"
            metric="test/average-loss"
            smoothing={0}
            logY={false}
            format={examples}
          />
          <SeriesChart
            {...small}
            title={`${score.title}, averaged`}
            metric={averaged(score.metric)}
            smoothing={0}
            logY={false}
            format={score.format}
            formatTick={score.tick}
          />
        </>
      )}
    </div>
  );
}

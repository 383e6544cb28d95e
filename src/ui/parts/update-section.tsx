// What one update will be: the learning rate that results from the batch size, the batch in parts, the average.
import { formatCount, formatNumber } from '../../core/format.ts';
import type { Config } from '../../experiment/config.ts';
import { microBatchSize } from '../../experiment/micro-batches.ts';
import type { Plan } from '../../experiment/plan.ts';
import { planNotes } from '../../experiment/plan-notes.ts';

/** "0.001 × √(512 / 128)", or that the rate is used as it is set. */
function rateWords(config: Config): string {
  const rule = config['optimizer.scaling'];
  if (rule === 'none') return 'as set';
  const ratio = `${formatCount(config['train.batchSize'])} / ${formatCount(config['optimizer.referenceBatch'])}`;
  const factor = rule === 'linear' ? ratio : `√(${ratio})`;
  return `${formatNumber(config['optimizer.learningRate'])} × ${factor}`;
}

export function UpdateSection({ plan, config }: { readonly plan: Plan; readonly config: Config }) {
  const keep = config['train.ema'];
  return (
    <section className="section">
      <div className="section-head">
        <h2>Update</h2>
      </div>
      <dl className="figures">
        <dt>
          Learning rate <span className="ink3">{rateWords(config)}</span>
        </dt>
        <dd>{formatNumber(plan.learningRate, 3)}</dd>
        {plan.microBatches > 1 && (
          <>
            <dt>
              Batch <span className="ink3">in micro-batches</span>
            </dt>
            <dd>
              {formatCount(plan.microBatches)} × {formatCount(microBatchSize(config))}
            </dd>
          </>
        )}
        {keep > 0 && (
          <>
            <dt>
              Weight average <span className="ink3">over about</span>
            </dt>
            <dd>{formatCount(Math.round(1 / (1 - keep)))} steps</dd>
          </>
        )}
      </dl>
      {planNotes(config, plan).map((note) => (
        <p key={note} className="small ink2">
          {note}
        </p>
      ))}
    </section>
  );
}

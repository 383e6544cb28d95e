// What one update will be: the learning rate that results from the batch size.
import { formatCount, formatNumber } from '../../core/format.ts';
import type { Config } from '../../experiment/config.ts';
import type { Plan } from '../../experiment/plan.ts';

/** "0.001 × √(512 / 128)", or nothing where the rate is used as it is set. */
function rateWords(config: Config): string {
  const rule = config['optimizer.scaling'];
  if (rule === 'none') return 'as set';
  const ratio = `${formatCount(config['train.batchSize'])} / ${formatCount(config['optimizer.referenceBatch'])}`;
  const factor = rule === 'linear' ? ratio : `√(${ratio})`;
  return `${formatNumber(config['optimizer.learningRate'])} × ${factor}`;
}

export function UpdateSection({ plan, config }: { readonly plan: Plan; readonly config: Config }) {
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
      </dl>
    </section>
  );
}

// What the sweep costs, before it starts and while it runs.
import { optimizers } from '../../catalog/optimizers/index.ts';
import { formatBytes, formatDuration, formatSi } from '../../core/format.ts';
import type { SweepView } from './use-sweep.ts';
import { mismatchWords } from './words.ts';

const FLOAT_BYTES = 4;

/** Bytes that the checkpoints of all trials take up: weights and slots. */
function storageBytes({ list }: SweepView): number {
  return list.trials.reduce((sum, { cost, config }) => {
    const slots = optimizers[config.optimizer].slots.length;
    return sum + FLOAT_BYTES * cost.parameters * (1 + slots);
  }, 0);
}

function Row({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className="row cost-row">
      <dt className="ink2">{label}</dt>
      <dd className="push">{value}</dd>
    </div>
  );
}

export function CostPanel({ view }: { readonly view: SweepView }) {
  const { list, tally, left, total } = view;
  const over = tally.done + tally.diverged + tally.pruned;
  const mismatch = mismatchWords(list.trials);
  return (
    <section className="section">
      <div className="section-head">
        <h2>Cost</h2>
        <span className="push small ink3">this device</span>
      </div>
      <dl className="cost">
        <Row label="Runs" value={String(list.trials.length)} />
        <Row label="Already here" value={String(over)} />
        <Row label={over > 0 ? 'Compute left' : 'Compute'} value={formatSi(left.flops, 'FLOP')} />
        <Row
          label={over > 0 ? 'Time left' : 'Time'}
          value={
            left.seconds === null
              ? 'being measured'
              : left.trials === 0
                ? '–'
                : `about ${formatDuration(left.seconds)}`
          }
        />
        <Row label="Storage" value={formatBytes(storageBytes(view))} />
        {mismatch ? <Row label="Held equal" value={mismatch} /> : null}
        {total.seconds !== null && over > 0 ? (
          <Row label="Time in all" value={`about ${formatDuration(total.seconds)}`} />
        ) : null}
      </dl>
    </section>
  );
}

// On narrow screens the settings are a sentence; Edit opens the form below it.
import { architectures } from '../../catalog/architectures/index.ts';
import { datasets } from '../../catalog/datasets/index.ts';
import { optimizers } from '../../catalog/optimizers/index.ts';
import { formatNumber } from '../../core/format.ts';
import { type Config, named } from '../../experiment/config.ts';
import { useLab } from '../hooks/use-lab.ts';

/** A config in one line: data, shape, rule, training. */
export function settingsWords(config: Config): string {
  const model = architectures[config.model];
  const shape = (model.shape as (config: Config) => string)(config);
  const budget = (['steps', 'seconds', 'epochs'] as const).find(
    (unit) => unit === 'epochs' || config[`train.${unit}`] > 0,
  );
  const data = [datasets[config.data].label, config.augment === 'none' ? '' : config.augment]
    .filter(Boolean)
    .join(', ');
  const rule = `${optimizers[config.optimizer].label} ${formatNumber(config['optimizer.learningRate'])}, ${config.schedule}`;
  const training = `batch ${formatNumber(config['train.batchSize'])}, ${formatNumber(config[`train.${budget ?? 'epochs'}`])} ${budget}, seed ${config.seed}`;
  return [data, `${model.label.toLowerCase()} ${shape}`, rule, training].join(' · ');
}

export function SettingsSentence({
  open,
  onToggle,
}: {
  readonly open: boolean;
  readonly onToggle: () => void;
}) {
  const config = useLab((state) => state.draft);
  const changed = Object.keys(named(config)).length;
  return (
    <section className="summary section">
      <div className="section-head">
        <h2>Settings</h2>
        <button
          type="button"
          className="button push"
          aria-expanded={open}
          aria-controls="form"
          onClick={onToggle}
        >
          {open ? 'Close' : 'Edit'}
        </button>
      </div>
      <p className="mid ink2">{settingsWords(config)}</p>
      <p className="small ink3">
        {changed === 0
          ? 'All at their defaults.'
          : `${changed} ${changed === 1 ? 'differs' : 'differ'} from the defaults.`}
      </p>
    </section>
  );
}

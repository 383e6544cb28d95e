// The form: every group and row made from the settings that apply to the draft. Nothing here knows a setting by name
// but the budget (three settings, one row) and the presets of the model.
import { type Preset, parsePreset, presetNames } from '../../catalog/architectures/preset.ts';
import { type Config, type Key, type Named, runId } from '../../experiment/config.ts';
import { estimateSeconds } from '../../experiment/plan.ts';
import { Menu } from '../controls/choices.tsx';
import { SettingRow } from '../controls/setting-row.tsx';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { BudgetRow } from './budget-row.tsx';
import { DatasetCardView } from './dataset-card.tsx';
import { FamilyRow } from './family-row.tsx';
import { BUDGET_KEYS, changedIn, formGroups, type Group } from './form-groups.ts';

/** What zero means, where it is no number. */
const ZERO: { readonly [K in Key]?: string } = {
  'data.trainSize': 'all',
  'data.resolution': 'native',
  'data.labelNoise': 'off',
  'augment.mixup': 'off',
  'train.clipNorm': 'off',
  'train.target': 'off',
};

function PresetRow({ config, disabled }: { readonly config: Config; readonly disabled: boolean }) {
  const { edit } = useActions();
  const isSame = (preset: Preset): boolean =>
    Object.entries(preset).every(([key, value]) => value === config[key as Key]);
  const current = presetNames.find((name) => isSame(parsePreset(name) as Preset)) ?? '';
  const options = presetNames.map((name) => ({ value: name, label: name }));
  return (
    <div className="setting">
      <span className="dot" />
      <span className="name">Preset</span>
      <Menu
        label="Model of a paper"
        disabled={disabled}
        value={current}
        options={current === '' ? [{ value: '', label: 'own' }, ...options] : options}
        onChange={(name) => {
          const preset = parsePreset(name);
          if (preset) edit(preset);
        }}
      />
      <span />
    </div>
  );
}

interface GroupProps {
  readonly group: Group;
  readonly config: Config;
  readonly disabled: boolean;
}

function GroupSection({ group, config, disabled }: GroupProps) {
  const { edit, reset } = useActions();
  const planned = useLab((state) => state.planned);
  const speed = useLab((state) => state.speed);
  const plan = 'plan' in planned ? planned.plan : null;
  const changed = changedIn(config, group.settings);
  const isBudget = (key: Key): boolean => (BUDGET_KEYS as readonly string[]).includes(key);
  const budgetAt = group.settings.findIndex(({ key }) => isBudget(key));
  return (
    <section className="section group">
      <div className="section-head">
        <h2>{group.title}</h2>
        {changed.length > 0 && !disabled ? (
          <button type="button" className="quiet push" onClick={() => reset(changed.map(({ key }) => key))}>
            Reset {changed.length}
          </button>
        ) : null}
      </div>
      {group.settings.map(({ key, setting, default: fallback }, index) => {
        if (isBudget(key)) {
          return index === budgetAt ? (
            <BudgetRow
              key="budget"
              config={config}
              steps={plan?.steps ?? null}
              stepsPerEpoch={plan?.stepsPerEpoch ?? 1}
              seconds={plan ? estimateSeconds(plan, speed) : null}
              disabled={disabled}
              onChange={edit}
            />
          ) : null;
        }
        return [
          <SettingRow
            key={key}
            setting={setting}
            value={config[key]}
            fallback={fallback}
            disabled={disabled}
            whole={key === group.whole}
            zero={ZERO[key]}
            onChange={(value) => edit({ [key]: value } as Named)}
          />,
          key === 'data' ? <DatasetCardView key="card" dataset={config.data} /> : null,
          key === 'model' ? <PresetRow key="preset" config={config} disabled={disabled} /> : null,
          key === 'model' ? (
            <FamilyRow key="family" config={config} disabled={disabled} onChange={edit} />
          ) : null,
        ];
      })}
    </section>
  );
}

export function Form({ open }: { readonly open: boolean }) {
  const config = useLab((state) => state.draft);
  const readOnly = useLab((state) => state.readOnly);
  const planned = useLab((state) => state.planned);
  const activeId = useLab((state) => state.runs.find((run) => run.key === state.active)?.id ?? null);
  return (
    <div className={open ? 'form open' : 'form'} id="form">
      {activeId !== null && activeId !== runId(config) ? (
        <p className="notice">Changes apply to the next run, not to the one that trains.</p>
      ) : null}
      {'failure' in planned ? (
        <p className="notice error" role="alert">
          <span className="err">{planned.failure.message}</span>
        </p>
      ) : null}
      {formGroups(config).map((group) => (
        <GroupSection key={group.title} group={group} config={config} disabled={readOnly} />
      ))}
    </div>
  );
}

// The form: every group and row made from the settings that apply to the draft. Nothing here knows a setting by name
// but the budget (three settings, one row), the presets of the model and the body of a transfer.
import { type Preset, parsePreset, presetNames } from '../../catalog/architectures/preset.ts';
import type { Failure } from '../../core/failure.ts';
import { type Config, type Key, type Named, runId } from '../../experiment/config.ts';
import { isHidden } from '../../experiment/lesson.ts';
import { estimateSeconds } from '../../experiment/plan.ts';
import { Menu } from '../controls/choices.tsx';
import { SettingRow } from '../controls/setting-row.tsx';
import { useFrame } from '../hooks/use-frame.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { BodyRow } from './body-row.tsx';
import { BudgetRow } from './budget-row.tsx';
import { DatasetCardView } from './dataset-card.tsx';
import { FamilyRow } from './family-row.tsx';
import { BUDGET_KEYS, changedIn, formGroups, type Group } from './form-groups.ts';
import { LessonNote } from './lesson-note.tsx';

/** What zero means, where it is no number. */
const ZERO: { readonly [K in Key]?: string } = {
  'data.trainSize': 'all',
  'data.resolution': 'native',
  'data.labelNoise': 'off',
  'augment.mixup': 'off',
  'train.clipNorm': 'off',
  'train.target': 'off',
  'evaluate.tta': 'off',
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
  /** What a lesson hides. */
  readonly hides: (key: Key) => boolean;
  readonly config: Config;
  readonly disabled: boolean;
}

function GroupSection({ group, hides, config, disabled }: GroupProps) {
  const { edit, reset } = useActions();
  const planned = useLab((state) => state.planned);
  const speed = useLab((state) => state.speed);
  const plan = 'plan' in planned ? planned.plan : null;
  const isBudget = (key: Key): boolean => (BUDGET_KEYS as readonly string[]).includes(key);
  const hidesBudget = BUDGET_KEYS.some(hides);
  const hidesPreset = (['model', 'model.width', 'model.depth'] as const).some(hides);
  const visible = group.settings.filter(({ key }) => (isBudget(key) ? !hidesBudget : !hides(key)));
  const changed = changedIn(config, visible);
  const budgetAt = visible.findIndex(({ key }) => isBudget(key));
  // Data that is not there has to be fetched, whatever a lesson hides.
  const needsCard = group.whole === null && hides('data') && group.settings.some(({ key }) => key === 'data');
  if (visible.length === 0 && !needsCard) return null;
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
      {visible.map(({ key, setting, default: fallback }, index) => {
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
        if (key === 'transfer.from') {
          const row = { name: key, setting, value: config[key], fallback, disabled };
          return <BodyRow key={key} row={row} config={config} />;
        }
        return [
          <SettingRow
            key={key}
            name={key}
            setting={setting}
            value={config[key]}
            fallback={fallback}
            disabled={disabled}
            whole={key === group.whole}
            zero={ZERO[key]}
            onChange={(value) => edit({ [key]: value } as Named)}
          />,
          key === 'data' ? <DatasetCardView key="card" dataset={config.data} /> : null,
          key === 'model' && !hidesPreset ? (
            <PresetRow key="preset" config={config} disabled={disabled} />
          ) : null,
          key === 'model' && !hidesPreset ? (
            <FamilyRow key="family" config={config} disabled={disabled} onChange={edit} />
          ) : null,
        ];
      })}
      {needsCard ? <MissingData dataset={config.data} /> : null}
    </section>
  );
}

function MissingData({ dataset }: { readonly dataset: Config['data'] }) {
  const isThere = useLab((state) => state.data[dataset]?.status === 'ready');
  return isThere ? null : <DatasetCardView dataset={dataset} />;
}

/** How many settings the lesson hides, and a way to see them all the same. */
function Hidden({ count }: { readonly count: number }) {
  const { showHidden, setShowHidden } = useFrame();
  if (count === 0) return null;
  return (
    <p className="section hidden-settings">
      <button
        type="button"
        className="quiet"
        aria-pressed={showHidden}
        onClick={() => setShowHidden(!showHidden)}
      >
        {showHidden ? 'Hide what the lesson hides' : `Show all settings, ${count} hidden`}
      </button>
    </p>
  );
}

/** What keeps the draft from being trained; data that is still to be chosen is no error. */
function PlanNotice({ failure }: { readonly failure: Failure }) {
  const isError = failure.code !== 'dataset-unavailable';
  return (
    <p className={isError ? 'notice error' : 'notice'} role="alert">
      <span className={isError ? 'err' : undefined}>{failure.message}</span>
    </p>
  );
}

export function Form() {
  const { formOpen: open, showHidden } = useFrame();
  const lesson = useLab((state) => state.lesson);
  const config = useLab((state) => state.draft);
  const readOnly = useLab((state) => state.readOnly);
  const planned = useLab((state) => state.planned);
  const activeId = useLab((state) => state.runs.find((run) => run.key === state.active)?.id ?? null);
  const groups = formGroups(config);
  const count = groups.flatMap(({ settings }) => settings).filter(({ key }) => isHidden(lesson, key)).length;
  return (
    <div className={open ? 'form open' : 'form'} id="form">
      {activeId !== null && activeId !== runId(config) ? (
        <p className="notice">Changes apply to the next run, not to the one that trains.</p>
      ) : null}
      {'failure' in planned ? <PlanNotice failure={planned.failure} /> : null}
      <LessonNote />
      {groups.map((group) => (
        <GroupSection
          key={group.title}
          group={group}
          hides={(key) => !showHidden && isHidden(lesson, key)}
          config={config}
          disabled={readOnly}
        />
      ))}
      <Hidden count={count} />
    </div>
  );
}

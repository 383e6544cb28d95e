// Which group of the form a setting stands in. Only the key's first part decides: a new setting needs no line here.
import { type ActiveSetting, type Config, settingsOf } from '../../experiment/config.ts';

export interface Group {
  readonly title: string;
  /** The menu that heads the group and goes across the whole row, if any. */
  readonly whole: string | null;
  readonly settings: readonly ActiveSetting[];
}

const GROUPS = [
  { title: 'Data', whole: null, prefixes: ['data', 'augment'] },
  { title: 'Model', whole: 'model', prefixes: ['task', 'model'] },
  { title: 'Optimizer', whole: null, prefixes: ['optimizer', 'schedule'] },
  { title: 'Training', whole: null, prefixes: ['train', 'evaluate', 'seed'] },
  { title: 'Transfer', whole: null, prefixes: ['transfer'] },
] as const;

/** The budget is one row with a menu of units; these are its settings. */
export const BUDGET_KEYS = ['train.epochs', 'train.steps', 'train.seconds'] as const;

/** All settings that apply, in catalog order, by group. A menu with one entry is no choice and is left out. */
export function formGroups(config: Config): readonly Group[] {
  const settings = settingsOf(config).filter(({ setting }) => !setting.options || setting.options.length > 1);
  return GROUPS.map(({ title, whole }, index) => ({
    title,
    whole,
    settings: settings.filter(({ key }) => {
      const prefix = key.split('.')[0] as string;
      const home = GROUPS.findIndex((group) => (group.prefixes as readonly string[]).includes(prefix));
      return (home < 0 ? GROUPS.length - 1 : home) === index;
    }),
  }));
}

/** Settings of the group that differ from their defaults. */
export function changedIn(config: Config, settings: readonly ActiveSetting[]): readonly ActiveSetting[] {
  return settings.filter(({ key, default: fallback }) => config[key] !== fallback);
}

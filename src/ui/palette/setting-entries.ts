// Every setting that applies as entries of the palette: go to its control, choose one of few, or set a number.
import type { Value } from '../../core/setting.ts';
import { type ActiveSetting, type Config, type Named, settingsOf } from '../../experiment/config.ts';
import type { Actions } from '../../session/state.ts';
import { valueWords } from '../controls/setting-row.tsx';
import type { Entry } from './match.ts';

interface Around {
  readonly config: Config;
  readonly actions: Actions;
  /** Shows the control and puts the focus on it. */
  readonly focusSetting: (key: string) => void;
}

function entriesOf(
  { key, setting }: ActiveSetting,
  { config, actions, focusSetting }: Around,
): readonly Entry[] {
  const value = config[key];
  const set = (next: Value) => () => actions.edit({ [key]: next } as Named);
  const now = `${valueWords(setting, value)} ${setting.unit ?? ''}`.trim();
  const base = { group: 'Set', also: `${key} ${setting.help}` } as const;
  const go: Entry = {
    ...base,
    id: key,
    words: setting.label,
    detail: now,
    run: () => focusSetting(key),
    ...(typeof value === 'number'
      ? { withNumber: (number) => (setting.schema.safeParse(number).success ? set(number) : null) }
      : {}),
  };
  if (typeof value === 'boolean') {
    const words = `${setting.label}: ${value ? 'off' : 'on'}`;
    return [go, { ...base, id: `${key} toggle`, words, detail: `is ${now}`, run: set(!value) }];
  }
  const others = (setting.options ?? []).filter((option) => option.value !== value);
  return [
    go,
    ...others.map(
      (option): Entry => ({
        ...base,
        id: `${key} ${option.value}`,
        words: `${setting.label}: ${option.label}`,
        detail: `is ${now}`,
        run: set(option.value),
      }),
    ),
  ];
}

export function settingEntries(around: Around): readonly Entry[] {
  return settingsOf(around.config).flatMap((active) => entriesOf(active, around));
}

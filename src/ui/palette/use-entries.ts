// Everything that can be done on the page now, as entries of the palette.
import { glossary } from '../../catalog/glossary.ts';
import { type Preset, presets } from '../../catalog/presets/index.ts';
import { decode } from '../../experiment/address.ts';
import { useCommands } from '../hooks/use-commands.ts';
import { type Frame, useFrame } from '../hooks/use-frame.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { OFFERS, useSideBySide } from '../hooks/use-side-by-side.ts';
import { BACKENDS } from '../parts/backend-menu.tsx';
import { PAGE_WORDS } from '../parts/tabs.tsx';
import type { Entry } from './match.ts';
import { settingEntries } from './setting-entries.ts';

const THEMES = ['system', 'light', 'dark'] as const;

/** The control of a setting, once the form shows it. */
function focusControl(key: string): void {
  const row = document.querySelector(`[data-setting="${CSS.escape(key)}"]`);
  const control = row?.querySelector<HTMLElement>('input, select, button[aria-pressed="true"], button');
  row?.scrollIntoView({ block: 'center' });
  control?.focus();
}

type Command = readonly [words: string, detail: string, run: (() => void) | null, off?: string];

const toEntry =
  (group: Entry['group']) =>
  ([words, detail, run, off]: Command): Entry => ({
    id: words,
    group,
    words,
    detail,
    run: run ?? (() => {}),
    ...(run ? {} : { off: off ?? 'not now' }),
  });

function useDo(frame: Frame, copy: (make: () => string | Promise<string | null>) => void): readonly Entry[] {
  const actions = useActions();
  const commands = useCommands();
  const { compare } = useSideBySide();
  const { history, tuning, notify, theme, backend, sweep, readOnly } = useLab((state) => state);
  const { run } = commands;
  const list: readonly Command[] = [
    [commands.mainWord, 'Space', commands.main],
    ['One step', 'S', commands.step],
    ['Reset: the next start is from step 0', 'R', commands.reset],
    ['New run of these settings', 'N', commands.fresh],
    ...(sweep
      ? [['Side by side: the runs of this sweep', 'train together', () => actions.goTo('train')] as const]
      : OFFERS.map(
          (offer): Command => [
            `Side by side: ${offer.word}`,
            'train together',
            readOnly ? null : () => compare(offer),
          ],
        )),
    ['Undo', 'Ctrl Z', history.past.length > 0 ? actions.undo : null, 'nothing to undo'],
    ['Redo', 'Ctrl Shift Z', history.future.length > 0 ? actions.redo : null, 'nothing to redo'],
    ['Reset all settings to their defaults', 'can be undone', () => actions.reset()],
    ['Copy link', 'settings', () => copy(actions.link)],
    [
      'Copy link with result',
      'settings, numbers, curve',
      run && run.step > 0 ? () => copy(() => actions.resultLink(run.key)) : null,
      'train these settings first',
    ],
    ['Copy this view', 'settings and axes', () => copy(actions.viewLink)],
    ['Make a lesson from this config', 'hide controls, add a note', () => frame.openDialog('lesson')],
    ['Settings of the page', 'storage, theme, kernels', () => frame.openDialog('settings')],
    ['Keyboard', '?', () => frame.openDialog('keyboard')],
    ...THEMES.filter((one) => one !== theme).map(
      (one): Command => [`Theme: ${one}`, `is ${theme}`, () => actions.setTheme(one)],
    ),
    ...BACKENDS.filter(([value]) => value !== backend).map(
      ([value, label]): Command => [`Backend: ${label}`, '', () => actions.setBackend(value)],
    ),
    [
      tuning.isOn ? 'Choose kernels by the fixed table' : 'Choose kernels by measuring',
      'GPU',
      () => actions.setTuning(!tuning.isOn),
    ],
    [
      notify ? 'Do not tell when a hidden run ends' : 'Tell when a hidden run ends',
      'notification',
      () => void actions.setNotify(!notify),
    ],
  ];
  return list.map(toEntry('Do'));
}

export function useEntries(copy: (make: () => string | Promise<string | null>) => void): readonly Entry[] {
  const frame = useFrame();
  const actions = useActions();
  const config = useLab((state) => state.draft);
  const doing = useDo(frame, copy);
  const go = frame.pages.map((page) =>
    toEntry('Go to')([PAGE_WORDS[page], 'view', () => actions.goTo(page)]),
  );
  const settings = settingEntries({
    config,
    actions,
    focusSetting(key) {
      actions.goTo('train');
      frame.setFormOpen(true);
      frame.setShowHidden(true);
      // After the dialog has given focus back and the form has been drawn.
      setTimeout(() => requestAnimationFrame(() => focusControl(key)));
    },
  });
  const load = Object.values<Preset>(presets).map(({ label, source, settings: link }) =>
    toEntry('Load')([
      label,
      source,
      () => {
        actions.openLink(link);
        actions.goTo(decode(link).sweep ? 'studies' : 'train');
      },
    ]),
  );
  const words = glossary.map(({ term, words: meaning }) =>
    toEntry('Words')([term, meaning, () => actions.goTo('guide')]),
  );
  return [...doing, ...go, ...settings, ...load, ...words];
}

// The top line: name, tabs, what the lab runs on, link, theme, help.
import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { executionWords } from '../../experiment/execution.ts';
import type { LabState, Page, Theme } from '../../session/state.ts';
import { ActionMenu } from '../controls/action-menu.tsx';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { BrandMark, LinkIcon } from './icons.tsx';
import { Elsewhere, Tabs } from './tabs.tsx';

const BACKENDS = [
  ['auto', 'Automatic'],
  ['webgpu', 'WebGPU'],
  ['wasm', 'CPU, WASM'],
  ['cpu', 'CPU, plain'],
] as const;

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

/** What computes: the run that trains, else what the next one would begin on. */
function Status({ engine }: { readonly engine: LabState['engine'] }) {
  const running = useLab(({ active, runs }) => runs.find(({ key }) => key === active)?.device);
  switch (engine.status) {
    case 'starting':
      return (
        <span className="status waiting">
          <i /> Starting
        </span>
      );
    case 'failed':
      return (
        <span className="status lost" title={engine.failure.message}>
          <i />{' '}
          <span className="err">{engine.failure.code === 'device-lost' ? 'GPU lost' : 'No engine'}</span>
        </span>
      );
    case 'ready': {
      const device = running ?? engine.device;
      const { adapter, fallbackAdapter, note } = device;
      const title = [adapter, fallbackAdapter ? 'software adapter' : '', note ?? '']
        .filter(Boolean)
        .join('. ');
      return (
        <span className="status" title={title || undefined}>
          <i /> {executionWords(device)}
          {title ? <span className="unseen">{title}</span> : null}
        </span>
      );
    }
    default:
      throw engine satisfies never;
  }
}

/** Where kernels can be measured, or were: what was measured as a file, and whether to go on measuring. */
function TuningMenu() {
  const { setTuning, exportTuning } = useActions();
  const { isOn, known } = useLab((state) => state.tuning);
  const hasGpu = useLab(
    ({ engine }) =>
      engine.status === 'ready' && engine.device.backend === 'webgpu' && !engine.device.fallbackAdapter,
  );
  if (!hasGpu && known.length === 0) return null;
  const actions = [
    {
      word: isOn ? 'Choose kernels by the fixed table' : 'Choose kernels by measuring',
      run: () => setTuning(!isOn),
    },
    ...(known.length > 0 ? [{ word: 'Measured kernels as JSON', run: exportTuning }] : []),
  ];
  return (
    <div className="optional">
      <ActionMenu word="Kernels" label={`Kernels: ${isOn ? 'measured' : 'fixed table'}`} actions={actions} />
    </div>
  );
}

function CopyLink() {
  const actions = useActions();
  const [word, setWord] = useState('Copy link');
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(actions.link());
      setWord('Copied');
    } catch {
      setWord('In the address bar');
    }
    setTimeout(() => setWord('Copy link'), 2000);
  }
  return (
    <button type="button" className="button" aria-label={word} onClick={() => void copy()}>
      <LinkIcon />
      <span className="optional" aria-live="polite">
        {word}
      </span>
    </button>
  );
}

interface Props {
  /** The views there are. */
  readonly pages: readonly Page[];
  readonly onHelp: () => void;
}

export function Header({ pages, onHelp }: Props) {
  const actions = useActions();
  const engine = useLab((state) => state.engine);
  const backend = useLab((state) => state.backend);
  const theme = useLab((state) => state.theme);
  const ThemeIcon = THEME_ICONS[theme];
  return (
    <header className="header">
      <div className="brand">
        <BrandMark />
        MLP Lab
      </div>
      <Tabs pages={pages} />
      <div className="header-right">
        <Elsewhere />
        <Status engine={engine} />
        <TuningMenu />
        <label className="backend">
          <span className="unseen">Backend</span>
          <select
            value={backend}
            onChange={(event) => actions.setBackend(event.target.value as LabState['backend'])}
          >
            {BACKENDS.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <CopyLink />
        <button
          type="button"
          className="button icon"
          aria-label={`Theme: ${theme}`}
          title={`Theme: ${theme}`}
          onClick={() => actions.setTheme(NEXT_THEME[theme])}
        >
          <ThemeIcon size={14} strokeWidth={1.5} aria-hidden="true" />
        </button>
        <button
          type="button"
          className="button icon wide"
          aria-label="Keyboard"
          title="Keyboard (?)"
          onClick={onHelp}
        >
          ?
        </button>
      </div>
    </header>
  );
}

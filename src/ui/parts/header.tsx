// The top line: name, what the lab runs on, link, theme, help.
import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import type { LabState, Theme } from '../../session/state.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { BrandMark, LinkIcon } from './icons.tsx';

const BACKENDS = [
  ['auto', 'Automatic'],
  ['webgpu', 'WebGPU'],
  ['wasm', 'CPU, WASM'],
  ['cpu', 'CPU, plain'],
] as const;

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

function Status({ engine }: { readonly engine: LabState['engine'] }) {
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
      const { backend, runner, threads, adapter, fallbackAdapter, note } = engine.device;
      const cores = threads === 1 ? '1 thread' : `${threads} threads`;
      const title = [adapter, fallbackAdapter ? 'software adapter' : '', note ?? '']
        .filter(Boolean)
        .join('. ');
      return (
        <span className="status" title={title || undefined}>
          <i />{' '}
          {backend === 'webgpu'
            ? `WebGPU · ${runner}`
            : runner === 'compiled'
              ? `CPU · compiled, ${cores}`
              : `CPU · ${backend}, ${runner}`}
          {title ? <span className="unseen">{title}</span> : null}
        </span>
      );
    }
    default:
      throw engine satisfies never;
  }
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

export function Header({ onHelp }: { readonly onHelp: () => void }) {
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
      <div className="header-right">
        <Status engine={engine} />
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

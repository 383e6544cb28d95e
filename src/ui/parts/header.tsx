// The top line: name, tabs, what the lab runs on, sharing, theme, settings, help.
import { Settings } from 'lucide-react';
import { executionWords } from '../../experiment/execution.ts';
import type { LabState } from '../../session/state.ts';
import { useFrame } from '../hooks/use-frame.ts';
import { useLab } from '../hooks/use-lab.ts';
import { BackendMenu } from './backend-menu.tsx';
import { BrandMark } from './icons.tsx';
import { ShareMenu } from './share-menu.tsx';
import { Elsewhere, Tabs } from './tabs.tsx';
import { ThemeButton } from './theme-button.tsx';

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
          <i /> <span className="words">{executionWords(device)}</span>
          {title ? <span className="unseen">{title}</span> : null}
        </span>
      );
    }
    default:
      throw engine satisfies never;
  }
}

export function Header() {
  const { pages, openDialog } = useFrame();
  const engine = useLab((state) => state.engine);
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
        <BackendMenu />
        <ShareMenu />
        <ThemeButton />
        <button
          type="button"
          className="button icon"
          aria-label="Settings of the page"
          title="Settings of the page"
          onClick={() => openDialog('settings')}
        >
          <Settings size={14} strokeWidth={1.5} aria-hidden="true" />
        </button>
        <button
          type="button"
          className="button icon wide"
          aria-label="Keyboard"
          title="Keyboard (?)"
          onClick={() => openDialog('keyboard')}
        >
          ?
        </button>
      </div>
    </header>
  );
}

// The page: frame, view, and what listens everywhere.
import { type ComponentType, lazy, Suspense, useEffect, useState } from 'react';
import { type Page as PageName, pages, type Session } from '../session/state.ts';
import { useKeyboard } from './hooks/use-keyboard.ts';
import { SessionContext, useLab } from './hooks/use-lab.ts';
import { DropOverlay } from './parts/drop-overlay.tsx';
import { Header } from './parts/header.tsx';
import { KeyboardSheet } from './parts/keyboard-sheet.tsx';
import { LiveRegion, useTitle } from './parts/live-region.tsx';
import { TrainView, type ViewProps } from './views/train-view.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/header.css';
import './styles/frame.css';
import './styles/form.css';
import './styles/slider.css';
import './styles/charts.css';
import './styles/plan.css';
import './styles/gallery.css';
import './styles/plot.css';

/** A view without an entry has no tab; all but the first are read when they are opened. */
const views: Readonly<Partial<Record<PageName, ComponentType<ViewProps>>>> = {
  train: TrainView,
  runs: lazy(() => import('./views/runs-view.tsx')),
  guide: lazy(() => import('./views/guide-view.tsx')),
};
const shownPages = pages.filter((page) => views[page]);

function Page() {
  const [help, setHelp] = useState(false);
  const [resetId, setResetId] = useState<string | null>(null);
  const theme = useLab((state) => state.theme);
  const View = useLab((state) => views[state.page] ?? TrainView);
  useTitle();
  useKeyboard({ '?': () => setHelp(true) });
  useEffect(() => {
    // Without the attribute the style sheet follows the system.
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return (
    <>
      <Header pages={shownPages} onHelp={() => setHelp(true)} />
      <Suspense fallback={<main className="page" aria-busy="true" />}>
        <View resetId={resetId} onReset={setResetId} />
      </Suspense>
      <KeyboardSheet open={help} onClose={() => setHelp(false)} />
      <DropOverlay />
      <LiveRegion />
    </>
  );
}

export function App({ session }: { readonly session: Session }) {
  return (
    <SessionContext value={session}>
      <Page />
    </SessionContext>
  );
}

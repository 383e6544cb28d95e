// The page: frame, view, and what listens everywhere.
import { useEffect, useState } from 'react';
import type { Session } from '../session/state.ts';
import { SessionContext, useLab } from './hooks/use-lab.ts';
import { DropOverlay } from './parts/drop-overlay.tsx';
import { Header } from './parts/header.tsx';
import { KeyboardSheet } from './parts/keyboard-sheet.tsx';
import { LiveRegion, useTitle } from './parts/live-region.tsx';
import { TrainView } from './views/train-view.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/form.css';
import './styles/charts.css';
import './styles/plan.css';

function Page() {
  const [help, setHelp] = useState(false);
  const theme = useLab((state) => state.theme);
  useTitle();
  useEffect(() => {
    // Without the attribute the style sheet follows the system.
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return (
    <>
      <Header onHelp={() => setHelp(true)} />
      <TrainView onHelp={() => setHelp(true)} />
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

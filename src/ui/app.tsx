// The page: frame, view, dialogs, and what listens everywhere.
import { type ComponentType, lazy, Suspense, useEffect } from 'react';
import { type Page as PageName, pages, type Session } from '../session/state.ts';
import { type DialogName, FrameContext, useFrameState } from './hooks/use-frame.ts';
import { useKeyboard } from './hooks/use-keyboard.ts';
import { SessionContext, useActions, useLab } from './hooks/use-lab.ts';
import { useProgressIcon } from './hooks/use-progress-icon.ts';
import { useTitle } from './hooks/use-title.ts';
import { Palette } from './palette/palette.tsx';
import { DropOverlay } from './parts/drop-overlay.tsx';
import { Header } from './parts/header.tsx';
import { HiddenNote } from './parts/hidden-note.tsx';
import { KeyboardSheet } from './parts/keyboard-sheet.tsx';
import { LiveRegion } from './parts/live-region.tsx';
import { TrainView } from './views/train-view.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/header.css';
import './styles/frame.css';
import './styles/dialogs.css';
import './styles/palette.css';
import './styles/dataset-card.css';
import './styles/form.css';
import './styles/slider.css';
import './styles/charts.css';
import './styles/side-by-side.css';
import './styles/plan.css';
import './styles/gallery.css';
import './styles/plot.css';

/** A view without an entry has no tab; all but the first are read when they are opened. */
const views: Readonly<Partial<Record<PageName, ComponentType>>> = {
  train: TrainView,
  inside: lazy(() => import('./views/inside-view.tsx')),
  studies: lazy(() => import('./views/studies-view.tsx')),
  runs: lazy(() => import('./views/runs-view.tsx')),
  guide: lazy(() => import('./views/guide-view.tsx')),
};
const shownPages = pages.filter((page) => views[page]);

const dialogs: Readonly<Record<DialogName, ComponentType<{ readonly onClose: () => void }>>> = {
  keyboard: KeyboardSheet,
  // Read with the page: keys that are typed right after Ctrl K are for it.
  palette: Palette,
  settings: lazy(() => import('./parts/settings-dialog.tsx')),
  lesson: lazy(() => import('./parts/lesson-editor.tsx')),
};

/** The search field of the view, where it has one. */
const searchField = (): HTMLElement | null => document.querySelector('main input[type="search"]');

function Page() {
  const frame = useFrameState(shownPages);
  const { undo, redo } = useActions();
  const theme = useLab((state) => state.theme);
  const View = useLab((state) => views[state.page] ?? TrainView);
  const Dialog = frame.dialog && dialogs[frame.dialog];
  useTitle();
  useProgressIcon();
  useKeyboard({
    '?': () => frame.openDialog('keyboard'),
    '/': () => {
      const field = searchField();
      if (field) field.focus();
      else frame.openDialog('palette');
    },
    'Control+k': () => frame.openDialog('palette'),
    'Control+z': undo,
    'Control+Shift+z': redo,
    'Control+y': redo,
  });
  useEffect(() => {
    // Without the attribute the style sheet follows the system.
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return (
    <FrameContext value={frame}>
      <Header />
      <Suspense fallback={<main className="page" aria-busy="true" />}>
        <View />
      </Suspense>
      {Dialog ? (
        <Suspense fallback={<i hidden data-loading="dialog" />}>
          <Dialog onClose={() => frame.openDialog(null)} />
        </Suspense>
      ) : null}
      <DropOverlay />
      <HiddenNote />
      <LiveRegion />
    </FrameContext>
  );
}

export function App({ session }: { readonly session: Session }) {
  return (
    <SessionContext value={session}>
      <Page />
    </SessionContext>
  );
}

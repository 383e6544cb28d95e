// Shows the page on a scripted session: `?state=training&theme=dark`, with `&link=model%3Dhourglass` also on a draft
// of one's own; `?state=figures` shows charts of points and laws. For looking at it; no part of the build.
import { createRoot } from 'react-dom/client';
import { App } from '../../src/ui/app.tsx';
import { Figures } from './figures.tsx';
import { type Scene, scriptedSession } from './scripted-session.ts';

const query = new URLSearchParams(location.search);
const theme = query.get('theme') === 'dark' ? 'dark' : 'light';
const state = query.get('state') ?? 'training';
const root = document.getElementById('root');
document.documentElement.dataset['theme'] = theme;
function page() {
  if (state === 'figures') return <Figures />;
  const session = scriptedSession(state as Scene, theme);
  const link = query.get('link');
  if (link !== null) session.actions.openLink(link);
  return <App session={session} />;
}
if (root) createRoot(root).render(page());

// Shows the page on a scripted session: `?state=training&theme=dark`, with `&link=model%3Dhourglass`
// also on a draft of one's own. For looking at it; no part of the build.
import { createRoot } from 'react-dom/client';
import { App } from '../../src/ui/app.tsx';
import { type Scene, scriptedSession } from './scripted-session.ts';

const query = new URLSearchParams(location.search);
const session = scriptedSession(
  (query.get('state') ?? 'training') as Scene,
  query.get('theme') === 'dark' ? 'dark' : 'light',
);
const link = query.get('link');
if (link !== null) session.actions.openLink(link);
const root = document.getElementById('root');
if (root) createRoot(root).render(<App session={session} />);

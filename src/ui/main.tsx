// Opens the session and shows it.
import { createRoot } from 'react-dom/client';
import { createSession } from '../session/session.ts';
import { App } from './app.tsx';

const session = createSession();
const { theme } = session.get();
// Before React draws: a chosen theme must not flash.
if (theme !== 'system') document.documentElement.dataset['theme'] = theme;

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
createRoot(root).render(<App session={session} />);

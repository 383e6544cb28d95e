// Settings that are kept between visits, brought back when the page opens.
import { type BackendChoice, backends } from '../experiment/protocol.ts';
import { viewOf } from './draft.ts';
import type { Theme, View } from './state.ts';
import type { Keeping, Store } from './store.ts';

const themes: readonly Theme[] = ['light', 'dark', 'system'];
const backendChoices: readonly BackendChoice[] = ['auto', ...backends];

/** Settings of earlier visits; what the link says and what was already chosen on this visit stays. */
export async function restoreSettings(
  store: Store,
  keeping: Keeping,
  linked: Partial<View>,
  setBackend: (backend: BackendChoice) => void,
): Promise<void> {
  const before = store.getState();
  const storage = await keeping.opened;
  const names = ['view', 'theme', 'backend'] as const;
  const [view, theme, backend] = await Promise.all(names.map((name) => storage.setting(name)));
  const now = store.getState();
  if (now.view === before.view && typeof view === 'object' && view !== null) {
    store.setState({ view: { ...now.view, ...viewOf(view as Record<string, unknown>), ...linked } });
  }
  const known = themes.find((candidate) => candidate === theme);
  if (now.theme === before.theme && known) store.setState({ theme: known });
  const chosen = backendChoices.find((candidate) => candidate === backend);
  if (chosen && chosen !== now.backend && now.backend === before.backend) setBackend(chosen);
}

// The theme, one press for the next: the system's, light, dark.
import { Monitor, Moon, Sun } from 'lucide-react';
import type { Theme } from '../../session/state.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

export function ThemeButton() {
  const { setTheme } = useActions();
  const theme = useLab((state) => state.theme);
  const Icon = ICONS[theme];
  return (
    <button
      type="button"
      className="button icon"
      aria-label={`Theme: ${theme}`}
      title={`Theme: ${theme}`}
      onClick={() => setTheme(NEXT[theme])}
    >
      <Icon size={14} strokeWidth={1.5} aria-hidden="true" />
    </button>
  );
}

// A quiet word that opens a short list of actions; closes on a choice, on Escape, when focus leaves and when its
// button moves away. The list stands over everything, so that no scrolled region cuts it.
import { type CSSProperties, useEffect, useRef, useState } from 'react';

export interface Action {
  readonly word: string;
  /** Why it is off, shown beside it; undefined: it is on. */
  readonly off?: string | undefined;
  readonly run: () => void;
}

interface Props {
  readonly word: string;
  /** What it is about, for a screen reader: "More: isotropic 1403 × 6". */
  readonly label: string;
  readonly actions: readonly Action[];
  readonly className?: string;
}

/** Below the button where there is room for so many actions, else above. */
function placeOf(button: HTMLElement, count: number): CSSProperties {
  const { top, bottom, right } = button.getBoundingClientRect();
  const fromRight = Math.max(4, document.documentElement.clientWidth - right - 10);
  const height = count * 24 + 10;
  return bottom + height <= innerHeight || top < height
    ? { top: bottom, right: fromRight }
    : { bottom: innerHeight - top, right: fromRight };
}

export function ActionMenu({ word, label, actions, className = 'quiet' }: Props) {
  const [place, setPlace] = useState<CSSProperties | null>(null);
  const isOpen = place !== null;
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const button = opener.current;
    if (!isOpen || !button) return;
    const { top, right } = button.getBoundingClientRect();
    // Scrolling that ended just before the click is still told after it: only a button that moved takes its list along.
    const closeIfMoved = (): void => {
      const now = button.getBoundingClientRect();
      if (now.top !== top || now.right !== right) setPlace(null);
    };
    addEventListener('scroll', closeIfMoved, { capture: true, passive: true });
    addEventListener('resize', closeIfMoved);
    return () => {
      removeEventListener('scroll', closeIfMoved, { capture: true });
      removeEventListener('resize', closeIfMoved);
    };
  }, [isOpen]);
  const toggle = (): void =>
    setPlace(isOpen || !opener.current ? null : placeOf(opener.current, actions.length));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches focus and Escape of the buttons inside
    <div
      className="action-menu"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setPlace(null);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setPlace(null);
      }}
    >
      <button
        ref={opener}
        type="button"
        className={className}
        aria-expanded={isOpen}
        aria-label={label}
        onClick={toggle}
      >
        {word}
      </button>
      {place && (
        <ul style={place}>
          {actions.map((action) => (
            <li key={action.word}>
              <button
                type="button"
                className="quiet"
                disabled={action.off !== undefined}
                onClick={() => {
                  setPlace(null);
                  action.run();
                }}
              >
                {action.off === undefined ? action.word : `${action.word}: ${action.off}`}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

// A quiet word that opens a short list of actions; closes on a choice, on Escape, when focus leaves and when the page
// scrolls. The list stands over everything, so that no scrolled region cuts it.
import { type CSSProperties, type MouseEvent, useEffect, useState } from 'react';

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
  useEffect(() => {
    if (!isOpen) return;
    const close = (): void => setPlace(null);
    addEventListener('scroll', close, { capture: true, passive: true });
    addEventListener('resize', close);
    return () => {
      removeEventListener('scroll', close, { capture: true });
      removeEventListener('resize', close);
    };
  }, [isOpen]);
  const toggle = (event: MouseEvent<HTMLButtonElement>): void =>
    setPlace(isOpen ? null : placeOf(event.currentTarget, actions.length));
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
      <button type="button" className={className} aria-expanded={isOpen} aria-label={label} onClick={toggle}>
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

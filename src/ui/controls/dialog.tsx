// A native dialog: it traps focus, closes on Escape, and gives focus back.
import { type ReactNode, useEffect, useId, useRef } from 'react';

interface Props {
  readonly title: string;
  /** For dialogs wider than a sheet. */
  readonly className?: string;
  /** The title is said, not shown; a press outside closes, since there is nothing to lose. */
  readonly bare?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Open while it is mounted. */
export function Dialog({ title, className = '', bare = false, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a native dialog
    <dialog
      ref={dialog}
      className={`sheet ${className}`}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => {
        // The backdrop is the dialog itself; its content lies in the box within.
        if (bare && event.target === event.currentTarget) onClose();
      }}
    >
      <div className="sheet-body">
        <h2 id={id} className={bare ? 'unseen' : undefined}>
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}

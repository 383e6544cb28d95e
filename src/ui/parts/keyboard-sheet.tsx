// The list of keys, in a native dialog: it traps focus and closes on Escape by itself.
import { useEffect, useRef } from 'react';

const KEYS = [
  ['Space', 'Train, or stop'],
  ['S', 'One step'],
  ['R', 'Reset: the next start is from step 0'],
  ['N', 'New run of these settings, from step 0'],
  ['/', 'Search the runs, in their view'],
  ['← →', 'Move the crosshair of a chart; with Shift ten times as far'],
  ['+ −', 'Zoom a chart in and out; Page Up and Page Down move along, 0 shows all'],
  ['↑ ↓', 'Step a number by its own scale'],
  ['?', 'This list'],
] as const;

export function KeyList() {
  return (
    <dl className="keys">
      {KEYS.map(([key, words]) => (
        <div key={key}>
          <dt>
            <kbd className="cap">{key}</kbd>
          </dt>
          <dd className="ink2">{words}</dd>
        </div>
      ))}
    </dl>
  );
}

export function KeyboardSheet({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className="sheet" aria-labelledby="keyboard-title" onClose={onClose}>
      <h2 id="keyboard-title">Keyboard</h2>
      <KeyList />
      <p className="small ink3">Keys rest while a field has focus.</p>
      <div className="row">
        <button type="button" className="button push" onClick={onClose}>
          Close
        </button>
      </div>
    </dialog>
  );
}

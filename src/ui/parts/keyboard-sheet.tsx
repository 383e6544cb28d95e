// The list of keys.
import { Dialog } from '../controls/dialog.tsx';

const KEYS = [
  ['Space', 'Train, or stop'],
  ['S', 'One step'],
  ['R', 'Reset: the next start is from step 0'],
  ['N', 'New run of these settings, from step 0'],
  ['/', 'Search the view, or everything'],
  ['Ctrl K', 'Every action and setting (⌘ K)'],
  ['Ctrl Z', 'Undo a change of the form; with Shift again (⌘ Z)'],
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

export function KeyboardSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <KeyList />
      <p className="small ink3">
        Letters rest while a field has focus; Space, S, R and N belong to the Train view.
      </p>
      <div className="row">
        <button type="button" className="button push" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

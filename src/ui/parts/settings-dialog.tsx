// Settings of the page, none of a run: looks, units, what computes and how kernels are chosen, notifications, and what
// this site keeps in the browser.
import { type ReactNode, useEffect, useState } from 'react';
import { formatBytes, formatCount } from '../../core/format.ts';
import type { Theme } from '../../session/state.ts';
import { type StoredKind, storedKinds, type Usage } from '../../session/storage.ts';
import { Segments, Switch } from '../controls/choices.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { Heads } from '../controls/heads.tsx';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { BackendMenu } from './backend-menu.tsx';

const THEMES: readonly { readonly value: Theme; readonly label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

function Line({
  name,
  help,
  children,
}: {
  readonly name: string;
  readonly help: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="page-setting">
      <div>
        <div>{name}</div>
        <p className="small ink3">{help}</p>
      </div>
      <div className="control">{children}</div>
    </div>
  );
}

const KINDS: Readonly<
  Record<StoredKind, { readonly name: string; readonly help: string; readonly asks: string | null }>
> = {
  runs: { name: 'Runs', help: 'Records and all that was measured. Can be undone for 20 s.', asks: null },
  checkpoints: {
    name: 'Checkpoints',
    help: 'Weights and slots; without them a stopped run cannot go on, and weights cannot be saved.',
    asks: 'Delete for good?',
  },
  datasets: {
    name: 'Datasets',
    help: 'Downloaded or dropped; they can be fetched again.',
    asks: 'Delete for good?',
  },
  settings: {
    name: 'Page settings',
    help: 'Theme, axes, measured kernels. The page you look at keeps its own until it is loaded again.',
    asks: null,
  },
};

function Kind({
  kind,
  usage,
  onCleared,
}: {
  readonly kind: StoredKind;
  readonly usage: Usage;
  readonly onCleared: () => void;
}) {
  const { clear } = useActions();
  const [asked, setAsked] = useState(false);
  const { name, help, asks } = KINDS[kind];
  const { count, bytes } = usage[kind];
  const remove = (): void => {
    setAsked(false);
    void clear(kind).then(onCleared);
  };
  return (
    <tr>
      <th scope="row">
        {name}
        <p className="small ink3">{help}</p>
      </th>
      <td className="number">{formatCount(count)}</td>
      <td className="number">{formatBytes(bytes)}</td>
      <td className="number">
        {asked ? (
          <span className="row">
            <button type="button" className="quiet err" onClick={remove}>
              {asks}
            </button>
            <button type="button" className="quiet" onClick={() => setAsked(false)}>
              Keep
            </button>
          </span>
        ) : (
          <button
            type="button"
            className="quiet"
            aria-label={`Delete ${name.toLowerCase()}`}
            disabled={count === 0}
            onClick={() => (asks === null ? remove() : setAsked(true))}
          >
            Delete
          </button>
        )}
      </td>
    </tr>
  );
}

function Kept() {
  const { usage: read, undoRemove } = useActions();
  const total = useLab((state) => state.storage.bytes);
  const removed = useLab((state) => state.removed.length);
  const [usage, setUsage] = useState<Usage | null>(null);
  const [failed, setFailed] = useState(false);
  const refresh = (): void => {
    read().then(setUsage, () => setFailed(true));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: read when the dialog opens, and after each deletion
  useEffect(refresh, [removed]);
  if (failed) return <p className="mid ink2">This browser keeps nothing for this site.</p>;
  return (
    <>
      <table className="kept">
        <Heads
          columns={[
            'Kept on this device',
            ['Number', 'number'],
            ['Size', 'number'],
            ['Delete', undefined, 'unseen'],
          ]}
        />
        <tbody>
          {usage
            ? storedKinds.map((kind) => <Kind key={kind} kind={kind} usage={usage} onCleared={refresh} />)
            : null}
        </tbody>
      </table>
      <p className="row small ink3 kept-foot">
        <span>
          {usage
            ? `${formatBytes(total)} with what the browser adds. Nothing leaves this device.`
            : 'Being counted.'}
        </span>
        {removed > 0 ? (
          <button type="button" className="quiet acc push" onClick={() => void undoRemove()}>
            Undo, {formatCount(removed)} deleted
          </button>
        ) : null}
      </p>
    </>
  );
}

export default function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const { setTheme, setView, setTuning, exportTuning, setNotify } = useActions();
  const theme = useLab((state) => state.theme);
  const multiplyAdd = useLab((state) => state.view.multiplyAdd);
  const { isOn, known } = useLab((state) => state.tuning);
  const notify = useLab((state) => state.notify);
  const [refused, setRefused] = useState(false);
  return (
    <Dialog title="Settings of the page" className="page-settings" onClose={onClose}>
      <Line name="Theme" help="Of the system, or one of both.">
        <Segments
          label="Theme"
          options={THEMES}
          value={theme}
          onChange={(value) => setTheme(value as Theme)}
        />
      </Line>
      <Line name="A multiply-add counts" help="2 in every fit; Scaling MLPs counts 1, half the FLOPs.">
        <Segments
          label="A multiply-add counts"
          options={[
            { value: '2', label: '2' },
            { value: '1', label: '1, as the paper' },
          ]}
          value={String(multiplyAdd)}
          onChange={(value) => setView({ multiplyAdd: value === '1' ? 1 : 2 })}
        />
      </Line>
      <Line name="Backend" help="Where the next run computes; automatic takes the fastest that works.">
        <BackendMenu />
      </Line>
      <Line
        name="Choose kernels by measuring"
        help="On a GPU, up to two seconds before the first run of a size; off, fixed tables decide."
      >
        {known.length > 0 ? (
          <button type="button" className="quiet" onClick={exportTuning}>
            Measured kernels as JSON
          </button>
        ) : null}
        <Switch label="Choose kernels by measuring" on={isOn} onChange={setTuning} />
      </Line>
      <Line
        name="Tell when a run ends"
        help={
          refused
            ? 'The browser refused: allow notifications for this site in its own settings.'
            : 'A notification of the browser, only while this page is hidden.'
        }
      >
        <Switch
          label="Tell when a run ends"
          on={notify}
          onChange={(on) => {
            void setNotify(on);
            setRefused(on && 'Notification' in globalThis && Notification.permission === 'denied');
          }}
        />
      </Line>
      <Kept />
      <div className="row">
        <button type="button" className="button push" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

// What is known of the chosen dataset and how to get it: counts, where it is, download or file, cancel, delete.
import { useEffect, useState } from 'react';
import type { DatasetEntry } from '../../catalog/datasets/dataset.ts';
import { datasets } from '../../catalog/datasets/index.ts';
import type { DatasetCard, DatasetFacts } from '../../core/dataset.ts';
import { formatBytes, formatCount, formatDuration } from '../../core/format.ts';
import type { Config } from '../../experiment/config.ts';
import type { DataState } from '../../session/state.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { Thumbnails } from './thumbnails.tsx';

const ABSENT: DataState = { status: 'absent' };

const ORIGIN = {
  'built-in': 'Built in',
  generated: 'Generated',
  cache: 'On this device',
  'same-origin': 'From this site',
  download: 'On this device',
  file: 'From your file',
} as const;

const ABSENT_WORDS: Readonly<Record<DatasetEntry['origin'], string>> = {
  'built-in': 'Comes with this page.',
  generated: 'Comes with this page.',
  external: 'Not on this device. Download it, choose its official archive, or drop the file on this page.',
  own: 'Choose a file or drop it on this page: arrays x and y in .npz or .safetensors, or a .zip of PNG pictures in one folder a class. It is read on this device and stays here.',
};

const downloadBytes = (entry: DatasetEntry): number =>
  entry.download?.files.reduce((sum, file) => sum + file.bytes, 0) ?? 0;

function countWords({ shape, classes, train, test }: DatasetFacts): string {
  const { channels, height, width } = shape;
  return `${formatCount(train)} × ${height} × ${width} × ${channels}, ${classes.length} classes, ${formatCount(test)} test`;
}

/** How many training images each class has. */
function ClassCounts({ card }: { readonly card: DatasetCard }) {
  const { classes, counts } = card;
  const most = Math.max(...counts);
  const least = Math.min(...counts);
  const range = least === most ? formatCount(most) : `${formatCount(least)} to ${formatCount(most)}`;
  return (
    <details className="class-counts small">
      <summary className="ink2">{range} training images a class</summary>
      <ol>
        {classes.map((name, label) => (
          <li key={name}>
            <span className="cut" title={name}>
              {name}
            </span>
            <span className="share" style={{ transform: `scaleX(${(counts[label] ?? 0) / most})` }} />
            <span className="count">{formatCount(counts[label] ?? 0)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}

function FileButton({
  dataset,
  word,
  isOwn,
}: {
  readonly dataset: Config['data'];
  readonly word: string;
  readonly isOwn: boolean;
}) {
  const { load } = useActions();
  return (
    <label className={`${isOwn ? 'button' : 'quiet'} file-button`}>
      {word}
      <input
        type="file"
        multiple={!isOwn}
        accept={isOwn ? '.npz,.safetensors,.zip' : undefined}
        aria-label={word}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = '';
          if (files.length > 0) load(dataset, { kind: 'files', files });
        }}
      />
    </label>
  );
}

/** Bytes, rate and time left of a load; renders once a second so that the rate falls when nothing arrives. */
export function LoadProgress({
  data,
  onCancel,
}: {
  readonly data: Extract<DataState, { status: 'loading' }>;
  readonly onCancel: () => void;
}) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const { done, total, phase, file } = data;
  const seconds = Math.max(0.5, (now - data.startedAt) / 1000);
  const rate = done / seconds;
  const share = total ? Math.min(1, done / total) : null;
  const left = total && rate > 0 ? (total - done) / rate : null;
  return (
    <>
      <div className="row small ink2">
        <span className="cut">
          {phase[0]?.toUpperCase()}
          {phase.slice(1)} {file}
        </span>
        <button type="button" className="quiet push" onClick={onCancel}>
          Cancel
        </button>
      </div>
      <div
        className="bar"
        role="progressbar"
        aria-label="Dataset"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      >
        <i style={{ transform: `scaleX(${share ?? 0})` }} />
      </div>
      <div className="row small ink3 wrap">
        <span>
          {formatBytes(done)}
          {total ? ` of ${formatBytes(total)}` : ''}
        </span>
        <span>{formatBytes(rate)}/s</span>
        <span className="push">{left === null ? '' : `${formatDuration(left)} left`}</span>
      </div>
    </>
  );
}

function Ways({ dataset, entry }: { readonly dataset: Config['data']; readonly entry: DatasetEntry }) {
  const { load } = useActions();
  return (
    <div className="row wrap">
      {entry.download ? (
        <button type="button" className="button" onClick={() => load(dataset, { kind: 'download' })}>
          Download, {formatBytes(downloadBytes(entry))}
        </button>
      ) : null}
      {entry.origin === 'external' || entry.origin === 'own' ? (
        <FileButton dataset={dataset} word="Choose a file" isOwn={entry.origin === 'own'} />
      ) : (
        <button type="button" className="quiet" onClick={() => load(dataset, { kind: 'here' })}>
          Load now
        </button>
      )}
    </div>
  );
}

export function DatasetCardView({ dataset }: { readonly dataset: Config['data'] }) {
  const { cancelLoad, forget } = useActions();
  const data = useLab((state) => state.data[dataset]) ?? ABSENT;
  const kept = useLab((state) => state.kept.includes(dataset));
  const entry: DatasetEntry = datasets[dataset];
  switch (data.status) {
    case 'ready': {
      const { card } = data;
      return (
        <div className="card">
          <Thumbnails card={card} />
          <div className="small ink2">{countWords(card)}</div>
          <ClassCounts card={card} />
          {card.order === 'file-split' ? (
            <div className="small ink3">
              The file has no split: a fifth of each class is held out as test.
            </div>
          ) : null}
          <div className="row small">
            <span className="ok steady">{ORIGIN[card.origin]}</span>
            <span className="ink3 cut" title={`SHA-256 ${card.sha256}`}>
              {formatBytes(card.bytes)}
              {entry.origin === 'built-in' ? `, ${entry.licence}` : ''}
            </span>
            {kept ? (
              <button type="button" className="quiet push" onClick={() => void forget(dataset)}>
                Delete from device
              </button>
            ) : null}
          </div>
          {entry.origin === 'own' ? (
            <div className="row">
              <FileButton dataset={dataset} word="Choose another file" isOwn={true} />
            </div>
          ) : null}
        </div>
      );
    }
    case 'loading':
      return (
        <div className="card">
          <LoadProgress data={data} onCancel={() => cancelLoad(dataset)} />
        </div>
      );
    case 'failed':
      return (
        <div className="card">
          <p className="small err" role="alert">
            {data.failure.message}
          </p>
          <Ways dataset={dataset} entry={entry} />
        </div>
      );
    case 'absent':
      return (
        <div className="card">
          {entry.origin === 'own' ? null : <div className="small ink2">{countWords(entry)}</div>}
          <div className="small ink3">{ABSENT_WORDS[entry.origin]}</div>
          <Ways dataset={dataset} entry={entry} />
        </div>
      );
    default:
      throw data satisfies never;
  }
}

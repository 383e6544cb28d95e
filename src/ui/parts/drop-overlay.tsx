// Files and links may be dropped anywhere; while they hover the page says what can be, and what will happen.
import { useEffect, useState } from 'react';
import { useActions } from '../hooks/use-lab.ts';

/** What hovers: browsers tell how many files there are and their types, not yet their names. */
interface Hovering {
  readonly files: number;
  readonly types: readonly string[];
}

function hovering(event: DragEvent): Hovering | null {
  const transfer = event.dataTransfer;
  if (!transfer) return null;
  if (transfer.types.includes('Files')) {
    const items = [...transfer.items].filter(({ kind }) => kind === 'file');
    return { files: items.length, types: items.map(({ type }) => type) };
  }
  return transfer.types.includes('text/uri-list') ? { files: 0, types: [] } : null;
}

function words({ files, types }: Hovering): string {
  if (files === 0) return 'Drop the link to see what it would change; nothing is trained.';
  if (files === 1 && types[0] === 'application/json')
    return 'Drop the config to see what it would change in the form.';
  return files > 1
    ? `Drop ${files} files to load the dataset they are.`
    : 'Drop the file: what it is decides what happens.';
}

const TAKEN = [
  ['Datasets', 'CIFAR’s archives or their .bin files, parquet, idx: recognised, checked, loaded'],
  ['Data of your own', 'npz or safetensors with x and y, or a zip of PNG pictures, a folder a class'],
  ['Config', 'run.json or flat JSON: shown beside the form first'],
  ['Weights', 'safetensors of this network: a run starts from them, once you say so'],
  ['Link', 'of this lab, dragged from another window'],
] as const;

export function DropOverlay() {
  const { drop, dropLink } = useActions();
  const [over, setOver] = useState<Hovering | null>(null);
  useEffect(() => {
    const hover = (event: DragEvent): void => {
      const what = hovering(event);
      if (!what) return;
      // Over a place that takes images of one's own.
      if (event.defaultPrevented) {
        setOver(null);
        return;
      }
      event.preventDefault();
      setOver((before) => (before?.files === what.files ? before : what));
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(null);
    };
    const take = (event: DragEvent): void => {
      if (!hovering(event)) return;
      setOver(null);
      if (event.defaultPrevented) return;
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      const link = event.dataTransfer?.getData('text/uri-list') ?? '';
      if (files.length > 0) drop(files);
      else if (link.includes('#')) dropLink(link);
    };
    document.addEventListener('dragenter', hover);
    document.addEventListener('dragover', hover);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', take);
    return () => {
      document.removeEventListener('dragenter', hover);
      document.removeEventListener('dragover', hover);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', take);
    };
  }, [drop, dropLink]);
  if (!over) return null;
  return (
    <div className="drop-here">
      <div>
        <p className="strong">{words(over)}</p>
        <dl>
          {TAKEN.map(([what, how]) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>{how}</dd>
            </div>
          ))}
        </dl>
        <p className="small ink2">Files are read on this device. Nothing is uploaded.</p>
      </div>
    </div>
  );
}

// Try an image of one's own: drawn, chosen, dropped or pasted, with the class probabilities as it changes.
import { type DragEvent, useEffect, useMemo, useRef, useState } from 'react';
import { datasets } from '../../catalog/datasets/index.ts';
import { toFailure } from '../../core/failure.ts';
import { fitImage, type Planes } from '../../core/own-image.ts';
import type { Run } from '../../experiment/run.ts';
import { Switch } from '../controls/choices.tsx';
import { Picture } from '../parts/picture.tsx';
import { classNames } from './class-names.ts';
import { DrawPad } from './draw-pad.tsx';
import { Part, stepWords } from './part.tsx';
import { Probabilities } from './probabilities.tsx';
import { readPicture } from './read-picture.ts';
import { useAsk } from './use-look.ts';

/** Pixels of the field for one of the dataset: strokes are resized as every image is. */
const FINER = 4;
const SHOWN = 10;

interface Source {
  readonly planes: Planes;
  /** Null: it is drawn. */
  readonly name: string | null;
  readonly count: number;
}

function sizeWords({ shape }: Planes): string {
  return `${shape.width} × ${shape.height}`;
}

function useOwnImage(run: Run) {
  const shape = run.data?.facts?.shape ?? datasets[run.config.data].shape;
  const [height, width] = [FINER * shape.height, FINER * shape.width];
  const drawn = useMemo(() => new Uint8Array(height * width), [height, width]);
  const count = useRef(0);
  /** The newest wish: a file that is read after it was overtaken is not shown. */
  const asked = useRef(0);
  const [source, setSource] = useState<Source | null>(null);
  const [isInverted, setInverted] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const put = (planes: Planes, name: string | null): void => {
    asked.current++;
    count.current++;
    setRefusal(null);
    setSource({ planes, name, count: count.current });
  };
  /** The first picture of these files, else the first file, which is then refused in words. */
  const read = (files: Iterable<File>): void => {
    const all = [...files];
    const file = all.find(({ type }) => type.startsWith('image/')) ?? all[0];
    if (!file) return;
    const own = ++asked.current;
    readPicture(file).then(
      (planes) => own === asked.current && put(planes, file.name),
      (error: unknown) => own === asked.current && setRefusal(toFailure(error).message),
    );
  };
  const isFile = source !== null && source.name !== null;
  const image = useMemo(
    () => (source ? fitImage(source.planes, shape, isFile && isInverted) : null),
    [source, shape, isFile, isInverted],
  );
  return {
    shape,
    field: { height, width, pixels: drawn, version: source?.count ?? 0 },
    source,
    image,
    /** Tells one image from the next. */
    mark: source ? 2 * source.count + (isFile && isInverted ? 1 : 0) : 0,
    isFile,
    isInverted,
    setInverted,
    refusal,
    read,
    stroke: () => put({ shape: { channels: 1, height, width }, pixels: drawn.slice() }, null),
    clear() {
      drawn.fill(0);
      asked.current++;
      count.current++;
      setSource(null);
      setRefusal(null);
    },
  };
}

function Answer({ run, own }: { readonly run: Run; readonly own: ReturnType<typeof useOwnImage> }) {
  const { image, mark } = own;
  const names = classNames(run);
  const newest = run.checkpointStep;
  const looked = useAsk(
    run,
    { kind: 'guess', mark, image: image ?? { shape: own.shape, pixels: new Uint8Array(0) } },
    `${mark} ${newest}`,
    ({ sight, step }) => image !== null && (sight?.mark !== mark || step !== newest),
  );
  if (!image)
    return (
      <p className="mid ink2">
        Draw with light strokes on the black field, or choose, drop or paste an image: what the network takes
        it for stands here at once.
      </p>
    );
  if (looked.failure) return <p className="mid err">{looked.failure.message}</p>;
  if (!looked.sight) return <p className="mid ink2">Asking the network.</p>;
  const [best] = names
    .map((name, index) => ({ name, share: looked.sight?.probabilities[index] ?? 0 }))
    .toSorted((a, b) => b.share - a.share);
  return (
    <>
      <div className="row">
        <span className="own-seen">
          <Picture of={looked.sight.image} index={0} label="The image as it enters the network" />
        </span>
        <p className="mid" aria-live="polite">
          {best ? (
            <>
              Taken for <span className="strong">{best.name}</span>
            </>
          ) : null}
          <span className="small ink3"> {stepWords(looked.step)}</span>
        </p>
      </div>
      <Probabilities of={looked.sight.probabilities} names={names} most={SHOWN} />
    </>
  );
}

function How({ own }: { readonly own: ReturnType<typeof useOwnImage> }) {
  const { shape, source, image, isFile } = own;
  const kind = shape.channels === 3 ? 'colour' : 'grey';
  if (!source || !image || !isFile)
    return (
      <p className="small ink3">
        Any picture becomes {shape.width} × {shape.height} pixels in {kind}: its middle is cut out in that
        shape and resized with antialiasing, then normalised as the dataset is. Nothing is uploaded.
      </p>
    );
  return (
    <p className="small ink3">
      {source.name}, {sizeWords(source.planes)}: the middle cut out and resized to {sizeWords(image)} in{' '}
      {kind}
      {own.isInverted ? ', inverted' : ''}, then normalised as the dataset is.
    </p>
  );
}

export function OwnPart({ run }: { readonly run: Run }) {
  const own = useOwnImage(run);
  const input = useRef<HTMLInputElement>(null);
  const { read } = own;
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const files = event.clipboardData?.files ?? [];
      if (files.length === 0) return;
      event.preventDefault();
      read(files);
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  });
  const hover = (event: DragEvent): void => {
    if (event.dataTransfer.types.includes('Files')) event.preventDefault();
  };
  return (
    <Part
      title="Try your own"
      about={`as ${datasets[run.config.data].label}`}
      tools={
        <>
          <button type="button" className="button" onClick={() => input.current?.click()}>
            Choose an image
          </button>
          <button type="button" className="button" disabled={!own.source} onClick={own.clear}>
            Clear
          </button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a file is chosen by keyboard with the button above */}
      <div
        className="own"
        onDragEnter={hover}
        onDragOver={hover}
        onDrop={(event) => {
          if (event.dataTransfer.files.length === 0) return;
          event.preventDefault();
          read(event.dataTransfer.files);
        }}
      >
        <input
          ref={input}
          type="file"
          accept="image/*"
          hidden
          aria-label="Image to try"
          onChange={(event) => {
            read(event.target.files ?? []);
            event.target.value = '';
          }}
        />
        <div>
          <DrawPad {...own.field} onStroke={own.stroke} />
          {own.isFile ? (
            <Switch label="Invert" word="Invert" on={own.isInverted} onChange={own.setInverted} />
          ) : null}
        </div>
        <div className="own-answer">
          <Answer run={run} own={own} />
        </div>
      </div>
      {own.refusal ? (
        <p className="mid err" role="alert">
          {own.refusal}
        </p>
      ) : null}
      <How own={own} />
    </Part>
  );
}

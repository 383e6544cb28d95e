// What a task on images gives for a few test images: input, output and target below each other, as the run last scored.
import { tasks } from '../../catalog/tasks/index.ts';
import { formatCount } from '../../core/format.ts';
import type { Config } from '../../experiment/config.ts';
import type { Run } from '../../experiment/run.ts';
import type { Gallery as GallerySight } from '../../experiment/sight.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { useSight } from '../hooks/use-sight.ts';
import { Picture } from './picture.tsx';

/** Images beside each other. */
const ACROSS = 5;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const decibels = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : '–');

/** What one sees, in a sentence. */
function wordsOf({ task }: Config, { psnr, inputPsnr }: GallerySight): string {
  const score = `${decibels(mean(psnr))} dB`;
  switch (task) {
    case 'denoise':
      return `Noise lowers the input to a mean PSNR of ${decibels(mean(inputPsnr ?? []))} dB; the output has ${score}.`;
    case 'super-resolve':
      return `From a quarter of the pixels the output comes to a mean PSNR of ${score}.`;
    case 'prototype':
      return `Whatever the image, the target is the prototype of its class: mean PSNR ${score}.`;
    case 'classify':
      return '';
    default:
      throw task satisfies never;
  }
}

function Block({ sight, from }: { readonly sight: GallerySight; readonly from: number }) {
  const places = sight.rows.map((_, index) => index).slice(from, from + ACROSS);
  const lines = [
    ['Input', sight.input],
    ['Output', sight.output],
    ['Target', sight.target],
  ] as const;
  return (
    <tbody>
      {lines.map(([name, pictures]) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          {places.map((index) => (
            <td key={index}>
              <Picture
                of={pictures}
                index={index}
                label={`${name} of test image ${formatCount(sight.rows[index] as number)}`}
              />
            </td>
          ))}
        </tr>
      ))}
      <tr className="scores">
        <th scope="row">PSNR, dB</th>
        {places.map((index) => (
          <td key={index}>{decibels(sight.psnr[index] as number)}</td>
        ))}
      </tr>
    </tbody>
  );
}

/** Input, output and target of test images, and what one sees. */
export function Pictures({ sight, config }: { readonly sight: GallerySight; readonly config: Config }) {
  const starts = sight.rows.map((_, index) => index).filter((index) => index % ACROSS === 0);
  return (
    <>
      <table
        className="gallery"
        aria-label="Test images, what the network gives for them, and what it should"
      >
        {starts.map((from) => (
          <Block key={from} sight={sight} from={from} />
        ))}
      </table>
      <p className="small ink2">{wordsOf(config, sight)}</p>
    </>
  );
}

function Body({ run }: { readonly run: Run | null }) {
  const { look } = useActions();
  const { sight, isAsked, failure } = useSight(run?.key ?? null, 'gallery');
  const busy = useLab((lab) => lab.active !== null || lab.preparing);
  if (run && sight) return <Pictures sight={sight} config={run.config} />;
  if (isAsked) return <p className="mid ink2">Looking into the stored weights.</p>;
  if (failure) return <p className="mid err">{failure.message}</p>;
  if (run && run.checkpointStep !== null && !busy)
    return (
      <button type="button" className="button" onClick={() => void look(run.key, { kind: 'gallery' })}>
        Show pictures
      </button>
    );
  return (
    <p className="mid ink2">
      Input, output and target of a few test images appear here once training starts.
    </p>
  );
}

/** `run` is the one that the run bar speaks of; without one, the draft says whether there will be pictures. */
export function Gallery({ run }: { readonly run: Run | null }) {
  const draft = useLab((state) => state.draft);
  const { step } = useSight(run?.key ?? null, 'gallery');
  if (!tasks[(run?.config ?? draft).task].picture) return null;
  return (
    <section className="section">
      <div className="section-head">
        <h2>Pictures</h2>
        <span className="small ink3">
          {step === null ? 'of test images' : `of test images, at step ${formatCount(step)}`}
        </span>
      </div>
      <Body run={run} />
    </section>
  );
}

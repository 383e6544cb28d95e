// Input, output and target of test images, of a task on images.
import type { Run } from '../../experiment/run.ts';
import { Pictures } from '../parts/gallery.tsx';
import { Part, stepWords, Waiting } from './part.tsx';
import { useLook } from './use-look.ts';

export function GalleryPart({ run }: { readonly run: Run }) {
  const looked = useLook(run, { kind: 'gallery' }, false);
  return (
    <Part title="Pictures" about={stepWords(looked.step)}>
      <Waiting looked={looked} />
      {looked.sight ? <Pictures sight={looked.sight} config={run.config} /> : null}
    </Part>
  );
}

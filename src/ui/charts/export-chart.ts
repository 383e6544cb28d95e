// A chart as a file: its values as measured (CSV), its picture (SVG, PNG) with the colours that it has on the screen.
import type { MetricName } from '../../core/metrics.ts';
import { toLongCsv } from '../../experiment/exports.ts';
import { titleOf } from '../../experiment/run.ts';
import { saveFile } from './save-file.ts';
import type { ShownRun } from './traces.ts';

/** Every value of one metric of the runs shown: never smoothed, never thinned. */
export function exportCsv(shown: readonly ShownRun[], metric: MetricName): void {
  const text = toLongCsv(
    shown.map(({ run, log }) => ({
      run: `${titleOf(run)} ${run.key}`,
      log: { ...log, names: () => [metric] },
    })),
  );
  saveFile(`${metric.replace('/', '-')}.csv`, new Blob([text], { type: 'text/csv' }));
}

const DRAWN = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'paint-order',
];

/** A copy of a drawing with its computed look written into attributes, since the style sheet stays behind. */
function frozen(drawing: SVGSVGElement): SVGSVGElement {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const from = drawing.querySelectorAll('*');
  const to = copy.querySelectorAll('*');
  from.forEach((element, index) => {
    const style = getComputedStyle(element);
    const target = to[index];
    for (const name of DRAWN) target?.setAttribute(name, style.getPropertyValue(name));
    target?.removeAttribute('class');
    target?.removeAttribute('style');
  });
  copy.removeAttribute('class');
  return copy;
}

function picture(plot: HTMLElement): {
  readonly text: string;
  readonly width: number;
  readonly height: number;
} {
  const drawings = [...plot.querySelectorAll<SVGSVGElement>('svg.recharts-surface, svg.overlay')];
  const width = plot.clientWidth;
  const height = plot.clientHeight;
  const paper = getComputedStyle(document.documentElement).getPropertyValue('--paper');
  const parts = drawings.map((drawing) => new XMLSerializer().serializeToString(frozen(drawing)));
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;
  return {
    text: `${head}<rect width="100%" height="100%" fill="${paper}"/>${parts.join('')}</svg>`,
    width,
    height,
  };
}

export function exportSvg(plot: HTMLElement, name: string): void {
  saveFile(`${name}.svg`, new Blob([picture(plot).text], { type: 'image/svg+xml' }));
}

/** Twice the size on the screen. */
export async function exportPng(plot: HTMLElement, name: string): Promise<void> {
  const { text, width, height } = picture(plot);
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width * 2;
    canvas.height = height * 2;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((bytes) => {
      if (bytes) saveFile(`${name}.png`, bytes);
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

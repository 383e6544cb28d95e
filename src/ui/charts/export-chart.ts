// A chart as a picture (SVG, PNG) with the colours that it has on the screen.
import { saveFile } from './save-file.ts';

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

const HEAD = 22;

/** The plot under its title, as one SVG. */
function picture(plot: HTMLElement, title: string) {
  const drawings = [...plot.querySelectorAll<SVGSVGElement>('svg.recharts-surface, svg.overlay')];
  const width = plot.clientWidth;
  const height = plot.clientHeight + HEAD;
  const style = getComputedStyle(document.documentElement);
  const [paper, ink] = ['--paper', '--ink'].map((name) => style.getPropertyValue(name));
  const parts = drawings.map((drawing) => new XMLSerializer().serializeToString(frozen(drawing)));
  const head = document.createElementNS('http://www.w3.org/2000/svg', 'text');
  head.textContent = title;
  const attributes = { x: '4', y: '15', fill: ink ?? '', 'font-weight': '600', 'font-size': '12' };
  for (const [name, value] of Object.entries(attributes)) head.setAttribute(name, value);
  head.setAttribute('font-family', getComputedStyle(plot).fontFamily);
  const words = new XMLSerializer().serializeToString(head);
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;
  return {
    text: `${open}<rect width="100%" height="100%" fill="${paper}"/>${words}<g transform="translate(0 ${HEAD})">${parts.join('')}</g></svg>`,
    width,
    height,
  };
}

export function exportSvg(plot: HTMLElement, title: string, name: string): void {
  saveFile(`${name}.svg`, new Blob([picture(plot, title).text], { type: 'image/svg+xml' }));
}

/** Twice the size on the screen. */
export async function exportPng(plot: HTMLElement, title: string, name: string): Promise<void> {
  const { text, width, height } = picture(plot, title);
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

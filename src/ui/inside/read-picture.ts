// A picture file as planes: PNG is decoded here, to the same bytes in every browser; what else a browser shows, by itself.
import { features } from '../../core/dataset.ts';
import { LabError } from '../../core/failure.ts';
import { formatCount } from '../../core/format.ts';
import { type Planes, planesOfRgba } from '../../core/own-image.ts';

/** Longer sides are scaled down by the browser first. */
const LONGEST = 2048;
const MOST_BYTES = 50e6;
const MOST_PIXELS = 100e6;

/** Throws LabError `dataset-invalid` where the file is no picture that this browser reads. */
export async function readPicture(file: File): Promise<Planes> {
  const { name } = file;
  if (file.size > MOST_BYTES)
    throw new LabError(
      'dataset-invalid',
      `${name} has ${Math.round(file.size / 1e6)} MB: choose a picture of at most 50 MB.`,
    );
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { pngShape, decodePng } = await import('../../core/files/png.ts');
  const shape = pngShape(bytes);
  if (typeof shape !== 'string' && shape.height * shape.width > MOST_PIXELS)
    throw new LabError(
      'dataset-invalid',
      `${name} has ${formatCount(shape.width)} × ${formatCount(shape.height)} pixels: choose a picture of at most 100 million.`,
    );
  if (typeof shape !== 'string' && Math.max(shape.height, shape.width) <= LONGEST) {
    const pixels = new Uint8Array(features(shape));
    if (decodePng(bytes, shape, pixels) === null) return { shape, pixels };
  }
  return byBrowser(file);
}

async function byBrowser(file: File): Promise<Planes> {
  const picture = await createImageBitmap(file).catch(() => {
    throw new LabError(
      'dataset-invalid',
      `${file.name} is no picture that this browser reads: choose a PNG or JPEG.`,
    );
  });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map((side) =>
    Math.max(1, Math.round(side * scale)),
  ) as [number, number];
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context)
    throw new LabError('internal', 'This browser gives no canvas to read the picture with: choose a PNG.');
  context.drawImage(picture, 0, 0, width, height);
  picture.close();
  return planesOfRgba(context.getImageData(0, 0, width, height).data, height, width);
}

// A dataset from a zip file of PNG pictures in one folder a class, below `train` and `test` where it has a split.
import { features, type ImageShape, type Split } from '../dataset.ts';
import { formatBytes } from '../format.ts';
import { type LabelledImages, ownLimits, sizeWords } from './array-dataset.ts';
import type { Pause } from './byte-reader.ts';
import { invalid } from './invalid.ts';
import { decodePng, pngShape } from './png.ts';
import { inside, unzipped, type ZipEntry } from './zip.ts';

const WANTED = 'Put the pictures into one folder a class, below train and test where there is a split';
/** Largest packed picture that is opened at all. */
const MAX_PNG_BYTES = 8 << 20;

type Part = 'train' | 'test' | 'all';

interface Picture {
  readonly entry: ZipEntry;
  readonly part: Part;
  readonly folder: string;
}

export const isPng = ({ name }: ZipEntry): boolean => /\.png$/i.test(name) && !isHidden(name);

/** What systems add to archives. */
const isHidden = (name: string): boolean =>
  name.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');

/**
 * @param onPictures told how many pictures are decoded, now and then
 * @throws LabError `dataset-invalid` that names the picture
 */
export async function pngFolders(
  bytes: Uint8Array,
  entries: readonly ZipEntry[],
  file: string,
  pause: Pause,
  onPictures: (done: number, total: number) => void = () => {},
): Promise<LabelledImages> {
  const others = entries.find(
    ({ name }) => /\.(jpe?g|gif|bmp|webp|tiff?|svg)$/i.test(name) && !isHidden(name),
  );
  if (others)
    throw invalid(inside(file, others.name), '', 'the picture is no PNG', 'Save all pictures as PNG');
  const pictures = placed(entries.filter(isPng), file);
  const classes = classNames(pictures, file);
  const first = pictures[0] as Picture;
  const shape = pngShape(await unzipped(bytes, checkedSize(first.entry, file), file, pause));
  if (typeof shape === 'string') throw invalid(inside(file, first.entry.name), '', shape, 'Replace it');
  checkTotal(shape, pictures.length, file);

  const label = new Map(classes.map((name, index) => [name, index]));
  const size = features(shape);
  let done = 0;
  const read = async (part: Part): Promise<Split> => {
    const chosen = pictures.filter((picture) => picture.part === part);
    const images = new Uint8Array(chosen.length * size);
    const labels = new Uint8Array(chosen.length);
    for (const [row, { entry, folder }] of chosen.entries()) {
      const png = await unzipped(bytes, checkedSize(entry, file), file, pause);
      const why = decodePng(png, shape, images.subarray(row * size, (row + 1) * size));
      if (why !== null)
        throw invalid(
          inside(file, entry.name),
          '',
          why,
          `Replace it; all pictures must be like ${first.entry.name}, ${sizeWords(shape)}`,
        );
      labels[row] = label.get(folder) as number;
      if (++done % 64 === 0) {
        onPictures(done, pictures.length);
        await pause();
      }
    }
    return { images, labels };
  };
  const isSplit = first.part !== 'all';
  return {
    shape,
    classes,
    train: await read(isSplit ? 'train' : 'all'),
    test: isSplit ? await read('test') : null,
  };
}

/** Pictures with their class and split, in the order of their names. */
function placed(entries: readonly ZipEntry[], file: string): readonly Picture[] {
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const roots = new Set<string>();
  const pictures = sorted.map((entry): Picture => {
    const folders = entry.name.split('/').slice(0, -1);
    const folder = folders.pop();
    if (folder === undefined)
      throw invalid(inside(file, entry.name), '', 'the picture lies in no folder of a class', WANTED);
    const last = folders.at(-1)?.toLowerCase();
    const part: Part = last === 'train' || last === 'test' ? last : 'all';
    if (part !== 'all') folders.pop();
    roots.add(`${folders.join('/')}/${part === 'all' ? '' : '*'}`);
    return { entry, part, folder };
  });
  if (roots.size > 1) {
    const [one, other] = [...roots].map((root) => root.replace('*', 'train'));
    throw invalid(
      file,
      '',
      `class folders lie in several places (${one || 'the top'} and ${other || 'the top'})`,
      WANTED,
    );
  }
  const parts = new Set(pictures.map(({ part }) => part));
  for (const part of ['train', 'test'] as const)
    if (parts.size === 1 && parts.has(part))
      throw invalid(file, '', `there is no picture below ${part === 'train' ? 'test' : 'train'}`, WANTED);
  return pictures;
}

/** By name; by number where all names are numbers. */
function classNames(pictures: readonly Picture[], file: string): readonly string[] {
  const names = [...new Set(pictures.map(({ folder }) => folder))];
  const isNumbered = names.every((name) => /^\d{1,9}$/.test(name));
  names.sort((a, b) => (isNumbered ? Number(a) - Number(b) : a < b ? -1 : 1));
  if (names.length < 2)
    throw invalid(file, '', `there is only one class folder (${names[0] ?? 'none'})`, WANTED);
  if (names.length > ownLimits.classes)
    throw invalid(
      file,
      '',
      `there are ${names.length} class folders, more than the ${ownLimits.classes} allowed`,
      WANTED,
    );
  return names;
}

function checkedSize(entry: ZipEntry, file: string): ZipEntry {
  if (entry.size <= MAX_PNG_BYTES && entry.packed <= MAX_PNG_BYTES) return entry;
  throw invalid(
    inside(file, entry.name),
    '',
    `the picture has ${formatBytes(entry.size)}, more than the ${formatBytes(MAX_PNG_BYTES)} allowed`,
    'Save smaller pictures',
  );
}

function checkTotal(shape: ImageShape, count: number, file: string): void {
  const size = features(shape);
  if (size > 0 && size <= ownLimits.features && count * size <= ownLimits.bytes) return;
  throw invalid(
    file,
    '',
    `${count} pictures of ${sizeWords(shape)} take ${formatBytes(count * size)}; ${formatBytes(ownLimits.bytes)} and ${ownLimits.features} values a picture are allowed`,
    'Save fewer or smaller pictures',
  );
}

// A dataset in four idx files (MNIST and its kin), plain or gzipped, told apart by their names.
import type { ImageShape, Split } from '../dataset.ts';
import { type NamedFile, type Pause, readAll } from './byte-reader.ts';
import { type Idx, readIdx } from './idx.ts';
import { invalid } from './invalid.ts';
import { openFile } from './open.ts';
import type { Splits } from './read-splits.ts';

/** The names that MNIST's and Fashion-MNIST's files have had since 1998. */
export const IDX_FILES = [
  'train-images-idx3-ubyte.gz',
  'train-labels-idx1-ubyte.gz',
  't10k-images-idx3-ubyte.gz',
  't10k-labels-idx1-ubyte.gz',
] as const;

const MAX_BYTES = 512 << 20;
const WANTED = `the four files ${IDX_FILES.join(', ')}`;

type Role = 'train-images' | 'train-labels' | 'test-images' | 'test-labels';

export interface IdxDataset {
  readonly shape: ImageShape;
  readonly classes: number;
  readonly order: string;
}

/** Which of the four a file is, by its name; null where the name does not say. */
export function idxRole(name: string): Role | null {
  const found = /(train|t10k|test)[-_. ]?(images|labels)/i.exec(name);
  if (!found) return null;
  const split = found[1]?.toLowerCase() === 'train' ? 'train' : 'test';
  return `${split}-${found[2]?.toLowerCase() === 'images' ? 'images' : 'labels'}`;
}

/**
 * Reads the four files, in any order.
 * @throws LabError `dataset-invalid`: one is missing, twice there, damaged, or its images and labels do not match
 */
export async function readIdxDataset(
  files: readonly NamedFile[],
  expected: IdxDataset,
  pause: Pause,
): Promise<Splits> {
  const found = new Map<Role, { file: string; idx: Idx }>();
  for (const file of files) {
    const role = idxRole(file.name);
    if (!role)
      throw invalid(
        file.name,
        '',
        'the name does not say which of the four files this is',
        `Choose ${WANTED}`,
      );
    const earlier = found.get(role);
    if (earlier)
      throw invalid(
        file.name,
        '',
        `the ${role.replace('-', ' ')} were already given by ${earlier.file}`,
        'Choose every file once',
      );
    found.set(role, { file: file.name, idx: await readFile(file, role.endsWith('images') ? 3 : 1) });
    await pause();
  }
  const need = (role: Role) => {
    const one = found.get(role);
    if (!one) {
      const given = files.map((file) => file.name).join(', ');
      throw invalid(given, '', `the ${role.replace('-', ' ')} are missing`, `Choose ${WANTED} together`);
    }
    return one;
  };
  return {
    order: expected.order,
    train: pair(need('train-images'), need('train-labels'), expected),
    test: pair(need('test-images'), need('test-labels'), expected),
  };
}

/** One idx file, inflated where it is gzipped. */
export async function readFile(file: NamedFile, dimensions: number): Promise<Idx> {
  const opened = await openFile(file, WANTED, MAX_BYTES);
  try {
    const bytes = await readAll(opened.reader, MAX_BYTES, opened.size ?? undefined);
    if (!bytes)
      throw invalid(
        file.name,
        `byte ${MAX_BYTES}`,
        'the file is larger than any idx file of images',
        `Choose ${WANTED}`,
      );
    return readIdx(bytes, file.name, dimensions);
  } finally {
    await opened.reader.close();
  }
}

function pair(
  images: { file: string; idx: Idx },
  labels: { file: string; idx: Idx },
  expected: IdxDataset,
): Split {
  const [count, height, width] = images.idx.dimensions as [number, number, number];
  const { shape, classes } = expected;
  if (height !== shape.height || width !== shape.width) {
    throw invalid(
      images.file,
      'byte 8',
      `its pictures have ${height} × ${width} pixels and not ${shape.height} × ${shape.width}`,
      `Choose ${WANTED}`,
    );
  }
  if (labels.idx.data.length !== count) {
    throw invalid(
      labels.file,
      'byte 4',
      `it has ${labels.idx.data.length} labels, but ${images.file} has ${count} images`,
      'Choose files that belong together',
    );
  }
  const bad = labels.idx.data.findIndex((label) => label >= classes);
  if (bad >= 0) {
    throw invalid(
      labels.file,
      `record ${bad} (byte ${8 + bad})`,
      `label ${labels.idx.data[bad]} is none of the ${classes} classes (0 to ${classes - 1})`,
      'Get the file again',
    );
  }
  return { images: images.idx.data, labels: labels.idx.data };
}

// A dataset from arrays of numbers: x (images) and y (labels), or x_train, y_train, x_test, y_test. Layout and number of
// classes come from the arrays; whatever does not fit is an error that names the array, the row and the next step.
import { features, type ImageShape, type Split } from '../dataset.ts';
import { formatBytes } from '../format.ts';
import { roundToEven } from '../round-to-even.ts';
import type { Pause } from './byte-reader.ts';
import { invalid } from './invalid.ts';
import { isFloat, type NumberArray, valueReader } from './number-array.ts';
import { inside } from './zip.ts';

/** Limits of own data, whatever its format: bytes of all images, features of one, classes (labels are bytes). */
export const ownLimits = { bytes: 1 << 30, features: 1 << 20, classes: 256 } as const;

/** Values read between two pauses: a few milliseconds. */
const VALUES_A_PAUSE = 1 << 18;

export interface LabelledImages {
  readonly shape: ImageShape;
  readonly classes: readonly string[];
  readonly train: Split;
  /** Null: the file has no split of its own. */
  readonly test: Split | null;
}

/** Names of the arrays that a dataset can be made of. */
export const arrayNames = ['x', 'y', 'x_train', 'y_train', 'x_test', 'y_test'] as const;
type ArrayName = (typeof arrayNames)[number];

/**
 * @param arrays by name; others than `arrayNames` are left alone
 * @throws LabError `dataset-invalid`
 */
export async function arrayDataset(
  arrays: ReadonlyMap<string, NumberArray>,
  file: string,
  pause: Pause,
): Promise<LabelledImages> {
  const get = (name: ArrayName): NumberArray => {
    const found = arrays.get(name);
    if (found) return found;
    const there = [...arrays.keys()].slice(0, 8).join(', ') || 'none';
    throw invalid(file, '', `there is no array ${name} (there are: ${there})`, WANTED);
  };
  const isSplit = ['x_train', 'y_train', 'x_test', 'y_test'].some((name) => arrays.has(name));
  const pairs = isSplit
    ? ([
        ['x_train', 'y_train'],
        ['x_test', 'y_test'],
      ] as const)
    : ([['x', 'y']] as const);
  const parts = pairs.map(([x, y]) => ({ x: get(x), y: get(y) }));
  const shapes = parts.map(({ x, y }) => checkedShape(x, y, file));
  const [first, second] = shapes as [Layout, Layout | undefined];
  if (second && JSON.stringify(first.shape) !== JSON.stringify(second.shape))
    throw invalid(
      file,
      '',
      `images of x_train have ${sizeWords(first.shape)}, those of x_test ${sizeWords(second.shape)}`,
      'Save both in one size',
    );
  const classes = countClasses(
    parts.map(({ y }) => y),
    file,
  );
  const splits: Split[] = [];
  for (const [index, { x, y }] of parts.entries()) {
    const layout = shapes[index] as Layout;
    splits.push({ images: await pixelsOf(x, layout, file, pause), labels: labelsOf(y) });
  }
  return {
    shape: first.shape,
    classes: Array.from({ length: classes }, (_, label) => String(label)),
    train: splits[0] as Split,
    test: splits[1] ?? null,
  };
}

const WANTED =
  'Save x (images as uint8) and y (labels as whole numbers from 0), or x_train, y_train, x_test and y_test';

export const sizeWords = ({ channels, height, width }: ImageShape): string =>
  `${height} × ${width} × ${channels}`;

interface Layout {
  readonly shape: ImageShape;
  /** Pixels come last, as in NHWC. */
  readonly isChannelsLast: boolean;
}

const isChannels = (size: number | undefined): boolean => size === 1 || size === 3;

/** [n, features], [n, h, w], [n, h, w, c] or [n, c, h, w] with 1 or 3 channels; the last axis is asked first. */
function layoutOf({ name, shape }: NumberArray, file: string): Layout {
  const [, a = 0, b = 0, c = 0] = shape;
  const plain = (channels: number, height: number, width: number, isChannelsLast = false): Layout => ({
    shape: { channels, height, width },
    isChannelsLast,
  });
  if (shape.length === 2) return plain(1, 1, a);
  if (shape.length === 3) return plain(1, a, b);
  if (shape.length === 4 && isChannels(c)) return plain(c, a, b, true);
  if (shape.length === 4 && isChannels(a)) return plain(a, b, c);
  throw invalid(
    inside(file, name),
    '',
    `shape (${shape.join(', ')}) is no shape of images`,
    'Save [n, height, width, 3], [n, 3, height, width], [n, height, width] or [n, features]',
  );
}

function checkedShape(x: NumberArray, y: NumberArray, file: string): Layout {
  const layout = layoutOf(x, file);
  const [count = 0] = x.shape;
  const size = features(layout.shape);
  const where = inside(file, x.name);
  if (count === 0 || size === 0)
    throw invalid(where, '', `shape (${x.shape.join(', ')}) holds no image`, WANTED);
  if (size > ownLimits.features)
    throw invalid(
      where,
      '',
      `an image has ${size} values, more than the ${ownLimits.features} allowed`,
      'Save smaller images',
    );
  if (count * size > ownLimits.bytes)
    throw invalid(
      where,
      '',
      `its ${count} images take ${formatBytes(count * size)}, more than the ${formatBytes(ownLimits.bytes)} allowed`,
      'Save fewer or smaller images',
    );
  const isColumn = y.shape.length === 1 || (y.shape.length === 2 && y.shape[1] === 1);
  if (!isColumn || y.shape[0] !== count)
    throw invalid(
      inside(file, y.name),
      '',
      `shape (${y.shape.join(', ')}) does not fit the ${count} images of ${x.name}`,
      'Save one label an image, [n]',
    );
  if (isFloat(y.type))
    throw invalid(
      inside(file, y.name),
      '',
      `labels are ${y.type}, not whole numbers`,
      `Save ${y.name}.astype("int64")`,
    );
  return layout;
}

/** How many classes there are: every number from 0 to the largest label must occur. */
function countClasses(labels: readonly NumberArray[], file: string): number {
  const seen = new Set<number>();
  for (const array of labels) {
    const value = valueReader(array);
    for (let row = 0; row < (array.shape[0] as number); row++) {
      const label = value(row);
      if (label < 0 || label >= ownLimits.classes)
        throw invalid(
          inside(file, array.name),
          `row ${row}`,
          `label ${label} is not from 0 to ${ownLimits.classes - 1}`,
          label < 0
            ? 'Number the classes from 0'
            : 'Number the classes from 0, with np.unique(y, return_inverse=True)[1]',
        );
      seen.add(label);
    }
  }
  const names = labels.map(({ name }) => name).join(', ');
  const [least, most] = [Math.min(...seen), Math.max(...seen)];
  if (least > 0)
    throw invalid(
      inside(file, names),
      '',
      `labels run from ${least} to ${most}; they must start at 0`,
      `Save y - ${least}`,
    );
  for (let label = 0; label < most; label++)
    if (!seen.has(label))
      throw invalid(
        inside(file, names),
        '',
        `labels run from 0 to ${most}, but none is ${label}`,
        'Number the classes without gaps, with np.unique(y, return_inverse=True)[1]',
      );
  if (seen.size < 2)
    throw invalid(inside(file, names), '', 'there is only one class', 'Save labels of at least two classes');
  return seen.size;
}

function labelsOf(array: NumberArray): Uint8Array<ArrayBuffer> {
  const value = valueReader(array);
  return Uint8Array.from({ length: array.shape[0] as number }, (_, row) => value(row));
}

/** Whole numbers are pixels from 0 to 255; floats are shares of 255 in [0, 1], rounded to the nearest, halves to even. */
async function pixelsOf(
  x: NumberArray,
  { shape, isChannelsLast }: Layout,
  file: string,
  pause: Pause,
): Promise<Uint8Array<ArrayBuffer>> {
  const { channels, height, width } = shape;
  const [size, plane] = [features(shape), height * width];
  const count = x.shape[0] as number;
  const images = new Uint8Array(count * size);
  if (x.type === 'u8' && !isChannelsLast) {
    images.set(x.bytes);
    return images;
  }
  const value = valueReader(x);
  const scale = isFloat(x.type) ? 255 : 1;
  const most = 255 / scale;
  const rows = Math.max(1, Math.floor(VALUES_A_PAUSE / size));
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < size; i++) {
      const from = isChannelsLast ? (i % plane) * channels + Math.floor(i / plane) : i;
      const pixel = value(row * size + from);
      if (!(pixel >= 0 && pixel <= most)) throw outOfRange(inside(file, x.name), row, pixel, most);
      images[row * size + i] = roundToEven(pixel * scale);
    }
    if (row % rows === 0) await pause();
  }
  return images;
}

function outOfRange(where: string, row: number, pixel: number, most: number): Error {
  const next =
    most === 1
      ? 'Save floats from 0 to 1 (divide by the largest), or uint8 from 0 to 255'
      : 'Save pixels as uint8, from 0 to 255';
  return invalid(where, `row ${row}`, `the value ${pixel} is not from 0 to ${most}`, next);
}

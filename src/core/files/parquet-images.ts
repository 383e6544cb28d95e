// A parquet file of pictures as Hugging Face keeps them: a column `img` of {bytes, path} with PNG bytes, and a label.
// Read by hyparquet, one row group at a time. Only for files of a known SHA-256: what a forged file could make it
// allocate is bounded here, but a forged run length within a page can still keep it busy for minutes.
import { type FileMetaData, parquetMetadata, parquetReadObjects, snappyUncompress } from 'hyparquet';
import type { ImageShape, Split } from '../dataset.ts';
import type { Pause } from './byte-reader.ts';
import { invalid, messageOf } from './invalid.ts';
import { decodePng } from './png.ts';

export interface ImageTable {
  readonly shape: ImageShape;
  readonly classes: number;
  readonly imageColumn: string;
  readonly labelColumn: string;
}

const AGAIN = 'Get the file again';
const MAX_ROWS = 2_000_000;
const MAX_BYTES = 1 << 30;
/** Pictures decoded between two pauses: about 10 ms. */
const ROWS_A_PAUSE = 250;

/**
 * Reads every row, in order.
 * @param onRows told how many rows are decoded, now and then
 * @throws LabError `dataset-invalid` with file, row and reason
 */
export async function readParquetImages(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  table: ImageTable,
  pause: Pause,
  onRows: (done: number, total: number) => void = () => {},
): Promise<Split> {
  const metadata = readMetadata(bytes, file, table);
  const rows = Number(metadata.num_rows);
  const size = table.shape.channels * table.shape.height * table.shape.width;
  const images = new Uint8Array(rows * size);
  const labels = new Uint8Array(rows);
  let row = 0;
  for (const group of metadata.row_groups) {
    const count = Number(group.num_rows);
    const records = await readRows(bytes, file, metadata, table, row, row + count);
    if (records.length !== count)
      throw invalid(file, `row ${row}`, `${count} rows are announced and ${records.length} are there`, AGAIN);
    for (const record of records) {
      readRow(record, file, row, table, images.subarray(row * size, (row + 1) * size), labels);
      row++;
      if (row % ROWS_A_PAUSE === 0) {
        onRows(row, rows);
        await pause();
      }
    }
  }
  onRows(row, rows);
  return { images, labels };
}

function readMetadata(bytes: Uint8Array<ArrayBuffer>, file: string, table: ImageTable): FileMetaData {
  let metadata: FileMetaData;
  try {
    metadata = parquetMetadata(bytes.subarray(-Math.min(bytes.length, footerLength(bytes) + 8)));
  } catch (thrown) {
    throw invalid(
      file,
      `byte ${bytes.length}`,
      'the parquet footer cannot be read: the file is damaged or cut off',
      AGAIN,
      messageOf(thrown),
    );
  }
  const rows = Number(metadata.num_rows);
  const inGroups = metadata.row_groups.reduce(
    (sum, group) => sum + (Number(group.num_rows) > 0 ? Number(group.num_rows) : Number.NaN),
    0,
  );
  if (!(rows > 0) || rows !== inGroups)
    throw invalid(file, 'footer', `${rows} rows are announced, ${inGroups} in its row groups`, AGAIN);
  let inflated = 0;
  for (const group of metadata.row_groups) {
    for (const column of group.columns) inflated += Number(column.meta_data?.total_uncompressed_size ?? 0);
  }
  // A PNG of noise is larger than its pixels and one of a single colour some 40 times smaller: 100 bytes is below both.
  if (
    rows > MAX_ROWS ||
    rows * 60 > Math.max(bytes.length, inflated) ||
    !(inflated >= 0 && inflated <= MAX_BYTES)
  ) {
    throw invalid(
      file,
      'footer',
      `${rows} rows and ${inflated} bytes are announced in a file of ${bytes.length} bytes`,
      AGAIN,
    );
  }
  const columns = metadata.schema.slice(1).map((element) => element.name);
  for (const wanted of [table.imageColumn, table.labelColumn]) {
    if (!columns.includes(wanted)) {
      throw invalid(
        file,
        'footer',
        `there is no column "${wanted}" (there are ${columns.slice(0, 8).join(', ')})`,
        'Choose a file of this dataset',
      );
    }
  }
  return metadata;
}

function footerLength(bytes: Uint8Array): number {
  if (bytes.length < 12) throw new Error('too short');
  const length = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 4).getUint32(0, true);
  if (length > bytes.length - 12) throw new Error(`footer of ${length} bytes`);
  return length;
}

async function readRows(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  metadata: FileMetaData,
  table: ImageTable,
  rowStart: number,
  rowEnd: number,
): Promise<Readonly<Record<string, unknown>>[]> {
  const slice = (from: number, to: number = bytes.length) => {
    if (!(from >= 0 && to >= from && to <= bytes.length))
      throw new Error(`bytes ${from} to ${to} are not in the file`);
    return bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to);
  };
  try {
    return await parquetReadObjects({
      file: { byteLength: bytes.length, slice },
      metadata,
      columns: [table.imageColumn, table.labelColumn],
      rowStart,
      rowEnd,
      utf8: false,
      geoparquet: false,
      compressors: { SNAPPY: unsnap },
    });
  } catch (thrown) {
    throw invalid(
      file,
      `rows ${rowStart} to ${rowEnd - 1}`,
      `the parquet data is damaged (${messageOf(thrown)})`,
      AGAIN,
    );
  }
}

/** Snappy's copies make at most 64 bytes of 3: a longer announced length is forged. */
function unsnap(input: Uint8Array, length: number): Uint8Array {
  if (!(length >= 0 && length <= input.length * 22 + 64))
    throw new Error(`a page of ${length} bytes from ${input.length}`);
  const output = new Uint8Array(length);
  snappyUncompress(input, output);
  return output;
}

function readRow(
  record: Readonly<Record<string, unknown>>,
  file: string,
  row: number,
  table: ImageTable,
  target: Uint8Array,
  labels: Uint8Array,
): void {
  const label = Number(record[table.labelColumn]);
  if (!(Number.isInteger(label) && label >= 0 && label < table.classes)) {
    throw invalid(
      file,
      `row ${row}`,
      `label ${String(record[table.labelColumn])} is none of the ${table.classes} classes`,
      AGAIN,
    );
  }
  labels[row] = label;
  const image = record[table.imageColumn];
  const png = typeof image === 'object' && image !== null && 'bytes' in image ? image.bytes : null;
  if (!(png instanceof Uint8Array))
    throw invalid(file, `row ${row}`, `column "${table.imageColumn}" holds no picture bytes`, AGAIN);
  const why = decodePng(png, table.shape, target);
  if (why !== null) throw invalid(file, `row ${row}`, why, AGAIN);
}

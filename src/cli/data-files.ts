// The files behind `lab data`: where they come from (disk, address) and how they are kept in datasets/<id>/.
import {
  closeSync,
  copyFileSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { LabError } from '../core/failure.ts';
import type { Chunks, NamedFile } from '../core/files/byte-reader.ts';
import { checkedFile } from '../core/files/checked-file.ts';
import { isGzip } from '../core/files/gunzip.ts';
import { messageOf } from '../core/files/invalid.ts';
import { tarFrame } from '../core/files/tar-writer.ts';

/** A file to be had from an address; length and SHA-256 where they are known. */
export interface Address {
  readonly name: string;
  readonly url: string;
  readonly bytes?: number;
  readonly sha256?: string;
}

/** A file on disk under the name that it should be read by. */
export interface DiskFile {
  readonly name: string;
  readonly path: string;
}

export function named({ name, path }: DiskFile): NamedFile {
  return {
    name,
    size: statSync(path).size,
    chunks: () => createReadStream(path, { highWaterMark: 1 << 18 }),
  };
}

/** The file, or the files of a folder that have a name in data's way: `archive` alone where it is among them. */
export function filesAt(path: string, archive: string | undefined): readonly DiskFile[] {
  if (!existsSync(path))
    throw new LabError('dataset-unavailable', `There is no ${path}. Check the path after --from.`);
  if (!statSync(path).isDirectory()) return [{ name: basename(path), path }];
  const names = readdirSync(path).filter(
    (name) => /\.(bin|gz|tgz|tar|parquet)$|ubyte$/.test(name) && !name.startsWith('.'),
  );
  const chosen = archive !== undefined && names.includes(archive) ? [archive] : names.sort();
  return chosen.map((name) => ({ name, path: join(path, name) }));
}

/** Fetches into `folder`, under a name that is not yet the file's own. */
export async function fetchInto(
  folder: string,
  address: Address,
  report: (note: string) => void,
): Promise<DiskFile> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${address.name}.part`);
  report(`Fetching ${address.url}`);
  try {
    const file: NamedFile = { name: address.name, size: null, chunks: () => body(address, report) };
    const { bytes, sha256 } = address;
    const checked = bytes !== undefined && sha256 !== undefined ? checkedFile(file, { bytes, sha256 }) : file;
    await pipeline(Readable.from(checked.chunks()), createWriteStream(path));
    return { name: address.name, path };
  } catch (thrown) {
    rmSync(path, { force: true });
    if (thrown instanceof LabError) throw thrown;
    const cause = thrown instanceof Error && thrown.cause ? ` (${messageOf(thrown.cause)})` : '';
    throw new LabError(
      'dataset-unavailable',
      `${address.url} cannot be fetched: ${messageOf(thrown)}${cause}.`,
    );
  }
}

async function* body(address: Address, report: (note: string) => void): Chunks {
  const response = await fetch(address.url);
  if (!response.ok || !response.body)
    throw new Error(`the host answered ${response.status} ${response.statusText}`.trim());
  const total = Number(response.headers.get('content-length')) || null;
  let done = 0;
  let told = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    done += chunk.length;
    if (done - told >= 10_000_000) {
      told = done;
      report(`  ${(done / 1e6).toFixed(0)} MB${total ? ` of ${(total / 1e6).toFixed(0)} MB` : ''}`);
    }
    yield chunk;
  }
}

/** Writes bytes beside the target and moves them there when they are complete. */
async function put(folder: string, name: string, write: (path: string) => Promise<void>): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.new`);
  try {
    await write(path);
    renameSync(path, join(folder, name));
  } finally {
    rmSync(path, { force: true });
  }
}

/** A copy under another name, gzipped where it is not yet. */
export async function keepGzipped(folder: string, name: string, file: DiskFile): Promise<void> {
  const head = Buffer.alloc(2);
  const descriptor = openSync(file.path, 'r');
  readSync(descriptor, head);
  closeSync(descriptor);
  await put(folder, name, async (path) => {
    if (isGzip(head)) copyFileSync(file.path, path);
    else await pipeline(createReadStream(file.path), createGzip(), createWriteStream(path));
  });
}

export async function keepCopy(folder: string, name: string, file: DiskFile): Promise<void> {
  await put(folder, name, async (path) => copyFileSync(file.path, path));
}

/** The files as one gzipped tar archive, below `inside`. */
export async function keepArchive(
  folder: string,
  name: string,
  inside: string,
  files: readonly DiskFile[],
): Promise<void> {
  const archive = async function* (): Chunks {
    for (const file of files) {
      const { header, padding } = tarFrame(`${inside}/${file.name}`, statSync(file.path).size);
      yield header;
      yield* createReadStream(file.path);
      yield new Uint8Array(padding);
    }
    yield new Uint8Array(1024);
  };
  await put(folder, name, (path) =>
    pipeline(Readable.from(archive()), createGzip(), createWriteStream(path)),
  );
}

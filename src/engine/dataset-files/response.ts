// Files that come over HTTP: from this site, or from the host that a dataset names.
import { LabError } from '../../core/failure.ts';
import type { Chunks, NamedFile } from '../../core/files/byte-reader.ts';
import { messageOf } from '../../core/files/invalid.ts';
import { SNIFF_BYTES, sniff } from '../../core/files/sniff.ts';
import type { Loading } from './loading.ts';
import { chunks } from './stream.ts';

export interface RemoteSource {
  readonly name: string;
  readonly url: string;
  readonly phase: 'download' | 'read';
  /** Bytes that are known to come. */
  readonly bytes: number | null;
  /** The error where the host has no such file, or cannot be reached. */
  readonly missing: (reason: string) => LabError;
}

/** A plain GET, no header of ours: with one, the host's redirect would need a preflight that it refuses. */
export function remoteFile(source: RemoteSource, loading: Loading): NamedFile {
  const open = async (signal: AbortSignal): Promise<ReadableStream<Uint8Array>> => {
    let response: Response;
    try {
      response = await loading.fetch(source.url, {
        signal,
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
      });
    } catch (thrown) {
      throw signal.aborted ? thrown : source.missing(`the host cannot be reached (${messageOf(thrown)})`);
    }
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw source.missing(`the host answered ${response.status} ${response.statusText}`.trim());
    }
    if (/^text\/html\b/i.test(response.headers.get('content-type') ?? '')) {
      await response.body.cancel();
      throw source.missing('the host answered with a web page');
    }
    return response.body as ReadableStream<Uint8Array>;
  };
  const failed = (thrown: unknown) =>
    new LabError(
      'dataset-unavailable',
      `${source.name}: the connection broke. Try again, or choose the file from this device.`,
      messageOf(thrown),
    );
  const kind = {
    name: source.name,
    phase: source.phase,
    total: source.bytes,
    stallMs: loading.stallMs,
    failed,
  };
  const pieces = () => notWebPage(chunks(open, kind, loading), source);
  return { name: source.name, size: source.bytes, chunks: pieces };
}

/** Servers of single-page apps answer any address with their page, and not always with its content type. */
async function* notWebPage(pieces: Chunks, source: RemoteSource): Chunks {
  let isFirst = true;
  for await (const piece of pieces) {
    if (isFirst && sniff(piece.subarray(0, SNIFF_BYTES)) === 'html') {
      throw source.missing('the host answered with a web page');
    }
    isFirst = false;
    yield piece;
  }
}

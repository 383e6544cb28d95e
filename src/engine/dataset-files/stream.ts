// Streams of the browser as chunks that can be cancelled, counted and, for responses, found stalled.
import { LabError } from '../../core/failure.ts';
import type { Chunks, NamedFile } from '../../core/files/byte-reader.ts';
import { messageOf } from '../../core/files/invalid.ts';
import type { PickedFile } from '../../experiment/protocol.ts';
import { type Loading, type LoadProgress, throwIfCancelled } from './loading.ts';

/** Opens a stream; the signal ends it early. */
type Opener = (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;

/** A file the user chose, its progress reported as `read`. */
export function pickedFile(file: PickedFile, loading: Loading): NamedFile {
  const open: Opener = () => Promise.resolve(file.stream() as ReadableStream<Uint8Array>);
  const failed = (thrown: unknown) =>
    new LabError(
      'dataset-unavailable',
      `${file.name} cannot be read: it was changed, moved or is not allowed to be read. Choose it again.`,
      messageOf(thrown),
    );
  return {
    name: file.name,
    size: file.size,
    chunks: () =>
      chunks(open, { name: file.name, phase: 'read', total: file.size, stallMs: 0, failed }, loading),
  };
}

export interface StreamKind {
  readonly name: string;
  readonly phase: LoadProgress['phase'];
  readonly total: number | null;
  /** Milliseconds without a byte after which the stream has failed; 0 waits for ever. */
  readonly stallMs: number;
  /** The error for what the stream throws. */
  readonly failed: (thrown: unknown) => LabError;
}

/** The bytes of a stream. Ends with `cancelled` as soon as the loading is cancelled, also while nothing arrives. */
export async function* chunks(open: Opener, kind: StreamKind, loading: Loading): Chunks {
  const controller = new AbortController();
  let stalled = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    if (kind.stallMs === 0) return;
    timer = setTimeout(() => {
      stalled = true;
      controller.abort();
    }, kind.stallMs);
  };
  const cancel = () => controller.abort();
  loading.signal.addEventListener('abort', cancel);
  const ended = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(new Error('aborted')));
  });
  ended.catch(() => {});
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  let done = 0;
  try {
    throwIfCancelled(loading.signal, kind.name);
    wait();
    reader = (await Promise.race([open(controller.signal), ended])).getReader();
    for (;;) {
      const next = await Promise.race([reader.read(), ended]);
      if (next.done) break;
      wait();
      done += next.value.length;
      loading.progress({ phase: kind.phase, file: kind.name, done, total: kind.total });
      yield next.value;
      await loading.pause();
    }
  } catch (thrown) {
    throwIfCancelled(loading.signal, kind.name);
    if (stalled) {
      throw new LabError(
        'dataset-unavailable',
        `${kind.name}: no byte arrived for ${kind.stallMs / 1000} s, after ${done} bytes. Try again, or choose the file from this device.`,
      );
    }
    throw thrown instanceof LabError ? thrown : kind.failed(thrown);
  } finally {
    clearTimeout(timer);
    loading.signal.removeEventListener('abort', cancel);
    // Not awaited: a stream that hangs must not hang whoever leaves it.
    reader?.cancel().catch(() => {});
    controller.abort();
  }
}

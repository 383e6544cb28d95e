// A run's results as bytes: weights and checkpoint as safetensors, metrics as text.
import { LabError } from '../core/failure.ts';
import { tensors } from '../core/layers.ts';
import { decodeSafetensors, encodeSafetensors } from '../core/safetensors.ts';
import { canonical } from '../experiment/config.ts';
import { toJsonLines, toLongCsv } from '../experiment/exports.ts';
import type { Which } from '../experiment/lab-api.ts';
import { plan } from '../experiment/plan.ts';
import type { CheckpointBytes } from '../experiment/protocol.ts';
import { type Run, titleOf } from '../experiment/run.ts';
import { runRecord, toRecordJson } from '../experiment/run-record.ts';
import { AVERAGE, slotName } from '../experiment/state-names.ts';
import type { Aside } from './aside.ts';
import type { RunList } from './run-list.ts';
import type { RunWriter } from './run-writer.ts';
import type { Series } from './series.ts';
import type { Keeping } from './store.ts';

export interface ContentSources {
  readonly runs: RunList;
  readonly series: Series;
  readonly keeping: Keeping;
  readonly writer: RunWriter;
  readonly aside: Aside;
}

export type Content = Exclude<Which, 'jsonl' | 'csv' | 'json'>;

/** The run of a key; a LabError where there is none. */
export function requireRun(runs: RunList, key: string): Run {
  const run = runs.find(key);
  if (!run) throw new LabError('config-invalid', `There is no run ${key}; lab.runs() lists them.`);
  return run;
}

async function join(parts: CheckpointBytes): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(parts.reduce((sum, { size }) => sum + size, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(await part.arrayBuffer()), offset);
    offset += part.size;
  }
  return bytes;
}

async function checkpoint(
  key: string,
  { runs, keeping, writer }: ContentSources,
): Promise<Uint8Array<ArrayBuffer>> {
  await keeping.settled();
  const storage = await keeping.opened;
  const newest = writer.unstored(key) ?? (await storage.checkpoint(key));
  if (!newest) {
    const name = titleOf(requireRun(runs, key));
    throw new LabError(
      'checkpoint-incompatible',
      `No checkpoint of ${name} is stored: there are no weights to save.`,
    );
  }
  return join(newest.bytes);
}

/**
 * The network's own tensors, out of a checkpoint that also holds the optimizer's; `average` takes the averaged weights
 * under the names of the network's.
 */
function networkOf(
  bytes: Uint8Array<ArrayBuffer>,
  run: Run,
  which: 'model' | 'average',
): Uint8Array<ArrayBuffer> {
  if (which === 'average' && run.config['train.ema'] === 0)
    throw new LabError(
      'checkpoint-incompatible',
      `${titleOf(run)} keeps no average of its weights: train it with train.ema=0.999, or export its weights.`,
    );
  const file = decodeSafetensors(bytes);
  const wanted = tensors(plan(run.config, run.data?.facts).layers).map(({ name, trainable }) => {
    const held = which === 'average' && trainable ? slotName(AVERAGE, name) : name;
    const tensor = file.tensors.get(held);
    if (!tensor)
      throw new LabError(
        'checkpoint-incompatible',
        `The checkpoint of ${titleOf(run)} has no tensor ${held}.`,
      );
    return { ...tensor, name };
  });
  return encodeSafetensors(wanted, { format: 'pt', run: run.id, config: canonical(run.config) });
}

/** Safetensors bytes; rejects with a LabError when they are not there. */
export async function weightsOf(
  key: string,
  which: Content,
  sources: ContentSources,
): Promise<Uint8Array<ArrayBuffer>> {
  const run = requireRun(sources.runs, key);
  switch (which) {
    case 'init': {
      const weights = sources.aside.initial(key);
      if (!weights) {
        throw new LabError(
          'checkpoint-incompatible',
          'Initial weights are kept only for the newest run of this page view.',
        );
      }
      return weights;
    }
    case 'checkpoint':
      return checkpoint(key, sources);
    case 'model':
    case 'average':
      return networkOf(await checkpoint(key, sources), run, which);
    default:
      throw which satisfies never;
  }
}

/** Any result as bytes; text is UTF-8. */
export async function bytesOf(
  key: string,
  which: Which,
  sources: ContentSources,
): Promise<Uint8Array<ArrayBuffer>> {
  const run = requireRun(sources.runs, key);
  const text = new TextEncoder();
  switch (which) {
    case 'json':
      return text.encode(toRecordJson(runRecord(run)));
    case 'jsonl':
      return text.encode(toJsonLines(await sources.series.read(key)));
    case 'csv':
      return text.encode(toLongCsv([{ run: titleOf(run), log: await sources.series.read(key) }]));
    default:
      return weightsOf(key, which, sources);
  }
}

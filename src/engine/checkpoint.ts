// A run between two steps as safetensors bytes: model tensors under PyTorch's names, slots under
// `optimizer.<slot>.<tensor>`, and in the header everything else that the next step depends on.
import { LabError } from '../core/failure.ts';
import { type EstimateSum, noEstimates } from '../core/noise-scale.ts';
import { decodeSafetensors, type NamedTensor, safetensorsPieces } from '../core/safetensors.ts';
import { idOf, type Parent } from '../experiment/config.ts';
import type { CheckpointBytes } from '../experiment/protocol.ts';

export interface Progress {
  /** Finished updates. */
  readonly step: number;
  /** Seconds of training so far, over all sessions of the run. */
  readonly seconds: number;
  /** The run's first loss, which the bound of divergence is measured by; null before it is known. */
  readonly firstLoss: number | null;
  /** Step of the newest evaluation, or null. */
  readonly evaluated: number | null;
  /** Estimates of gradient noise that are not reported yet. */
  readonly estimates: EstimateSum;
}

/** What a checkpoint must agree on with the run that continues it. */
export interface Identity {
  /** The run's identity as text: the canonical config and, for a fork, where it forked. */
  readonly config: string;
  readonly sha256: string;
  readonly order: string;
}

export interface Checkpoint {
  readonly progress: Progress;
  readonly tensors: ReadonlyMap<string, NamedTensor>;
}

/** Larger records are slow or refused in the page's store. */
const MAX_BLOB_BYTES = 64 * 1024 * 1024;
const FORMAT = 'mlp-lab-checkpoint-1';

/** The checkpoint as Blobs of at most 64 MB that follow one another. */
export function encodeCheckpoint(
  tensors: readonly NamedTensor[],
  progress: Progress,
  identity: Identity,
  maxBytes = MAX_BLOB_BYTES,
): Blob[] {
  const metadata = {
    format: FORMAT,
    step: String(progress.step),
    seconds: String(progress.seconds),
    firstLoss: String(progress.firstLoss),
    evaluated: String(progress.evaluated),
    ...estimatesText(progress.estimates),
    config: identity.config,
    data: identity.sha256,
    order: identity.order,
  };
  const blobs: Blob[] = [];
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const flush = (): void => {
    if (parts.length > 0) blobs.push(new Blob(parts));
    parts = [];
    bytes = 0;
  };
  for (const piece of safetensorsPieces(tensors, metadata)) {
    for (let from = 0; from < piece.length; ) {
      const part = piece.subarray(from, from + maxBytes - bytes);
      parts.push(part);
      bytes += part.length;
      from += part.length;
      if (bytes === maxBytes) flush();
    }
  }
  flush();
  return blobs;
}

/** Does a checkpoint belong to the run that a fork comes from, at the step where it forks? */
function isOfParent(
  metadata: Readonly<Record<string, string>>,
  parent: Pick<Parent, 'id' | 'step'>,
): boolean {
  return metadata['step'] === String(parent.step) && idOf(metadata['config'] ?? '') === parent.id;
}

/**
 * Reads a checkpoint of this run, or the one that it forks. Throws LabError `checkpoint-incompatible` where it is
 * neither.
 */
export async function decodeCheckpoint(
  bytes: CheckpointBytes,
  identity: Identity,
  parent?: Pick<Parent, 'id' | 'step'>,
): Promise<Checkpoint> {
  const { metadata, tensors } = decodeSafetensors(await join(bytes));
  const number = (name: string): number | null => {
    const text = metadata[name];
    if (text === 'null') return null;
    const value = Number(text);
    if (text === undefined || text === '' || !Number.isFinite(value))
      throw new LabError('checkpoint-incompatible', `The checkpoint's ${name} is ${text ?? 'missing'}.`);
    return value;
  };
  if (metadata['format'] !== FORMAT)
    throw new LabError('checkpoint-incompatible', 'This file is not a checkpoint of the lab.');
  if (metadata['config'] !== identity.config && !(parent && isOfParent(metadata, parent)))
    throw new LabError(
      'checkpoint-incompatible',
      `The checkpoint is of another config (${metadata['config'] || 'defaults'}), not ${identity.config || 'defaults'}.`,
    );
  if (metadata['data'] !== identity.sha256 || metadata['order'] !== identity.order)
    throw new LabError(
      'checkpoint-incompatible',
      `The checkpoint was trained on other data (${metadata['data']?.slice(0, 12)}, order ${metadata['order']}) than is loaded (${identity.sha256.slice(0, 12)}, order ${identity.order}).`,
    );
  return {
    progress: {
      step: number('step') ?? 0,
      seconds: number('seconds') ?? 0,
      firstLoss: number('firstLoss'),
      evaluated: number('evaluated'),
      estimates: estimatesOf(metadata['estimates']),
    },
    tensors,
  };
}

/** Nothing where there is nothing: most runs estimate no noise. */
function estimatesText({ steps, signal, noise }: EstimateSum): { readonly estimates?: string } {
  return steps === 0 ? {} : { estimates: [steps, signal, noise].join(' ') };
}

function estimatesOf(text: string | undefined): EstimateSum {
  if (text === undefined) return noEstimates;
  const [steps = Number.NaN, signal = Number.NaN, noise = Number.NaN] = text.split(' ').map(Number);
  if (!Number.isFinite(steps + signal + noise))
    throw new LabError('checkpoint-incompatible', `The checkpoint's estimates are ${text}.`);
  return { steps, signal, noise };
}

async function join(bytes: CheckpointBytes): Promise<Uint8Array> {
  const joined = new Uint8Array(bytes.reduce((sum, blob) => sum + blob.size, 0));
  let offset = 0;
  for (const blob of bytes) {
    joined.set(new Uint8Array(await blob.arrayBuffer()), offset);
    offset += blob.size;
  }
  return joined;
}

/** Whether every value is a number; one pass, since NaN and ±Infinity times 0 are NaN. */
export function isFiniteState(tensors: readonly NamedTensor[]): boolean {
  return tensors.every(({ values }) => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += (values[i] as number) * 0;
    return sum === 0;
  });
}

// Weights that a run can start from: finished runs of this browser, and files that were given since the page was opened.
import { datasets } from '../catalog/datasets/index.ts';
import { LabError } from '../core/failure.ts';
import { sha256Hex } from '../core/hash.ts';
import { safetensorsEntries } from '../core/safetensors.ts';
import { type Body, bodyOfFile, modelSettings, withBody } from '../experiment/body.ts';
import { type Config, keys, type Named, withSetting } from '../experiment/config.ts';
import { type Plan, plan } from '../experiment/plan.ts';
import type { Run } from '../experiment/run.ts';
import { bodyRefusal, isTransfer, type Shapes } from '../experiment/transfer.ts';
import { type ContentSources, weightsOf } from './run-contents.ts';
import type { Store } from './store.ts';

export interface Bodies {
  /** Keeps weights for this page view; gives the name by which `transfer.from` knows them. Throws where it is no network. */
  add(bytes: Uint8Array<ArrayBuffer>): string;
  /** What the body of that name changes about a config: it, its shape, the resolution it reads; null where it is not here. */
  changes(config: Config, from: string): Named | null;
  /**
   * What a run of the config starts from: the weights that `transfer.from` names, which `given` must be where there are
   * some; without a transfer `given` itself. Rejects where they are not here or do not fit.
   */
  startOf(
    config: Config,
    planned: Plan,
    given?: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/** Digits of a hash in a link. */
const NAME_DIGITS = 16;

/** The name of a run's weights, or of a file's by its hash. */
export const bodyName = (hash: string): string => hash.slice(0, NAME_DIGITS);

interface Given {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly names: readonly string[];
  readonly shapes: Shapes;
  readonly body: Body | null;
}

/** A file of weights, by its hash and by the run that the lab wrote into it. */
function read(bytes: Uint8Array<ArrayBuffer>): Given {
  const { metadata, entries } = safetensorsEntries(bytes);
  const shapes = new Map(entries.map(({ name, shape }) => [name, shape]));
  const run = metadata['run'];
  const names = [sha256Hex(bytes), ...(run === undefined ? [] : [run])];
  return { bytes, names, shapes, body: bodyOfFile(metadata, shapes) };
}

export function createBodies(store: Store, sources: ContentSources): Bodies {
  const given: Given[] = [];

  const runOf = (from: string): Run | undefined =>
    store.getState().runs.find(({ id, state }) => state === 'finished' && id.startsWith(from));
  const fileOf = (from: string): Given | undefined =>
    given.findLast(({ names }) => names.some((name) => name.startsWith(from)));

  function bodyOf(from: string): Body | null {
    const run = runOf(from);
    if (!run) return fileOf(from)?.body ?? null;
    return { settings: modelSettings(run.config), inputs: plan(run.config, run.data?.facts).inputs };
  }

  async function weightsNamed(from: string): Promise<Given> {
    const file = fileOf(from);
    if (file) return file;
    const run = runOf(from);
    if (run) return read(await weightsOf(run.key, 'model', sources));
    throw new LabError(
      'config-invalid',
      `The weights to start from (${from}) are not here: train that run to its end in this browser, or drop its file of weights on the page (on the command line --init FILE).`,
    );
  }

  function checked(from: string, bytes: Uint8Array<ArrayBuffer>): Given {
    const file = read(bytes);
    if (file.names.some((name) => name.startsWith(from))) return file;
    throw new LabError(
      'config-invalid',
      `The given weights are not those that transfer.from=${from} names: these are ${file.names.map(bodyName).join(' or ')}.`,
    );
  }

  return {
    add(bytes) {
      const file = read(bytes);
      given.push(file);
      return bodyName(file.names[0] ?? '');
    },
    changes(config, from) {
      const body = bodyOf(from);
      if (!body) return null;
      const known = store.getState().data[config.data];
      const facts = known?.status === 'ready' ? known.card : datasets[config.data];
      const next = withSetting(withBody(config, body, facts), { 'transfer.from': from });
      return Object.fromEntries(keys.flatMap((key) => (next[key] === config[key] ? [] : [[key, next[key]]])));
    },
    async startOf(config, { layers, shape }, weights) {
      if (!isTransfer(config)) return weights;
      const from = config['transfer.from'];
      const file = weights ? checked(from, weights) : await weightsNamed(from);
      const refusal = bodyRefusal(layers, file.shapes, shape);
      if (refusal !== null) throw new LabError('checkpoint-incompatible', refusal);
      return file.bytes;
    },
  };
}

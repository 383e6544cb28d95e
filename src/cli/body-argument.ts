// `transfer.from` on the command line may also be a path: of a safetensors file, or of a run's folder. The run then starts
// from those weights, is named by their hash or the run's id, and takes their shape where none is written.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { datasets } from '../catalog/datasets/index.ts';
import { LabError } from '../core/failure.ts';
import { sha256Hex } from '../core/hash.ts';
import { safetensorsEntries } from '../core/safetensors.ts';
import { type Decoded, decode, encode } from '../experiment/address.ts';
import { bodyOfFile, withBody } from '../experiment/body.ts';
import { MODEL, RUN } from './run-folder.ts';

/** A config's text, and the file of weights that its run starts from. */
interface WithBody {
  readonly argument: string;
  readonly init: string | undefined;
}

/** Digits of a hash that name a body in a link. */
const DIGITS = 16;

/** `key=value` parts of a link or fragment. */
const partsOf = (argument: string): string[] => argument.slice(argument.indexOf('#') + 1).split('&');

const keyOf = (part: string): string => decodeURIComponent(part.split('=')[0] ?? '');

/**
 * Puts names in the place of paths. With `init` and settings of a transfer alone, `init` is what they mean. Throws LabError
 * where a path leads to no weights.
 */
export function resolveBody(argument: string, init: string | undefined): WithBody {
  if (existsSync(argument) || argument.endsWith('.json')) return { argument, init };
  const parts = partsOf(argument);
  const written = parts.find((part) => keyOf(part) === 'transfer.from');
  const isMeant =
    written === undefined && init !== undefined && parts.some((part) => keyOf(part).startsWith('transfer.'));
  const path = isMeant ? init : decodeURIComponent(written?.slice(written.indexOf('=') + 1) ?? '');
  if (path === undefined || path === '' || (!existsSync(path) && /^[0-9a-f]{8,64}$/.test(path)))
    return { argument, init };
  const { file, name } = weightsAt(path);
  const others = parts.filter((part) => part !== written);
  const kept = new Set(others.map(keyOf));
  const link = [...others, `transfer.from=${name}`].join('&');
  return { argument: withShape(decode(link), file, kept) ?? link, init: file };
}

function weightsAt(path: string): { readonly file: string; readonly name: string } {
  if (!existsSync(path))
    throw new LabError('config-invalid', `transfer.from=${path}: there is no such file or run folder.`);
  if (!statSync(path).isDirectory())
    return { file: path, name: sha256Hex(readFileSync(path)).slice(0, DIGITS) };
  const file = join(path, MODEL);
  if (!existsSync(file)) throw new LabError('config-invalid', `${file}: there are no weights to start from.`);
  const { id } = JSON.parse(readFileSync(join(path, RUN), 'utf8')) as { id?: string };
  const name = metadataOf(file)['run'] === id && id !== undefined ? id : sha256Hex(readFileSync(file));
  return { file, name: name.slice(0, DIGITS) };
}

const metadataOf = (file: string): Readonly<Record<string, string>> =>
  safetensorsEntries(readFileSync(file)).metadata;

/** The link with the shape of the weights, but for what is written; null where nothing is known of it. */
function withShape(
  { config, sweep, view, readOnly, problems }: Decoded,
  file: string,
  written: ReadonlySet<string>,
): string | null {
  const { metadata, entries } = safetensorsEntries(readFileSync(file));
  const body = bodyOfFile(metadata, new Map(entries.map(({ name, shape }) => [name, shape])));
  // A link with problems is shown as it was written.
  if (!body || readOnly || problems.some(({ ignored }) => ignored)) return null;
  const kept = written.has('model.preset') ? new Set([...written, ...Object.keys(body.settings)]) : written;
  return encode(withBody(config, body, datasets[config.data], kept), view, sweep);
}

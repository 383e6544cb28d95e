// What is dropped on the page: datasets go to the engine; a config, a link or weights wait until a person says yes.
import { toFailure } from '../core/failure.ts';
import { arrayNames } from '../core/files/array-dataset.ts';
import { safetensorsNames } from '../core/safetensors.ts';
import { linkOfJson } from '../experiment/config-file.ts';
import type { Bodies } from './bodies.ts';
import type { Datasets } from './datasets.ts';
import type { Draft } from './draft.ts';
import type { RunList } from './run-list.ts';
import type { Actions } from './state.ts';
import type { Store } from './store.ts';
import type { Training } from './training.ts';

type DropActions = Pick<
  Actions,
  'drop' | 'dropLink' | 'takeOffer' | 'takeBody' | 'dismissOffer' | 'dismissDrop'
>;

interface Around {
  readonly draft: Draft;
  readonly datasets: Datasets;
  readonly bodies: Bodies;
  readonly runs: RunList;
  readonly training: Training;
}

/** Larger than any config or link. */
const MOST_JSON_BYTES = 256 * 1024;

/** Larger than the header of any network or dataset. */
const HEADER_BYTES = 1 << 20;

const endsWith = (file: File, ending: string): boolean => file.name.toLowerCase().endsWith(ending);

/** Whether a safetensors file holds images and labels; what cannot be read is told by whoever reads it whole. */
async function isDataset(file: File): Promise<boolean> {
  try {
    const names = safetensorsNames(new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer()));
    return names.some((name) => arrayNames.some((array) => array === name));
  } catch {
    return false;
  }
}

export function createDropActions(
  store: Store,
  { draft, datasets, bodies, runs, training }: Around,
): DropActions {
  let weights: File | null = null;

  const refuse = (message: string): void =>
    store.setState({ drop: { status: 'failed', failure: { code: 'config-invalid', message } } });

  async function offerConfig(file: File): Promise<void> {
    if (file.size > MOST_JSON_BYTES) return refuse(`${file.name} is too large to be a config.`);
    try {
      const link = linkOfJson(await file.text(), file.name);
      store.setState({ offer: { kind: 'settings', name: file.name, link } });
    } catch (error) {
      refuse(toFailure(error).message);
    }
  }

  async function offerWeights(file: File): Promise<void> {
    if (await isDataset(file)) return datasets.drop([file]);
    weights = file;
    store.setState({ offer: { kind: 'weights', name: file.name, bytes: file.size } });
  }

  async function trainFrom(file: File): Promise<void> {
    const { draft: config, readOnly } = store.getState();
    if (readOnly) return;
    try {
      const init = new Uint8Array(await file.arrayBuffer());
      const key = await training.begin({ config, resume: 'never', options: { init } });
      runs.remark(key, { note: `Started from the weights of ${file.name}.` });
    } catch {
      // `startFailure` says why.
    }
  }

  return {
    drop(files) {
      const [file] = files;
      if (!file) return;
      // Where it is said what becomes of them.
      store.setState({
        page: 'train',
        offer: null,
        drop: store.getState().drop?.status === 'failed' ? null : store.getState().drop,
      });
      if (files.length === 1 && endsWith(file, '.json')) void offerConfig(file);
      else if (files.length === 1 && endsWith(file, '.safetensors')) void offerWeights(file);
      else datasets.drop(files);
    },
    dropLink: (text) =>
      store.setState({ page: 'train', offer: { kind: 'settings', name: 'the link', link: text } }),
    async takeOffer() {
      const { offer, active, preparing } = store.getState();
      if (!offer || (offer.kind === 'weights' && (active !== null || preparing))) return;
      store.setState({ offer: null });
      if (offer.kind === 'settings') draft.openLink(offer.link);
      else if (weights) await trainFrom(weights);
      weights = null;
    },
    async takeBody(mode) {
      const file = weights;
      const { draft: config, readOnly } = store.getState();
      if (!file || readOnly) return;
      weights = null;
      store.setState({ offer: null });
      try {
        const name = bodies.add(new Uint8Array(await file.arrayBuffer()));
        draft.edit({ ...(bodies.changes(config, name) ?? { 'transfer.from': name }), 'transfer.mode': mode });
      } catch (error) {
        refuse(`${file.name}: ${toFailure(error).message}`);
      }
    },
    dismissOffer() {
      weights = null;
      store.setState({ offer: null });
    },
    dismissDrop: datasets.dismissDrop,
  };
}

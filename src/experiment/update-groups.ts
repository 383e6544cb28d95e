// Which tensors are updated alike: what multiplies their learning rate, and whether weight decay pulls on them.
import { type Layer, type TensorSpec, tensors } from '../core/layers.ts';
import { maximalRate } from '../core/maximal-update.ts';
import type { Config } from './config.ts';

export interface UpdateGroup {
  /** Multiplies the learning rate, and with it a decay that is apart from the gradient: PyTorch's `lr` of a group. */
  readonly rate: number;
  readonly decays: boolean;
  /** Trainable tensors, in order of execution. */
  readonly names: readonly string[];
}

type Treatment = Omit<UpdateGroup, 'names'>;

/** How one trainable tensor is updated. */
function treatmentOf(config: Config, spec: TensorSpec): Treatment {
  const decays = config['optimizer.decayGroup'] === 'all' || spec.shape.length > 1;
  const isOldBody = config['transfer.from'] !== '' && spec.role !== 'head';
  const share = isOldBody ? config['transfer.bodyLearningRate'] : 1;
  if (config['model.parametrisation'] === 'standard') return { rate: share, decays };
  const ratio = config['model.width'] / config['model.baseWidth'];
  return { rate: share * maximalRate(spec, config.optimizer === 'sgd' ? 'sgd' : 'adam', ratio), decays };
}

/** Every trainable tensor in exactly one group; groups in order of their first tensor. */
export function updateGroups(config: Config, layers: readonly Layer[]): readonly UpdateGroup[] {
  const groups = new Map<string, Treatment & { names: string[] }>();
  for (const spec of tensors(layers)) {
    if (!spec.trainable) continue;
    const treatment = treatmentOf(config, spec);
    const key = `${treatment.rate} ${treatment.decays}`;
    const group = groups.get(key) ?? { ...treatment, names: [] };
    groups.set(key, group);
    group.names.push(spec.name);
  }
  return [...groups.values()];
}

// A fork: a run that goes on from another run's checkpoint with changed settings. What may change is decided by what
// the checkpoint holds: weights, running statistics and the optimizer's slots must be those of the new config too.
import { optimizers } from '../catalog/optimizers/index.ts';
import { toFailure } from '../core/failure.ts';
import { formatCount } from '../core/format.ts';
import { type TensorSpec, tensors } from '../core/layers.ts';
import type { Config, Parent } from './config.ts';
import { type Plan, plan } from './plan.ts';
import { type Run, titleOf } from './run.ts';
import { slotsOf } from './state-names.ts';

const RATHER = 'Take the change back, or train from step 0.';

const shapeOf = ({ shape }: TensorSpec): string => `[${shape.join(', ')}]`;

/** The first tensor that the checkpoint and the new network do not share, in words; null where they agree. */
function misfit(old: Plan, next: Plan): string | null {
  const [there, here] = [old, next].map(
    ({ layers }) => new Map(tensors(layers).map((one) => [one.name, one])),
  );
  for (const [name, wanted] of here ?? []) {
    const found = there?.get(name);
    if (!found) return `the network needs ${name}, which is not in it`;
    if (shapeOf(found) !== shapeOf(wanted))
      return `${name} is ${shapeOf(found)} in it and ${shapeOf(wanted)} here`;
    if (found.trainable !== wanted.trainable)
      return `${name} is ${found.trainable ? 'trained' : 'fixed'} in it and ${wanted.trainable ? 'trained' : 'fixed'} here`;
  }
  for (const name of there?.keys() ?? [])
    if (!here?.has(name)) return `it holds ${name}, which the network has not`;
  return null;
}

/** Why a config cannot go on from a run's checkpoint, with the next step; null where it can. */
export function forkRefusal(parent: Run, config: Config): string | null {
  const { checkpointStep, data } = parent;
  const name = titleOf(parent);
  if (checkpointStep === null) return `${name} has no checkpoint to fork from.`;
  if (parent.config.data !== config.data)
    return `The checkpoint of ${name} was trained on ${parent.config.data}: a fork keeps its data. ${RATHER}`;
  try {
    const next = plan(config, data?.facts);
    const [had, has] = [optimizers[parent.config.optimizer], optimizers[config.optimizer]];
    if (parent.config['train.ema'] > 0 !== config['train.ema'] > 0)
      return `The checkpoint of ${name} ${config['train.ema'] > 0 ? 'has no' : 'holds an'} average of the weights. ${RATHER}`;
    if (slotsOf(parent.config).join() !== slotsOf(config).join())
      return `The checkpoint of ${name} holds the state of ${had.label}; ${has.label} keeps another. ${RATHER}`;
    const why = misfit(plan(parent.config, data?.facts), next);
    if (why) return `The checkpoint of ${name} does not fit: ${why}. ${RATHER}`;
    if (next.steps !== null && next.steps <= checkpointStep)
      return `The checkpoint stands at step ${formatCount(checkpointStep)} and the budget ends at step ${formatCount(next.steps)}: give it more epochs or steps.`;
    if (next.steps === null && config['train.seconds'] <= parent.seconds)
      return `The checkpoint has ${parent.seconds.toFixed(0)} s of training behind it: give it more seconds.`;
  } catch (error) {
    return toFailure(error).message;
  }
  return null;
}

/** What a fork of the run at a step remembers of it. */
export function parentAt({ key, id, parent, cost, config }: Run, step: number): Parent {
  const since = step - (parent?.step ?? 0);
  const { epochs, examples, flops } = parent?.before ?? { epochs: 0, examples: 0, flops: 0 };
  return {
    key,
    id,
    step,
    before: {
      epochs: epochs + since / (cost?.stepsPerEpoch ?? 1),
      examples: examples + since * config['train.batchSize'],
      flops: flops + since * (cost?.flopsPerStep ?? 0),
    },
  };
}

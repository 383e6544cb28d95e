// What a config is, as one JSON value: the answer of `lab describe` and of `lab.describe` in the console.
import type { DatasetFacts } from '../core/dataset.ts';
import { LabError } from '../core/failure.ts';
import type { Layer, ParameterCount } from '../core/layers.ts';
import type { Value } from '../core/setting.ts';
import { type Decoded, decode } from './address.ts';
import { type Config, effective, runId } from './config.ts';
import { memoryOf, type Plan, plan } from './plan.ts';
import { buildProgram } from './program/build-program.ts';
import { formatProgram } from './program/format-program.ts';
import { specOfConfig } from './program/spec-of-config.ts';

export interface Description {
  /** The run's identity: SHA-256 of the settings that differ from the defaults. */
  readonly id: string;
  /** Every setting that has an effect, defaults filled in. */
  readonly config: Readonly<Record<string, Value>>;
  readonly params: ParameterCount;
  /** Multiply-adds of one forward pass of one example. */
  readonly macsPerExample: number;
  /** 6 × MACs × batch: forward and backward, a multiply-add counted as 2. */
  readonly flopsPerStep: number;
  /** Null: the budget is in seconds. */
  readonly steps: number | null;
  readonly memoryBytes: number;
  readonly layers: readonly Layer[];
}

/** A description with the compiled step: one line a buffer or operation, as `formatProgram` writes them. */
export interface DescriptionWithProgram extends Description {
  readonly program: readonly string[];
}

/** Throws LabError `config-invalid` where the config cannot be trained. `facts`: of the data that is there. */
export function describe(config: Config, facts?: DatasetFacts): Description {
  return descriptionOf(config, plan(config, facts));
}

/** `describe`, and the operations and buffers of a training step with their shapes, places and cost. */
export function describeWithProgram(config: Config, facts?: DatasetFacts): DescriptionWithProgram {
  const planned = plan(config, facts);
  const program =
    planned.uncompiled === null
      ? formatProgram(buildProgram(specOfConfig(config, planned))).split('\n')
      : [`No compiled form for ${planned.uncompiled}: this network runs on tfjs.`];
  return { ...descriptionOf(config, planned), program };
}

function descriptionOf(config: Config, planned: Plan): Description {
  return {
    id: runId(config),
    config: effective(config),
    params: planned.parameters,
    macsPerExample: planned.macsPerExample,
    flopsPerStep: planned.flopsPerStep,
    steps: planned.steps,
    memoryBytes: memoryOf(config, planned).total,
    layers: planned.layers,
  };
}

/** Why a link with a sweep is not trained as one run. */
export const isSweep =
  'This link sweeps over several runs: lab.sweep(link), or lab sweep in a terminal, trains them.';

/** A link for callers who want all of it or nothing: any part that is not used is an error. */
export function strictLink(link: string): Decoded {
  const decoded = decode(link);
  const ignored = decoded.problems.filter((problem) => problem.ignored);
  if (ignored.length > 0) {
    throw new LabError('config-invalid', ignored.map((problem) => problem.message).join(' '));
  }
  return decoded;
}

/** The config of a link that stands for one run. */
export function strictConfig(link: string): Config {
  const { config, sweep } = strictLink(link);
  if (sweep) throw new LabError('config-invalid', isSweep);
  return config;
}

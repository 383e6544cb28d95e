// What an optimizer is: settings, slots (its state for each parameter) and an update rule in PyTorch's terms.
// The engine runs the rule; here it is stated in plain arithmetic, which the tests compare every runner with.
import type { Fields, ValuesOf } from '../../core/setting.ts';

export interface Optimizer<F extends Fields = Fields> {
  readonly label: string;
  readonly help: string;
  readonly source: string;
  readonly fields: F;
  /** Names of the slots, in the order in which `update` takes them. */
  readonly slots: readonly string[];
  /**
   * One parameter's update, in place, in float32. `step` counts from 1. `rate` is the scheduled learning rate.
   * The reference for every runner.
   */
  readonly update: (
    config: ValuesOf<F>,
    rate: number,
    step: number,
    parameter: Float32Array,
    gradient: Float32Array,
    slots: readonly Float32Array[],
  ) => void;
}

export function optimizer<const F extends Fields>(entry: Optimizer<F>): Optimizer<F> {
  return entry;
}

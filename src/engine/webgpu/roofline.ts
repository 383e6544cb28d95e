// Arithmetic and bytes of every dispatch: on a GPU with known times they say how far a step is from its bounds.
import { cost } from '../../experiment/program/cost.ts';
import type { Op } from '../../experiment/program/op.ts';
import type { Kernel } from './kernel.ts';

export interface DispatchCost {
  readonly label: string;
  readonly flops: number;
  /** Each operand once; slices and chunks as they are written and read again. */
  readonly bytes: number;
}

/** One row for each of the operation's kernels, in order. */
export function dispatchCosts(op: Op, kernels: readonly Kernel[]): readonly DispatchCost[] {
  const whole = cost(op);
  const [first, join] = kernels;
  if (!first) return [];
  if (op.kind === 'gather') {
    // It also reads its images, one byte a feature, from whichever part they lie in.
    const bytes = whole.bytes + op.rows * op.features;
    const share = 1 / kernels.length;
    return kernels.map(({ label }) => ({ label, flops: share * whole.flops, bytes: share * bytes }));
  }
  if (!join) return [{ label: first.label, ...whole }];
  const scratch = join.bindings.find(({ name }) => name === 'scratch')?.elements ?? 0;
  const own = (kernel: Kernel): number =>
    kernel.bindings.reduce((sum, { name, elements }) => (name === 'scratch' ? sum : sum + 4 * elements), 0);
  const again = op.kind === 'matmul' && op.accumulate ? 4 * op.m * op.n : 0;
  return [
    { label: first.label, flops: whole.flops, bytes: own(first) + 4 * scratch },
    { label: join.label, flops: scratch, bytes: own(join) + 4 * scratch + again },
  ];
}

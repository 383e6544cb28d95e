// Dropout and the derivative of an activation as the kernels' own operation.
import { dropoutKey, dropoutScale, dropoutThreshold } from '../../core/dropout.ts';
import type { Pointwise } from '../../experiment/program/op.ts';
import type { Ref } from '../../experiment/program/ref.ts';
import { type Address, type Operation, pointwise } from './operations.ts';

export function pointwiseOperation(
  { rows, columns, input, output, dropout, derivative, residual }: Pointwise<Ref>,
  { of, clock }: { of(ref: Ref): Address; readonly clock: Address },
): Operation {
  const drawn = dropout && {
    clock,
    key: dropoutKey(dropout.site),
    threshold: dropoutThreshold(dropout.rate),
    scale: dropoutScale(dropout.rate),
  };
  return pointwise({
    x: of(input),
    out: of(output),
    count: rows * columns,
    ...(drawn ? { dropout: drawn } : {}),
    ...(derivative ? { activation: derivative.function, before: of(derivative.of) } : {}),
    ...(residual ? { residual: of(residual) } : {}),
  });
}

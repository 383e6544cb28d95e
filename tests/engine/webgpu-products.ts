// The referee of matrix products: operands for a shape, and the result in double precision with its epilogue.
import type { Product } from '../../src/engine/webgpu/kernels/epilogue.ts';
import { gelu, geluSlope } from '../reference/erf.ts';
import { type Data, numbers } from './webgpu-device.ts';

/** Operands by binding name. */
export function operands({ m, n, k }: Product): Readonly<Record<string, Data>> {
  return {
    a: numbers(m * k, 1),
    b: numbers(k * n, 2),
    bias: numbers(n, 3),
    residual: numbers(m * n, 4),
    derivative: numbers(m * n, 5).map((x) => 3 * x),
    output: numbers(m * n, 6),
  };
}

export interface Expected {
  readonly output: Float64Array;
  readonly preActivation: Float64Array;
}

export function expected(product: Product, data: Readonly<Record<string, Data>>): Expected {
  const { layout, m, n, k, activation } = product;
  const at = (name: string, i: number): number => data[name]?.[i] as number;
  const output = new Float64Array(m * n);
  const preActivation = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      let v = 0;
      for (let l = 0; l < k; l++) {
        const a = layout === 'TN' ? at('a', l * m + i) : at('a', i * k + l);
        v += a * (layout === 'NT' ? at('b', j * k + l) : at('b', l * n + j));
      }
      const place = i * n + j;
      if (product.bias !== null) v += at('bias', j);
      preActivation[place] = v;
      if (activation === 'gelu') v = gelu(v);
      if (activation === 'relu') v = Math.max(0, v);
      if (product.residual !== null) v += at('residual', place);
      if (product.derivative !== null) {
        const x = at('derivative', place);
        v *= product.derivative.function === 'gelu' ? geluSlope(x) : Number(x > 0);
      }
      if (product.accumulate) v += at('output', place);
      output[place] = v;
    }
  return { output, preActivation };
}

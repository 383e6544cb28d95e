// What a matrix product does to each sum before it is stored: bias, activation, residual, derivative, accumulation.
import type { MatrixProduct } from '../../../experiment/program/op.ts';
import { type Binding, binding, range, vectorType } from '../kernel.ts';
import { activationCode } from './activation.ts';

/** A matrix product whatever its operands are. */
export type Product = MatrixProduct<unknown>;

/** Bindings after those of the sum, in this order, and WGSL functions that finish and store sums. */
export interface Epilogue {
  readonly bindings: readonly Binding[];
  readonly code: string;
}

/** `vector`: `emit(row, column, sum: vec4f)` for four neighbours of a row; `single`: `emit_one(row, column, sum: f32)`. */
export type Form = 'vector' | 'single';

/**
 * `isGuarded`: the row may be past m, and the columns past n. Where n is no multiple of four, vectors are still finished
 * as vectors, but loaded and stored element by element.
 */
export function epilogue(product: Product, isGuarded: boolean, form: Form = 'vector'): Epilogue {
  const { m, n, bias, preActivation, activation, residual, derivative, accumulate } = product;
  const type = form === 'single' ? 'f32' : vectorType(n);
  const isSplit = form === 'vector' && type === 'f32';
  const math = form === 'single' ? 'f32' : 'vec4f';
  const bindings = [binding('output', 'write', m * n, type)];
  let helpers = '';
  let steps = '';
  const read = (name: string, at: string): string => {
    if (!isSplit) return `${name}[${at}]`;
    helpers += `fn get_${name}(i: u32, is_inside: bool) -> f32 {
  if (is_inside) { return ${name}[i]; }
  return 0.0;
}
`;
    return `vec4f(${range(4)
      .map((j) => `get_${name}(${at} + ${j}u, column + ${j}u < ${n}u)`)
      .join(', ')})`;
  };
  const write = (name: string): string =>
    isSplit
      ? range(4)
          .map((j) => `  if (column + ${j}u < ${n}u) { ${name}[at + ${j}u] = v[${j}u]; }\n`)
          .join('')
      : `  ${name}[at] = v;\n`;
  if (bias !== null) {
    bindings.push(binding('bias', 'read', n, type));
    steps += `  v += ${read('bias', 'c')};\n`;
  }
  if (preActivation !== null) {
    bindings.push(binding('preActivation', 'write', m * n, type));
    steps += write('preActivation');
  }
  if (activation !== null) steps += '  v = activate(v);\n';
  if (residual !== null) {
    bindings.push(binding('residual', 'read', m * n, type));
    steps += `  v += ${read('residual', 'at')};\n`;
  }
  if (derivative !== null) {
    bindings.push(binding('derivative', 'read', m * n, type));
    steps += `  v *= slope(${read('derivative', 'at')});\n`;
  }
  if (accumulate) steps += `  v += ${read('output', 'at')};\n`;
  const activate = activationCode(activation, 'activate', math);
  const slope = activationCode(derivative?.function ?? null, 'slope', math);
  // Both may need the normal distribution; it is written once.
  const functions =
    activate + (activate.includes('fn normal_cdf') ? slope.slice(slope.indexOf('fn slope')) : slope);
  const isVector = type === 'vec4f';
  const guard = isGuarded || isSplit ? `  if (row >= ${m}u || column >= ${n}u) { return; }\n` : '';
  const code = `${functions}${helpers}fn ${form === 'single' ? 'emit_one' : 'emit'}(row: u32, column: u32, sum: ${math}) {
${guard}  let c = column${isVector ? ' >> 2u' : ''};
  let at = row * ${isVector ? n / 4 : n}u + c;
  var v = sum;
${steps}${write('output')}}
`;
  return { bindings, code };
}

/** A sum and where it belongs. */
export interface Placed {
  readonly row: string;
  readonly column: string;
  readonly sum: string;
}

/** Emits each sum: one after the other for a few, else in a loop, so that the epilogue is compiled once. */
export function emitAll(sums: readonly Placed[]): string {
  if (sums.length <= 4)
    return sums.map(({ row, column, sum }) => `emit(${row}, ${column}, ${sum});\n`).join('');
  const { length } = sums;
  return `var sums = array<vec4f, ${length}>(${sums.map(({ sum }) => sum).join(', ')});
var places = array<vec2u, ${length}>(
${sums.map(({ row, column }) => `vec2u(${row}, ${column}),\n`).join('')});
for (var index = 0u; index < ${length}u; index++) { emit(places[index].x, places[index].y, sums[index]); }
`;
}

/** The same product without anything done to its sums: what a slice of k stores. */
export const plain = <T>(product: MatrixProduct<T>): MatrixProduct<T> => ({
  ...product,
  bias: null,
  preActivation: null,
  activation: null,
  residual: null,
  derivative: null,
  accumulate: false,
});

// What tasks on images make of a gathered batch: noise on the pixels, half the resolution, the prototype of each class.
// A lane makes four pixels of noise (one call of the generator), else one pixel.
import { INNER, OUTER } from '../../../core/halve.ts';
import { NOISE_VALUES, noiseCalls } from '../../../core/noise.ts';
import { streams } from '../../../core/rng.ts';
import type { Halve, Noise, Prototype } from '../../../experiment/program/op.ts';
import { type Binding, binding, declare, entry, folded, type Kernel, vectorType } from '../kernel.ts';
import { drawBinding, drawWord, placeInBatch } from './draw.ts';
import { THREEFRY } from './threefry.ts';

/** A kernel of one independent unit of work a lane; the body sees its number `i`. */
function unitKernel(
  label: string,
  units: number,
  bindings: readonly Binding[],
  functions: string,
  body: string,
): Kernel {
  const grid = folded(Math.ceil(units / 256));
  const text = `let i = (workgroup.y * ${grid[0]}u + workgroup.x) * 256u + lane;
if (i < ${units}u) {
${body}}
`;
  return {
    label,
    code: declare(bindings) + functions + entry(256, text),
    lanes: 256,
    grid,
    memory: 0,
    bindings,
    needsSubgroups: false,
    accumulators: 4,
    accesses: [],
  };
}

/** `orderLength`: entries of `order`, which gives an image its fixed noise. Bit for bit what core/noise.ts draws. */
export function noise({ rows, features, isFixed }: Noise<unknown>, orderLength: number): Kernel {
  const type = vectorType(features);
  const calls = noiseCalls(features);
  const bindings = [
    binding('image', 'read', rows * features, type),
    binding('noise', 'read', NOISE_VALUES),
    ...(isFixed ? [binding('order', 'read', orderLength, 'u32')] : []),
    drawBinding,
    binding('output', 'write', rows * features, type),
  ];
  const values = ['words.x & 0xffffu', 'words.x >> 16u', 'words.y & 0xffffu', 'words.y >> 16u'];
  const store =
    type === 'vec4f'
      ? `output[i] = clamp(image[i] + vec4f(${values.map((at) => `noise[${at}]`).join(', ')}), vec4f(0.0), vec4f(1.0));\n`
      : values
          .map(
            (at, j) => `if (first + ${j}u < ${features}u) {
let at = row * ${features}u + first + ${j}u;
output[at] = clamp(image[at] + noise[${at}], 0.0, 1.0);
}
`,
          )
          .join('');
  const body = `let row = i / ${calls}u;
let call = i % ${calls}u;
let first = call * 4u;
let id = ${isFixed ? `order[${drawWord(0)} + row] - ${drawWord(5)}` : placeInBatch('row', rows)};
let key = vec2u(${drawWord(2)}, ${isFixed ? streams.fixedNoise : streams.noise}u);
let words = threefry(key, vec2u(id * ${calls}u + call, ${drawWord(1)}));
${store}`;
  return unitKernel(`noise ${rows}×${features}`, rows * calls, bindings, THREEFRY, body);
}

export function halve({ rows, channels, height, width }: Halve<unknown>): Kernel {
  const [tall, wide] = [height / 2, width / 2];
  const planes = rows * channels;
  const bindings = [
    binding('image', 'read', planes * height * width),
    binding('output', 'write', planes * tall * wide),
  ];
  const functions = `fn weighted(a: f32, b: f32, c: f32, d: f32) -> f32 {
  return (a + d) * f32(${OUTER}) + (b + c) * f32(${INNER});
}
fn across(line: u32, x: u32) -> f32 {
  let left = line + max(x, 1u) - 1u;
  let right = line + min(x + 2u, ${width - 1}u);
  return weighted(image[left], image[line + x], image[line + x + 1u], image[right]);
}
`;
  const body = `let x = (i % ${wide}u) * 2u;
let y = ((i / ${wide}u) % ${tall}u) * 2u;
let plane = i / ${tall * wide}u * ${height}u;
let above = (plane + max(y, 1u) - 1u) * ${width}u;
let line = (plane + y) * ${width}u;
let below = (plane + min(y + 2u, ${height - 1}u)) * ${width}u;
output[i] = weighted(across(above, x), across(line, x), across(line + ${width}u, x), across(below, x));
`;
  const label = `halve ${rows}×${channels}×${height}×${width}`;
  return unitKernel(label, planes * tall * wide, bindings, functions, body);
}

/** `classes`: how many prototypes there are. */
export function prototype({ rows, features }: Prototype<unknown>, classes: number): Kernel {
  const type = vectorType(features);
  const units = type === 'vec4f' ? features / 4 : features;
  const bindings = [
    binding('prototypes', 'read', classes * features, type),
    binding('labels', 'read', rows, 'u32'),
    binding('output', 'write', rows * features, type),
  ];
  const body = `output[i] = prototypes[labels[i / ${units}u] * ${units}u + i % ${units}u];\n`;
  return unitKernel(`prototype ${rows}×${features}`, rows * units, bindings, '', body);
}

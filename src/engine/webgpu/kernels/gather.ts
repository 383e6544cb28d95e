// A batch from the dataset that stays on the device as bytes: picks rows, flips and crops, normalises by a table of 256
// values a channel (bit for bit the host's), mixes. What is drawn for a row depends on (seed, step, row) alone.
import type { Gather } from '../../../experiment/program/op.ts';
import { binding, declare, entry, folded, type Kernel } from '../kernel.ts';
import { drawBinding, drawShare, drawWord } from './draw.ts';
import { THREEFRY } from './threefry.ts';

/** What the kernel knows of the resident dataset. */
export interface Resident {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Images on the device, and entries of `order`. */
  readonly count: number;
  readonly orderLength: number;
  /** Null: as they are. Else a window shifted by up to `padding` pixels, mirrored half of the time; `stream` is the generator's. */
  readonly flipCrop: { readonly padding: number; readonly stream: number } | null;
  readonly mixes: boolean;
  /** Prototype images on the device; 0 where no task asks for them. */
  readonly prototypes: number;
}

/** Writes input[rows, features] and labels[rows] for the batch that `draw` names. `images` and `classes` are bytes. */
export function gather(op: Gather<unknown>, data: Resident): Kernel {
  const { rows, features } = op;
  const { channels, height, width, flipCrop, mixes } = data;
  const plane = height * width;
  const isVector = features % 4 === 0;
  const units = isVector ? features / 4 : features;
  const bindings = [
    binding('images', 'read', Math.ceil((data.count * features) / 4), 'u32'),
    binding('classes', 'read', Math.ceil(data.count / 4), 'u32'),
    binding('order', 'read', data.orderLength, 'u32'),
    binding('table', 'read', channels * 256),
    drawBinding,
    binding('input', 'write', rows * features, isVector ? 'vec4f' : 'f32'),
    binding('labels', 'write', rows, 'u32'),
  ];
  const bytes = `fn image_byte(at: u32) -> u32 { return (images[at >> 2u] >> ((at & 3u) * 8u)) & 255u; }
fn value(byte: u32, e: u32) -> f32 { return table[(e / ${plane}u) * 256u + byte]; }
`;
  const drawRow = flipCrop
    ? `struct Window { flip: bool, dx: i32, dy: i32 }
fn window(row: u32) -> Window {
  let key = vec2u(${drawWord(2)}, ${flipCrop.stream}u);
  let first = threefry(key, vec2u(2u * row, ${drawWord(1)}));
  let second = threefry(key, vec2u(2u * row + 1u, ${drawWord(1)}));
  let span = ${2 * flipCrop.padding + 1}u;
  return Window(
    (first.x >> 31u) == 1u,
    i32(scaled(first.y, span)) - ${flipCrop.padding},
    i32(scaled(second.x, span)) - ${flipCrop.padding},
  );
}
fn pixel(base: u32, e: u32, cut: Window) -> f32 {
  let c = e / ${plane}u;
  let y = i32((e % ${plane}u) / ${width}u) + cut.dy;
  let x0 = i32(e % ${width}u);
  let x = select(x0, ${width - 1} - x0, cut.flip) + cut.dx;
  if (y < 0 || y >= ${height} || x < 0 || x >= ${width}) { return value(0u, e); }
  return value(image_byte(base + c * ${plane}u + u32(y * ${width} + x)), e);
}
`
    : '';
  const four = (get: (j: number) => string): string => `vec4f(${[0, 1, 2, 3].map(get).join(', ')})`;
  const type = isVector ? 'vec4f' : 'f32';
  const read = flipCrop
    ? `  let cut = window(row);\n  return ${isVector ? four((j) => `pixel(base, e + ${j}u, cut)`) : 'pixel(base, e, cut)'};\n`
    : isVector
      ? `  let word = images[(base + e) >> 2u];\n  return ${four((j) => `value((word >> ${8 * j}u) & 255u, e + ${j}u)`)};\n`
      : '  return value(image_byte(base + e), e);\n';
  const get = `fn at_row(row: u32, e: u32) -> ${type} {
  let base = order[${drawWord(0)} + row] * ${features}u;
${read}}
`;
  const mixed = mixes
    ? `let share = ${drawShare};
let partner = (row + ${drawWord(3)}) % ${rows}u;
input[i] = share * at_row(row, e) + (1.0 - share) * at_row(partner, e);
`
    : 'input[i] = at_row(row, e);\n';
  const grid = folded(Math.ceil((rows * units) / 256));
  const body = `let i = (workgroup.y * ${grid[0]}u + workgroup.x) * 256u + lane;
if (i < ${rows * units}u) {
let row = i / ${units}u;
let e = (i % ${units}u)${isVector ? ' * 4u' : ''};
${mixed}if (e == 0u) {
let image = order[${drawWord(0)} + row];
labels[row] = (classes[image >> 2u] >> ((image & 3u) * 8u)) & 255u;
}
}
`;
  return {
    label: `gather ${rows}×${features}`,
    code: declare(bindings) + (flipCrop ? THREEFRY : '') + bytes + drawRow + get + entry(256, body),
    lanes: 256,
    grid,
    memory: 0,
    bindings,
    needsSubgroups: false,
    accumulators: 4,
    accesses: [],
  };
}

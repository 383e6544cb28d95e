// A batch from the dataset that stays on the device as bytes: picks rows, cuts windows, normalises by a table of 256
// values a channel (bit for bit the host's), mixes. What is drawn for a row depends on (seed, step, row) alone: shifts
// are drawn here, windows that are resized come from the host, whose logarithms and roots no shader repeats exactly.
import { drawWords } from '../../../catalog/augmentations/augmentation.ts';
import type { Gather } from '../../../experiment/program/op.ts';
import { binding, declare, entry, folded, type Kernel, range } from '../kernel.ts';
import { drawBinding, drawShare, drawWord, placeInBatch, rowBefore } from './draw.ts';
import { THREEFRY } from './threefry.ts';

interface Shifted {
  readonly kind: 'shifted';
  readonly padding: number;
  readonly turns: boolean;
  readonly stream: number;
}

/** What the kernel knows of the resident dataset. */
export interface Resident {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Images on the device, and entries of `order`. */
  readonly count: number;
  readonly orderLength: number;
  /**
   * Null: as they are. `shifted`: by up to `padding` pixels, mirrored left to right half of the time and, with `turns`,
   * top to bottom half of the time; `stream` is the generator's.
   */
  readonly cut: Shifted | { readonly kind: 'resized' } | null;
  readonly mixes: boolean;
  /** Passes of a step, whose windows are on the device together; 1 where it is not given. */
  readonly microBatches?: number;
  /** Prototype images on the device; 0 where no task asks for them. */
  readonly prototypes: number;
  /** Images of a part, where all of them are too large for one binding; the last part has what is left. */
  readonly perPart?: number;
}

/** The most images of `features` bytes that a binding of `limit` bytes holds, for whole words at the start of a part. */
export const imagesPerPart = (features: number, limit: number): number =>
  Math.floor(limit / features / 4) * 4;

type Size = Pick<Resident, 'height' | 'width'>;

/** WGSL of `window(row)` and `pixel(base, e, window)`: an image shifted, in black, and mirrored. */
function shiftedPixel({ height, width }: Size, rows: number, { padding, turns, stream }: Shifted): string {
  const plane = height * width;
  return `${THREEFRY}struct Window { flip: bool, turn: bool, dx: i32, dy: i32 }
fn window(row: u32) -> Window {
  let key = vec2u(${drawWord(2)}, ${stream}u);
  let place = ${placeInBatch('row', rows)};
  let first = threefry(key, vec2u(2u * place, ${drawWord(1)}));
  let second = threefry(key, vec2u(2u * place + 1u, ${drawWord(1)}));
  let span = ${2 * padding + 1}u;
  return Window(
    (first.x >> 31u) == 1u,
    ${turns ? '((first.x >> 30u) & 1u) == 1u' : 'false'},
    i32(scaled(first.y, span)) - ${padding},
    i32(scaled(second.x, span)) - ${padding},
  );
}
fn pixel(base: u32, e: u32, cut: Window) -> f32 {
  let c = e / ${plane}u;
  let y0 = i32((e % ${plane}u) / ${width}u);
  let y = select(y0, ${height - 1} - y0, cut.turn) + cut.dy;
  let x0 = i32(e % ${width}u);
  let x = select(x0, ${width - 1} - x0, cut.flip) + cut.dx;
  if (y < 0 || y >= ${height} || x < 0 || x >= ${width}) { return value(0u, e); }
  return value(image_byte(base + c * ${plane}u + u32(y * ${width} + x)), e);
}
`;
}

/** The same of a window within the image, scaled to the image's size; `sampleAt` of the host says where pixels look. */
function resizedPixel({ height, width }: Size, rows: number): string {
  const plane = height * width;
  return `struct Window { flip: bool, x: u32, y: u32, width: u32, height: u32 }
struct Sample { first: u32, second: u32, share: f32 }
fn window(row: u32) -> Window {
  let at = (${placeInBatch('row', rows)}) * ${drawWords.resized}u;
  return Window(windows[at] == 1u, windows[at + 1u], windows[at + 2u], windows[at + 3u], windows[at + 4u]);
}
fn sample(at: u32, size: u32, length: u32, unit: f32) -> Sample {
  let place = u32(max(0, i32((2u * at + 1u) * length) - i32(size)));
  let first = place / (2u * size);
  return Sample(first, min(first + 1u, length - 1u), f32(place % (2u * size)) * unit);
}
fn blend(a: f32, b: f32, share: f32) -> f32 { return (1.0 - share) * a + share * b; }
fn pixel(base: u32, e: u32, cut: Window) -> f32 {
  let x = e % ${width}u;
  let across = sample(select(x, ${width - 1}u - x, cut.flip), ${width}u, cut.width, ${float(1 / (2 * width))});
  let down = sample((e % ${plane}u) / ${width}u, ${height}u, cut.height, ${float(1 / (2 * height))});
  let corner = base + (e / ${plane}u) * ${plane}u + cut.x;
  let top = corner + (cut.y + down.first) * ${width}u;
  let bottom = corner + (cut.y + down.second) * ${width}u;
  let above = blend(value(image_byte(top + across.first), e), value(image_byte(top + across.second), e), across.share);
  let below = blend(value(image_byte(bottom + across.first), e), value(image_byte(bottom + across.second), e), across.share);
  return blend(above, below, down.share);
}
`;
}

/** Exactly this float32, in WGSL. */
const float = (value: number): string => `f32(${Math.fround(value)})`;

/**
 * Write input[rows, features] and labels[rows] for the batch that `draw` names. `images` and `classes` are bytes. One
 * kernel a part of the images, in order: each adds what its own images give.
 */
export function gather(op: Gather<unknown>, data: Resident): readonly Kernel[] {
  const size = data.perPart ?? data.count;
  const parts = range(Math.max(1, Math.ceil(data.count / size)));
  return parts.map((part) => {
    const first = part * size;
    return gatherPart(op, data, { part, first, count: Math.min(size, data.count - first) });
  });
}

interface Part {
  readonly part: number;
  readonly first: number;
  readonly count: number;
}

function gatherPart(op: Gather<unknown>, data: Resident, { part, first, count }: Part): Kernel {
  const { rows, features } = op;
  const { channels, height, width, cut, mixes, microBatches = 1 } = data;
  const plane = height * width;
  const isVector = features % 4 === 0;
  const units = isVector ? features / 4 : features;
  const bindings = [
    { ...binding('images', 'read', Math.ceil((count * features) / 4), 'u32'), part },
    ...(part === 0 ? [binding('classes', 'read', Math.ceil(data.count / 4), 'u32')] : []),
    binding('order', 'read', data.orderLength, 'u32'),
    binding('table', 'read', channels * 256),
    drawBinding,
    binding('input', 'write', rows * features, isVector ? 'vec4f' : 'f32'),
    ...(part === 0 ? [binding('labels', 'write', rows, 'u32')] : []),
    ...(cut?.kind === 'resized'
      ? [binding('windows', 'read', drawWords.resized * rows * microBatches, 'u32')]
      : []),
  ];
  const bytes = `fn image_byte(at: u32) -> u32 { return (images[at >> 2u] >> ((at & 3u) * 8u)) & 255u; }
fn value(byte: u32, e: u32) -> f32 { return table[(e / ${plane}u) * 256u + byte]; }
`;
  const pixel = cut && (cut.kind === 'shifted' ? shiftedPixel(data, rows, cut) : resizedPixel(data, rows));
  const four = (get: (j: number) => string): string => `vec4f(${[0, 1, 2, 3].map(get).join(', ')})`;
  const type = isVector ? 'vec4f' : 'f32';
  const read = pixel
    ? `  let cut = window(row);\n  return ${isVector ? four((j) => `pixel(base, e + ${j}u, cut)`) : 'pixel(base, e, cut)'};\n`
    : isVector
      ? `  let word = images[(base + e) >> 2u];\n  return ${four((j) => `value((word >> ${8 * j}u) & 255u, e + ${j}u)`)};\n`
      : '  return value(image_byte(base + e), e);\n';
  const isWhole = count === data.count;
  const image = (row: string): string => `order[${drawWord(0)} + ${row}]${isWhole ? '' : ` - ${first}u`}`;
  const get = `fn at_row(row: u32, e: u32) -> ${type} {
  let base = (${image('row')}) * ${features}u;
${read}}
`;
  /** A lane whose image lies in another part leaves it to that part's kernel. */
  const own = (row: string, statement: string): string =>
    isWhole ? statement : `if (${image(row)} < ${count}u) { ${statement} }`;
  const partner = `let share = ${drawShare};\nlet partner = ${rowBefore('row', rows)};\n`;
  const mixed = isWhole
    ? 'input[i] = share * at_row(row, e) + (1.0 - share) * at_row(partner, e);\n'
    : `var mixed = ${part === 0 ? `${type}(0.0)` : 'input[i]'};
${own('row', 'mixed += share * at_row(row, e);')}
${own('partner', 'mixed += (1.0 - share) * at_row(partner, e);')}
input[i] = mixed;
`;
  const statements = mixes ? partner + mixed : `${own('row', 'input[i] = at_row(row, e);')}\n`;
  const label = `if (e == 0u) {
let image = order[${drawWord(0)} + row];
labels[row] = (classes[image >> 2u] >> ((image & 3u) * 8u)) & 255u;
}
`;
  const grid = folded(Math.ceil((rows * units) / 256));
  const body = `let i = (workgroup.y * ${grid[0]}u + workgroup.x) * 256u + lane;
if (i < ${rows * units}u) {
let row = i / ${units}u;
let e = (i % ${units}u)${isVector ? ' * 4u' : ''};
${statements}${part === 0 ? label : ''}}
`;
  return {
    label: `gather ${rows}×${features}${isWhole ? '' : ` part ${part}`}`,
    code: declare(bindings) + bytes + (pixel ?? '') + get + entry(256, body),
    lanes: 256,
    grid,
    memory: 0,
    bindings,
    needsSubgroups: false,
    accumulators: 4,
    accesses: [],
  };
}

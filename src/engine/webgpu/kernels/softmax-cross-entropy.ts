// Cross-entropy of a softmax with label smoothing, and MixUp where asked: losses, hits and the gradient of the logits
// in one pass. Up to 32 classes a lane takes a row; beyond that 64 lanes share one.
import type { SoftmaxCrossEntropy } from '../../../experiment/program/op.ts';
import { type Binding, binding, declare, entry, type Kernel } from '../kernel.ts';
import { drawBinding, drawShare, rowBefore } from './draw.ts';
import { reduction } from './reduce.ts';

/** `mixes`: the target is shared with the label of the row before, as `Draw` says. */
export function softmaxCrossEntropy(op: SoftmaxCrossEntropy<unknown>, mixes = false): Kernel {
  const { rows, classes } = op;
  const bindings = [
    binding('logits', 'read', rows * classes),
    binding('labels', 'read', rows, 'u32'),
    binding('losses', 'write', rows),
    binding('correct', 'write', rows),
  ];
  if (op.gradient !== null) bindings.push(binding('gradient', 'write', rows * classes));
  if (mixes) bindings.push(drawBinding);
  return classes <= 32 ? laneForm(op, bindings, mixes) : rowForm(op, bindings, mixes);
}

const label = ({ rows, classes }: SoftmaxCrossEntropy<unknown>): string =>
  `softmax-cross-entropy ${rows}×${classes}`;

const float = (value: number): string => `f32(${value})`;

/** `y`, `partner` and `share` of row `r`. */
const targets = (rows: number, r: string, mixes: boolean): string =>
  mixes
    ? `let y = labels[${r}];\nlet partner = labels[${rowBefore(r, rows)}];\nlet share = ${drawShare};\n`
    : `let y = labels[${r}];\n`;

/** Target probability of class c. */
const target = ({ smoothing, classes }: SoftmaxCrossEntropy<unknown>, mixes: boolean): string => {
  const hit = float(1 - smoothing);
  const own = mixes ? `${hit} * share` : hit;
  const other = mixes ? ` + select(0.0, ${hit} * (1.0 - share), c == partner)` : '';
  return `${float(smoothing / classes)} + select(0.0, ${own}, c == y)${other}`;
};

/** log Σ − Σ target · z, with z relative to the largest logit: `own` and `other` are z of the labels, `all` their sum. */
const lossOf = (
  { smoothing, classes }: SoftmaxCrossEntropy<unknown>,
  mixes: boolean,
  all: string,
): string => {
  const hit = mixes ? '(share * own + (1.0 - share) * other)' : 'own';
  const spread = smoothing === 0 ? '' : ` - ${float(smoothing / classes)} * ${all}`;
  return `log(total) - ${float(1 - smoothing)} * ${hit}${spread}`;
};

function laneForm(op: SoftmaxCrossEntropy<unknown>, bindings: readonly Binding[], mixes: boolean): Kernel {
  const { rows, classes, scale } = op;
  const gradient =
    op.gradient === null
      ? ''
      : `for (var c = 0u; c < ${classes}u; c++) {
let p = exp(logits[base + c] - largest) / total;
gradient[base + c] = (p - (${target(op, mixes)})) * ${float(scale)};
}
`;
  const body = `let row = workgroup.x * 64u + lane;
if (row >= ${rows}u) { return; }
let base = row * ${classes}u;
${targets(rows, 'row', mixes)}var largest = logits[base];
var best = 0u;
for (var c = 1u; c < ${classes}u; c++) {
let z = logits[base + c];
if (z > largest) { largest = z; best = c; }
}
var total = 0.0;
var all = 0.0;
for (var c = 0u; c < ${classes}u; c++) {
let z = logits[base + c] - largest;
total += exp(z);
all += z;
}
let own = logits[base + y] - largest;
${mixes ? 'let other = logits[base + partner] - largest;\n' : ''}losses[row] = ${lossOf(op, mixes, 'all')};
correct[row] = select(0.0, 1.0, best == y);
${gradient}`;
  return {
    label: label(op),
    code: declare(bindings) + entry(64, body),
    lanes: 64,
    grid: [Math.ceil(rows / 64), 1, 1],
    memory: 0,
    bindings,
    needsSubgroups: false,
    accumulators: 4,
    accesses: [],
  };
}

function rowForm(op: SoftmaxCrossEntropy<unknown>, bindings: readonly Binding[], mixes: boolean): Kernel {
  const { rows, classes, scale } = op;
  const peaks = reduction('peaks', 64, 64, 1, 'max');
  const firsts = reduction('firsts', 64, 64, 1, 'max');
  const sums = reduction('sums', 64, 64, 2);
  const loop = (body: string): string => `for (var c = lane; c < ${classes}u; c += 64u) {\n${body}}\n`;
  const gradient =
    op.gradient === null
      ? ''
      : loop(`let p = exp(logits[base + c] - largest) / total;
gradient[base + c] = (p - (${target(op, mixes)})) * ${float(scale)};
`);
  const body = `let row = workgroup.y * 32768u + workgroup.x;
let source = min(row, ${rows - 1}u);
let base = source * ${classes}u;
${targets(rows, 'source', mixes)}var peak = logits[base + lane % ${classes}u];
${loop('peak = max(peak, logits[base + c]);\n')}${peaks.code(['peak'])}let largest = ${peaks.result(0)};
var first = ${-classes}.0;
var sum = 0.0;
var spread = 0.0;
${loop(`let z = logits[base + c] - largest;
if (z == 0.0) { first = max(first, -f32(c)); }
sum += exp(z);
spread += z;
`)}${firsts.code(['first'])}${sums.code(['sum', 'spread'])}let total = ${sums.result(0)};
let own = logits[base + y] - largest;
${mixes ? 'let other = logits[base + partner] - largest;\n' : ''}if (row < ${rows}u) {
if (lane == 0u) {
losses[row] = ${lossOf(op, mixes, sums.result(1))};
correct[row] = select(0.0, 1.0, ${firsts.result(0)} == -f32(y));
}
${gradient}}
`;
  return {
    label: label(op),
    code: declare(bindings) + peaks.declaration + firsts.declaration + sums.declaration + entry(64, body),
    lanes: 64,
    grid: [Math.min(rows, 32_768), Math.ceil(rows / 32_768), 1],
    memory: peaks.bytes + firsts.bytes + sums.bytes,
    bindings,
    needsSubgroups: false,
    accumulators: 4,
    accesses: [...peaks.accesses, ...firsts.accesses, ...sums.accesses],
  };
}

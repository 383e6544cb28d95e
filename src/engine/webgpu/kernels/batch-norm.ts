// BatchNorm without affine parameters: 16 columns a workgroup in 16 lines of rows; mean first, then squared distances.
import type {
  BatchNormBackward,
  BatchNormEvaluation,
  BatchNormForward,
} from '../../../experiment/program/op.ts';
import { binding, declare, entry, folded, type Kernel, type Sharing, vectorType } from '../kernel.ts';
import { activationCode } from './activation.ts';
import { columnJoin, columnStart } from './columns.ts';

const ACROSS = 16;
const linesOf = (sharing: Sharing): number => (sharing === 'shared' ? 16 : 1);

const eachRow = (lines: number, rows: number, columns: number, body: string): string =>
  `for (var r = line; r < ${rows}u; r += ${lines}u) {\nlet at = r * ${columns}u + source;\n${body}}\n`;

const shared = (columns: number, lines: number) =>
  ({
    lanes: ACROSS * lines,
    grid: [Math.ceil(columns / ACROSS), 1, 1],
    needsSubgroups: false,
    accumulators: 2,
  }) as const;

/** Training: normalises by the batch, keeps rstd, moves the running statistics (unbiased variance). */
export function batchNormForward(op: BatchNormForward<unknown>, sharing: Sharing = 'shared'): Kernel {
  const lines = linesOf(sharing);
  const { rows, columns, epsilon, momentum, activation } = op;
  const all = rows * columns;
  const bindings = [binding('input', 'read', all), binding('normalised', 'write', all)];
  if (op.output !== null) bindings.push(binding('output', 'write', all));
  bindings.push(
    binding('rstd', 'write', columns),
    binding('runningMean', 'write', columns),
    binding('runningVariance', 'write', columns),
  );
  const join = columnJoin(ACROSS, lines, 1);
  const output = op.output === null ? '' : `output[at] = ${activation === null ? 'h' : 'activate(h)'};\n`;
  const move = (name: string, value: string): string =>
    `${name}[column] = ${1 - momentum} * ${name}[column] + ${momentum} * ${value};\n`;
  // PyTorch divides by n − 1, and so does one row: its running variance is not a number there.
  const unbiased = rows > 1 ? `(square_total / ${rows - 1}.0)` : 'square_total';
  const body = `${columnStart(columns, ACROSS, 4)}var sum = 0.0;
${eachRow(lines, rows, columns, 'sum += input[at];\n')}${join.code(['sum'])}let mu = sum_total / ${rows}.0;
var square = 0.0;
${eachRow(lines, rows, columns, 'let d = input[at] - mu;\nsquare += d * d;\n')}${join.code(['square'])}let scale = inverseSqrt(square_total / ${rows}.0 + ${epsilon});
if (column < ${columns}u) {
if (line == 0u) {
rstd[column] = scale;
${move('runningMean', 'mu')}${move('runningVariance', unbiased)}}
${eachRow(lines, rows, columns, `let h = (input[at] - mu) * scale;\nnormalised[at] = h;\n${output}`)}}
`;
  return {
    ...shared(columns, lines),
    label: `batch-norm ${rows}×${columns}`,
    code:
      declare(bindings) +
      join.declaration +
      activationCode(op.output === null ? null : activation, 'activate', 'f32') +
      entry(ACROSS * lines, body),
    memory: join.bytes,
    bindings,
    accesses: join.accesses,
  };
}

/** inputGradient = rstd · (g − meanₘ(g) − x̂ · meanₘ(g x̂)); added where `accumulate`. */
export function batchNormBackward(op: BatchNormBackward<unknown>, sharing: Sharing = 'shared'): Kernel {
  const lines = linesOf(sharing);
  const { rows, columns, accumulate } = op;
  const all = rows * columns;
  const bindings = [
    binding('gradient', 'read', all),
    binding('normalised', 'read', all),
    binding('rstd', 'read', columns),
    binding('inputGradient', 'write', all),
  ];
  const join = columnJoin(ACROSS, lines, 2);
  const body = `${columnStart(columns, ACROSS, 4)}var sum = 0.0;
var product = 0.0;
${eachRow(lines, rows, columns, 'let g = gradient[at];\nsum += g;\nproduct += g * normalised[at];\n')}${join.code(['sum', 'product'])}let offset = sum_total / ${rows}.0;
let slope = product_total / ${rows}.0;
let scale = rstd[source];
if (column < ${columns}u) {
${eachRow(
  lines,
  rows,
  columns,
  `inputGradient[at] ${accumulate ? '+=' : '='} scale * (gradient[at] - offset - normalised[at] * slope);\n`,
)}}
`;
  return {
    ...shared(columns, lines),
    label: `batch-norm-backward ${rows}×${columns}`,
    code: declare(bindings) + join.declaration + entry(ACROSS * lines, body),
    memory: join.bytes,
    bindings,
    accesses: join.accesses,
  };
}

/** Evaluation with running statistics: one vector a lane. */
export function batchNormEvaluation(op: BatchNormEvaluation<unknown>): Kernel {
  const { rows, columns, epsilon, activation } = op;
  const all = rows * columns;
  const type = vectorType(columns);
  const units = type === 'vec4f' ? columns / 4 : columns;
  const bindings = [
    binding('input', 'read', all, type),
    binding('output', 'write', all, type),
    binding('runningMean', 'read', columns, type),
    binding('runningVariance', 'read', columns, type),
  ];
  const grid = folded(Math.ceil((rows * units) / 64));
  const body = `let at = (workgroup.y * ${grid[0]}u + workgroup.x) * 64u + lane;
if (at < ${rows * units}u) {
let unit = at % ${units}u;
let v = (input[at] - runningMean[unit]) * inverseSqrt(runningVariance[unit] + ${epsilon});
output[at] = ${activation === null ? 'v' : 'activate(v)'};
}
`;
  return {
    label: `batch-norm-evaluation ${rows}×${columns}`,
    code: declare(bindings) + activationCode(activation, 'activate', type) + entry(64, body),
    lanes: 64,
    grid,
    memory: 0,
    bindings,
    needsSubgroups: false,
    accumulators: 4,
    accesses: [],
  };
}

// Sums within a workgroup, in one fixed order: halves are added pairwise until one value a segment is left.
import { type Access, log2, range } from '../kernel.ts';

export interface Reduction {
  readonly declaration: string;
  /** Statements after which `memory[segment · size]` of each value holds the sum of its segment; barriers included. */
  readonly code: (values: readonly string[]) => string;
  /** The sum of value `v` for this lane's segment. */
  readonly result: (v: number) => string;
  readonly accesses: readonly Access[];
  readonly bytes: number;
  /** Words from one value's lanes to the next's: one more than lanes, so that lane v can read value v. */
  readonly pitch: number;
}

/**
 * `lanes` of the workgroup in segments of `size` neighbours, both powers of two; `count` values a lane at once.
 * `operator`: 'sum', or 'max' for the largest.
 */
export function reduction(
  memory: string,
  lanes: number,
  size: number,
  count: number,
  operator: 'sum' | 'max' = 'sum',
): Reduction {
  if (size === 1) return unshared(memory, count);
  const halves = range(log2(size)).map((step) => size >> (step + 1));
  const pitch = lanes + 1;
  const words = pitch * (count - 1) + lanes;
  const at = (v: number): string => (v === 0 ? 'lane' : `lane + ${v * pitch}u`);
  const all = range(count);
  const join = (left: string, right: string): string =>
    operator === 'sum' ? `${left} += ${right};\n` : `${left} = max(${left}, ${right});\n`;
  const accesses: Access[] = all.map((v) => ({
    memory,
    kind: 'store',
    phase: 0,
    width: 1,
    address: at(v),
    steps: 1,
  }));
  halves.forEach((half, step) => {
    const when = `(lane & ${size - 1}u) < ${half}u`;
    for (const v of all) {
      const shared = { memory, phase: step + 1, width: 1, steps: 1, when } as const;
      accesses.push({ ...shared, kind: 'load', address: `${at(v)} + ${half}u` });
      accesses.push({ ...shared, kind: 'store', address: at(v) });
    }
  });
  const last = halves.length + 1;
  for (const v of all) {
    const address = `(lane & ${(~(size - 1) >>> 0) & 1023}u) + ${v * pitch}u`;
    accesses.push({ memory, kind: 'load', phase: last, width: 1, steps: 1, address });
  }
  return {
    declaration: `var<workgroup> ${memory}: array<f32, ${words}>;\n`,
    code: (values) =>
      `${values.map((value, v) => `${memory}[${at(v)}] = ${value};\n`).join('')}workgroupBarrier();\n${halves
        .map(
          (half) =>
            `if ((lane & ${size - 1}u) < ${half}u) {\n${all
              .map((v) => join(`${memory}[${at(v)}]`, `${memory}[${at(v)} + ${half}u]`))
              .join('')}}\nworkgroupBarrier();\n`,
        )
        .join('')}`,
    result: (v) => `${memory}[(lane & ${(~(size - 1) >>> 0) & 1023}u) + ${v * pitch}u]`,
    accesses,
    bytes: words * 4,
    pitch,
  };
}

/** One lane a segment: the value itself. */
const unshared = (memory: string, count: number): Reduction => ({
  declaration: '',
  code: (values) =>
    range(count)
      .map((v) => `let ${memory}${v} = ${values[v]};\n`)
      .join(''),
  result: (v) => `${memory}${v}`,
  accesses: [],
  bytes: 0,
  pitch: 0,
});

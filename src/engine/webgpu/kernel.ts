// What a kernel is: WGSL text for one static shape, its grid, its bindings, and the addresses that its lanes touch.

/** One storage or uniform binding, in order of its number. `elements` counts float32 or uint32 words. */
export interface Binding {
  /** The operand's field in the operation: `a`, `output`, `residual` … */
  readonly name: string;
  readonly access: 'read' | 'write' | 'uniform';
  /** WGSL element type. */
  readonly type: 'f32' | 'u32' | 'vec4f' | 'vec4u';
  readonly elements: number;
  /** Which part of an operand that is too large for one binding. */
  readonly part?: number;
}

/**
 * An access that every lane makes, `steps` times between two barriers. `address` is the very text that stands in the
 * WGSL: integers, `lane`, `i` (the step), `+ * & ^ >> <<` only, so that JavaScript evaluates it to the same number.
 */
export interface Access {
  readonly memory: string;
  readonly kind: 'load' | 'store';
  /** Barriers since the start of one round of the kernel's loop: accesses of one phase are not ordered. */
  readonly phase: number;
  /** Words of 4 bytes one lane touches at `address · width`. */
  readonly width: 1 | 2 | 4;
  readonly address: string;
  readonly steps: number;
  /** Only lanes for which it is true take part. */
  readonly when?: string;
}

export interface Kernel {
  readonly label: string;
  readonly code: string;
  /** Lanes of a workgroup. */
  readonly lanes: number;
  readonly grid: readonly [x: number, y: number, z: number];
  /** Bytes of workgroup memory. */
  readonly memory: number;
  readonly bindings: readonly Binding[];
  readonly needsSubgroups: boolean;
  /** float32 accumulators a lane. */
  readonly accumulators: number;
  readonly accesses: readonly Access[];
}

/** Limits that every WebGPU device has; no kernel of the static table needs more. */
export const limits = { memory: 16_384, lanes: 256, bindings: 8, groups: 65_535, accumulators: 64 } as const;

/** WGSL declarations of the bindings: constant sizes, so that a compiler can prove that indices are inside. */
export function declare(bindings: readonly Binding[]): string {
  const width = { f32: 1, u32: 1, vec4f: 4, vec4u: 4 } as const;
  return bindings
    .map(({ name, access, type, elements }, index) => {
      const space = { read: 'storage, read', write: 'storage, read_write', uniform: 'uniform' }[access];
      const size = Math.ceil(elements / width[type]);
      return `@group(0) @binding(${index}) var<${space}> ${name}: array<${type}, ${size}>;\n`;
    })
    .join('');
}

export const binding = (
  name: string,
  access: Binding['access'],
  elements: number,
  type: Binding['type'] = 'f32',
): Binding => ({ name, access, type, elements });

/** Float vectors where rows are multiples of four, else single floats. */
export const vectorType = (columns: number): 'vec4f' | 'f32' => (columns % 4 === 0 ? 'vec4f' : 'f32');

/** 0 … n−1. */
export const range = (n: number): readonly number[] => Array.from({ length: n }, (_, index) => index);

export const log2 = (n: number): number => Math.round(Math.log2(n));

/** The smallest power of two that is at least `n`. */
export const powerOfTwo = (n: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, n)));

/** A one-dimensional grid of `groups` workgroups, folded into y where x would be too long. */
export function folded(groups: number): readonly [number, number, number] {
  const x = Math.min(groups, limits.groups);
  return [x, Math.ceil(groups / x), 1];
}

/**
 * How lanes sum: together through workgroup memory (GPUs), or each lane a whole row or column, without a barrier
 * (software adapters, where a barrier costs more than the sum).
 */
export type Sharing = 'shared' | 'alone';

/** Entry point: `workgroup` and `lane` are there; `body` follows. */
export const entry = (lanes: number, body: string, more = ''): string =>
  `@compute @workgroup_size(${lanes})\nfn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) lane: u32${more}) {\n${body}}\n`;

// Subgroup operations as a kernel writes them: the built-in ones, or the same through workgroup memory for a size that
// this machine's adapter does not have, so that every size can be tested anywhere.

export type Subgroups = { readonly kind: 'native' } | { readonly kind: 'emulated'; readonly size: number };

export interface SubgroupCode {
  /** Directives; they come first in a module. */
  readonly directives: string;
  /** Workgroup memory and functions. */
  readonly declarations: string;
  /** Parameters of the entry point after `lane`. */
  readonly parameters: string;
  /** Names of the lane within its subgroup and of the size. */
  readonly start: string;
  /** The value that lane `source` of the subgroup has: `source` is a constant. */
  readonly broadcast: (value: string, source: number) => string;
  /** Whether `value` is the same in the whole subgroup. */
  readonly isSame: (value: string) => string;
}

/** `lanes`: of the workgroup. Emulation costs `4 · lanes` bytes of workgroup memory and two barriers a broadcast. */
export function subgroupCode(subgroups: Subgroups, lanes: number): SubgroupCode {
  if (subgroups.kind === 'native')
    return {
      directives: 'enable subgroups;\ndiagnostic(off, subgroup_uniformity);\n',
      declarations: '',
      parameters: ', @builtin(subgroup_invocation_id) peer: u32, @builtin(subgroup_size) peers: u32',
      start: '',
      broadcast: (value, source) => `subgroupBroadcast(${value}, ${source}u)`,
      isSame: (value) => `subgroupAll(subgroupBroadcastFirst(${value}) == ${value})`,
    };
  const size = Math.min(subgroups.size, lanes);
  return {
    directives: '',
    declarations: `var<workgroup> emulated: array<f32, ${lanes}>;
fn broadcast(value: f32, lane: u32, source: u32) -> f32 {
  emulated[lane] = value;
  workgroupBarrier();
  let got = emulated[(lane & ${~(size - 1) >>> 0}u) + source];
  workgroupBarrier();
  return got;
}
var<workgroup> emulated_words: array<u32, ${lanes}>;
fn is_same(value: u32, lane: u32) -> bool {
  emulated_words[lane] = value;
  workgroupBarrier();
  var same = true;
  for (var i = 0u; i < ${size}u; i++) { same = same && emulated_words[(lane & ${~(size - 1) >>> 0}u) + i] == value; }
  workgroupBarrier();
  return same;
}
`,
    parameters: '',
    start: `let peer = lane & ${size - 1}u;\nconst peers = ${subgroups.size}u;\n`,
    broadcast: (value, source) => `broadcast(${value}, lane, ${source}u)`,
    isSame: (value) => `is_same(${value}, lane)`,
  };
}

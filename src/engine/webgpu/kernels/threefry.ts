// The counter-based generator in WGSL: Threefry-2x32 with 20 rounds, as in core/rng.ts.

/** WGSL functions `threefry(key, counter)`, and `scaled(word, bound)`: a word to an integer below the bound. */
export const THREEFRY = `fn turn(x: vec2u, by: u32) -> vec2u {
  let sum = x.x + x.y;
  return vec2u(sum, ((x.y << by) | (x.y >> (32u - by))) ^ sum);
}
fn threefry(key: vec2u, counter: vec2u) -> vec2u {
  let keys = array<u32, 3>(key.x, key.y, 0x1bd11bdau ^ key.x ^ key.y);
  var x = counter + key;
  for (var group = 0u; group < 5u; group++) {
    if ((group & 1u) == 0u) { x = turn(turn(turn(turn(x, 13u), 15u), 26u), 6u); }
    else { x = turn(turn(turn(turn(x, 17u), 29u), 16u), 24u); }
    x += vec2u(keys[(group + 1u) % 3u], keys[(group + 2u) % 3u] + group + 1u);
  }
  return x;
}
fn scaled(word: u32, bound: u32) -> u32 {
  return ((word >> 16u) * bound + (((word & 0xffffu) * bound) >> 16u)) >> 16u;
}
`;

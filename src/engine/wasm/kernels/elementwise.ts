// Activations by themselves. Chunks are ranges of elements.
import { activated } from './activation';
import { loadLanes, storeLanes } from './lanes';
import { share } from './share';

@inline
function offsetOf(chunk: i32, chunks: i32, count: i32): usize {
  return (<usize>share(chunk, chunks, (count + 3) >> 2)) << 4;
}

/** y = σ(x), `count` elements. */
export function activate(chunk: i32, chunks: i32, x: usize, y: usize, count: i32, activation: i32): void {
  const end = min(offsetOf(chunk + 1, chunks, count), (<usize>count) << 2);
  for (let at = offsetOf(chunk, chunks, count); at < end; at += 16) {
    const lanes = <i32>((end - at) >> 2);
    storeLanes(y + at, activated(loadLanes(x + at, lanes), activation), lanes);
  }
}

// How work is cut: chunk c of n takes the units from c·units/n to (c + 1)·units/n.

/** First unit of a chunk. */
@inline
export function share(chunk: i32, chunks: i32, units: i32): i32 {
  return <i32>((<i64>chunk * units) / chunks);
}

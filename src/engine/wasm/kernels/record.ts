// The arguments of an operation in its record on the tape: addresses and sizes as int32, numbers as float64.
import { REALS_OFFSET, WORDS_OFFSET } from '../opcodes';

@inline
export function word(record: usize, index: i32): i32 {
  return load<i32>(record + WORDS_OFFSET + (index << 2));
}

@inline
export function real(record: usize, index: i32): f64 {
  return load<f64>(record + REALS_OFFSET + (index << 3));
}

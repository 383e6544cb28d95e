// Where threads meet: spin first, since the others are microseconds away, then sleep until the last one arrives.
import { ARRIVED, GENERATION, SLEEPERS } from '../opcodes';

/** Loads of a word before a thread goes to sleep: about 30 µs. */
const SPINS = 20000;

/** Returns when the word at `GENERATION` is no longer `seen`. */
export function awaitGeneration(control: usize, seen: i32): void {
  for (let spin = 0; spin < SPINS; spin++) {
    if (atomic.load<i32>(control + GENERATION) !== seen) return;
  }
  atomic.add<i32>(control + SLEEPERS, 1);
  while (atomic.load<i32>(control + GENERATION) === seen) atomic.wait<i32>(control + GENERATION, seen, -1);
  atomic.sub<i32>(control + SLEEPERS, 1);
}

/** Begins the next generation and wakes whoever sleeps. */
export function advance(control: usize): void {
  atomic.add<i32>(control + GENERATION, 1);
  if (atomic.load<i32>(control + SLEEPERS) > 0) atomic.notify(control + GENERATION, -1);
}

/** Returns when `threads` threads have called it, with the generation that they began. */
export function barrier(control: usize, threads: i32): i32 {
  if (threads === 1) return 0;
  const seen = atomic.load<i32>(control + GENERATION);
  if (atomic.add<i32>(control + ARRIVED, 1) === threads - 1) {
    atomic.store<i32>(control + ARRIVED, 0);
    advance(control);
  } else {
    awaitGeneration(control, seen);
  }
  return seen + 1;
}

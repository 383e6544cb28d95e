// What the host calls: walk a tape alone or as the first of several threads, or help until told to stop.
import { RECORD_BYTES, STOPPED, TAPE, TAPE_LENGTH } from '../opcodes';
import { advance, awaitGeneration, barrier } from './barrier';
import { perform } from './perform';

/** Takes chunks of one operation after another; meets the other threads where a record says so. */
function walk(control: usize, scratch: usize, threads: i32): void {
  let record: usize = load<u32>(control + TAPE);
  const end = record + load<u32>(control + TAPE_LENGTH) * RECORD_BYTES;
  for (; record < end; record += RECORD_BYTES) {
    const chunks = load<i32>(record, 8);
    if (threads === 1) {
      for (let chunk = 0; chunk < chunks; chunk++) perform(record, chunk, chunks, scratch);
      continue;
    }
    let chunk = atomic.add<i32>(record, 1, 4);
    while (chunk < chunks) {
      perform(record, chunk, chunks, scratch);
      chunk = atomic.add<i32>(record, 1, 4);
    }
    if (load<i32>(record, 12) && record + RECORD_BYTES < end) barrier(control, threads);
  }
}

/** Runs `length` records at `tape`; `threads` − 1 helpers share `control`. Returns when all threads are done. */
export function run(control: usize, scratch: usize, threads: i32, tape: usize, length: i32): void {
  store<u32>(control + TAPE, <u32>tape);
  store<i32>(control + TAPE_LENGTH, length);
  if (threads > 1) {
    for (let i = 0; i < length; i++) store<i32>(tape + i * RECORD_BYTES, 0, 4);
    advance(control);
  }
  walk(control, scratch, threads);
  barrier(control, threads);
}

/** A helper's life: waits for a tape, walks it, until `stop`. `seen` is the generation when the helper was asked for. */
export function help(control: usize, scratch: usize, threads: i32, seen: i32): void {
  while (true) {
    awaitGeneration(control, seen);
    if (load<i32>(control + STOPPED)) return;
    walk(control, scratch, threads);
    // Not the generation of now: the next run may have begun already.
    seen = barrier(control, threads);
  }
}

/** Ends the helpers' loops. */
export function stop(control: usize): void {
  store<i32>(control + STOPPED, 1);
  advance(control);
}

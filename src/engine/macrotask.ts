// Lets messages in between steps. A timer would be clamped to 4 ms; a message channel is not.

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Resolves in a later task of the event loop. */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}

/** A function that waits for a macrotask where the last one is `everyMs` or more ago. */
export function createBreather(everyMs: number): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < everyMs) return;
    return macrotask().then(() => {
      last = performance.now();
    });
  };
}

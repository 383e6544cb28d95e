// The worker's edge of one engine: it is prepared once, then times groups of steps when asked.
import type { Ready, Setup, Timing } from './cases.ts';

export interface Peer {
  readonly ready: Ready;
  /** Runs `steps` steps, waits for the device, and gives the time of one. */
  time(steps: number): Promise<Timing>;
}

export type Request = { readonly prepare: Setup } | { readonly steps: number };
export type Reply = { readonly ready: Ready } | { readonly timing: Timing } | { readonly error: string };

declare const self: {
  addEventListener(kind: 'message', listen: (event: MessageEvent<Request>) => void): void;
  postMessage(reply: Reply): void;
};

/** Answers the bench's requests with the engine that `prepare` makes. */
export function servePeer(prepare: (setup: Setup) => Promise<Peer>): void {
  let peer: Peer | null = null;
  const answer = async (request: Request): Promise<Reply> => {
    if ('prepare' in request) {
      peer = await prepare(request.prepare);
      return { ready: peer.ready };
    }
    if (!peer) throw new Error('An engine is timed before it is prepared.');
    return { timing: await peer.time(request.steps) };
  };
  self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
    void answer(data)
      .catch((thrown: unknown): Reply => ({ error: String((thrown as Error)?.stack ?? thrown) }))
      .then((reply) => self.postMessage(reply));
  });
}

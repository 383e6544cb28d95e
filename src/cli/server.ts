// Serves the built page on localhost with the headers it is meant to have, and the datasets prepared by `lab data`.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import sirv from 'sirv';
import { cacheControl, headers } from './headers.ts';
import { datasetsFolder, dist } from './paths.ts';

export interface Serving {
  /** `http://localhost:4173/` */
  readonly url: string;
  close(): Promise<void>;
}

function sendFile(response: ServerResponse, path: string): void {
  response.writeHead(200, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': statSync(path).size,
  });
  createReadStream(path).pipe(response);
}

/** The file below `datasets/` that a request asks for, or null. Names only, no paths that climb. */
function datasetFile(path: string): string | null {
  const match = /^\/datasets\/([a-z0-9-]+)\/([A-Za-z0-9._-]+)$/.exec(path);
  if (!match) return null;
  const [, id, name] = match as unknown as [string, string, string];
  const file = join(datasetsFolder, id, basename(name));
  return existsSync(file) && statSync(file).isFile() ? file : null;
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', fail);
      done();
    });
  });
  return (server.address() as AddressInfo).port;
}

/** Serves `dist/` on `port`, or on the next free one where `port` is taken; port 0 takes any. */
export async function serve(port: number): Promise<Serving> {
  const files = sirv(dist, { etag: true });
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = (request.url ?? '/').split('?')[0] as string;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.setHeader('Cache-Control', cacheControl(path));
    const data = datasetFile(path);
    if (data) sendFile(response, data);
    else
      files(request, response, () => {
        response.writeHead(404, { 'Content-Type': 'text/plain' });
        response.end('not found\n');
      });
  };
  for (let candidate = port; ; candidate++) {
    const server = createServer(answer);
    try {
      const bound = await listen(server, candidate);
      return {
        url: `http://localhost:${bound}/`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      };
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || candidate >= port + 20) throw error;
    }
  }
}

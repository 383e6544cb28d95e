// The bench's page: an isolated, empty one served by Vite, in which each engine is a worker of its own.
import { chromium, type Page } from 'playwright';
import { createServer } from 'vite';
import { chromiumFlags, requireChromium } from '../../src/cli/chromium.ts';
import { root } from '../../src/cli/paths.ts';
import type { Contestant, Ready, Setup, Timing } from './cases.ts';
import type { Reply, Request } from './peer.ts';

export interface BenchPage {
  /** Starts an engine's worker and prepares it. Rejects where it cannot train. */
  readonly contestant: (setup: Setup) => Promise<Contestant>;
  readonly browserVersion: string;
  readonly close: () => Promise<void>;
}

export async function openBenchPage(note: (text: string) => void): Promise<BenchPage> {
  const server = await createServer({
    root,
    configFile: `${root}/vite.config.ts`,
    logLevel: 'error',
    cacheDir: `${root}/node_modules/.vite-bench`,
    optimizeDeps: { include: ['@jax-js/jax', '@tensorflow/tfjs-core/dist/register_all_gradients'] },
    server: { hmr: false },
  });
  await server.listen(0);
  const address = server.resolvedUrls?.local[0] ?? '';
  const browser = await chromium.launch({ executablePath: requireChromium(), args: [...chromiumFlags] });
  const page = await browser.newPage();
  const headers = {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Content-Type': 'text/html',
  };
  await page.route(`${address}bench`, (route) => route.fulfill({ headers, body: '<!doctype html>' }));
  page.on('console', (message) => message.type() === 'error' && note(`  page: ${message.text()}`));
  await page.goto(`${address}bench`);
  return {
    contestant: (setup) => contestantOf(page, setup),
    browserVersion: browser.version(),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

async function contestantOf(page: Page, setup: Setup): Promise<Contestant> {
  const script = `/tests/bench/${setup.engine.script}.worker.ts`;
  const worker = await page.evaluateHandle((url) => new Worker(url, { type: 'module' }), script);
  const ask = async (request: Request): Promise<Reply> => {
    const reply = await worker.evaluate(
      (on, message) =>
        new Promise<Reply>((resolve) => {
          on.onerror = (event) => resolve({ error: event.message });
          on.onmessage = ({ data }: MessageEvent<Reply>) => resolve(data);
          on.postMessage(message);
        }),
      request,
    );
    if ('error' in reply)
      throw new Error(`${setup.engine.id}, ${setup.config}, batch ${setup.batch}: ${reply.error}`);
    return reply;
  };
  const { ready } = (await ask({ prepare: setup })) as { ready: Ready };
  return {
    ready,
    time: async (steps) => ((await ask({ steps })) as { timing: Timing }).timing,
    close: () => worker.evaluate((one) => one.terminate()),
  };
}

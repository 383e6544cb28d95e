// GFLOP/s of the CPU kernels' matrix products at the shapes of cases a and b in Chromium, one thread and two, beside a plain
// loop. Rounds are interleaved: only ratios of one run mean anything. Run: npx tsx tests/bench/wasm-kernels.ts
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { requireChromium } from '../../src/cli/chromium.ts';
import { root } from '../../src/cli/paths.ts';

const WORKER = '/tests/bench/wasm-kernels.worker.ts';

async function main(): Promise<void> {
  const server = await createServer({ root, configFile: `${root}/vite.config.ts`, logLevel: 'error' });
  await server.listen(0);
  const address = server.resolvedUrls?.local[0] ?? '';
  const browser = await chromium.launch({ executablePath: requireChromium(), args: ['--no-sandbox'] });
  const page = await browser.newPage();
  const headers = {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Content-Type': 'text/html',
  };
  await page.route(`${address}bench`, (route) => route.fulfill({ headers, body: '<!doctype html>' }));
  await page.exposeFunction('print', (text: string) => process.stdout.write(`${text}\n`));
  await page.goto(`${address}bench`);
  await page.evaluate(
    (url) =>
      new Promise<void>((resolve) => {
        const worker = new Worker(url, { type: 'module' });
        const { print } = globalThis as unknown as { print(text: string): void };
        worker.onerror = (event) => {
          print(`worker failed: ${event.message}`);
          resolve();
        };
        worker.onmessage = ({ data }: MessageEvent<string>) => (data === '' ? resolve() : print(data));
      }),
    WORKER,
  );
  await browser.close();
  await server.close();
}

await main();

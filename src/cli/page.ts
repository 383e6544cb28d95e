// The built page in a headless browser: what training from a terminal runs on.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type JSHandle, type Page } from 'playwright';
import type { Lab, TrainProgress, Which } from '../experiment/lab-api.ts';
import type { BackendChoice } from '../experiment/protocol.ts';
import { ensureBuilt } from './build.ts';
import { chromiumFlags, requireChromium, SOFTWARE_ADAPTER } from './chromium.ts';
import { serve } from './server.ts';

/** The page's own `globalThis.lab`, seen from functions that run inside the page. */
declare const lab: Lab;

export interface LabPage {
  readonly page: Page;
  /** "Chromium 156.0.1.2" */
  readonly browser: string;
  /** Who hears of the run that trains in the page; set before it starts. */
  readonly reports: { listener: (progress: TrainProgress) => void };
  close(): Promise<void>;
}

/** One browser; its pages share nothing, neither storage nor locks. */
interface LabBrowser {
  newPage(): Promise<LabPage>;
  close(): Promise<void>;
}

/** What tsx's compiler puts around named functions, which then run inside the page. */
const KEEP_NAMES = 'globalThis.__name = (value) => value;';

interface Navigator {
  readonly gpu?: { requestAdapter(): Promise<unknown> };
}

async function hasAdapter(page: Page): Promise<boolean> {
  return page.evaluate(async () => {
    const { gpu } = (globalThis as unknown as { navigator: Navigator }).navigator;
    return gpu !== undefined && (await gpu.requestAdapter()) !== null;
  });
}

/** A page of the lab, once its console is there. */
async function newLabPage(browser: Browser, url: string, note: (text: string) => void): Promise<LabPage> {
  const page = await browser.newPage();
  await page.addInitScript(KEEP_NAMES);
  if (process.env['LAB_DEBUG']) page.on('console', (message) => note(`page: ${message.text()}`));
  page.on('pageerror', (error) => note(`page: ${error.message}`));
  const reports: LabPage['reports'] = { listener: () => {} };
  await page.exposeFunction('labProgress', (progress: TrainProgress) => reports.listener(progress));
  await page.goto(url);
  await page.waitForFunction(() => 'lab' in globalThis);
  return { page, browser: `Chromium ${browser.version()}`, reports, close: () => page.close() };
}

/** Opens a browser on the built page. A GPU is used where there is one; where there is none and one is asked for, the software adapter is. */
export async function openBrowser(backend: BackendChoice, note: (text: string) => void): Promise<LabBrowser> {
  await ensureBuilt(note);
  const executablePath = requireChromium();
  const serving = await serve(0);
  const hardware = chromiumFlags.filter((flag) => flag !== SOFTWARE_ADAPTER);
  const attempts = backend === 'webgpu' || backend === 'auto' ? [hardware, chromiumFlags] : [chromiumFlags];
  let browser: Browser | null = null;
  try {
    for (const [index, flags] of attempts.entries()) {
      const opened = await chromium.launch({
        executablePath,
        args: [...flags],
        handleSIGINT: false, // Ctrl-C stops the run, and its files are written
      });
      browser = opened;
      let first: LabPage | null = await newLabPage(opened, serving.url, note);
      if (index < attempts.length - 1 && !(await hasAdapter(first.page))) {
        await opened.close();
        continue;
      }
      return {
        async newPage() {
          const page = first ?? (await newLabPage(opened, serving.url, note));
          first = null;
          return page;
        },
        async close() {
          await opened.close();
          await serving.close();
        },
      };
    }
    throw new Error('no browser could be opened');
  } catch (error) {
    await browser?.close();
    await serving.close();
    throw error;
  }
}

/** Opens a browser for one page. */
export async function openLab(backend: BackendChoice, note: (text: string) => void): Promise<LabPage> {
  const browser = await openBrowser(backend, note);
  return { ...(await browser.newPage()), close: browser.close };
}

/** Files of this machine as `File` objects in the page; a folder stands for the files in it. */
export async function pickFiles(page: Page, path: string): Promise<JSHandle<never>> {
  if (!existsSync(path)) throw new Error(`${path}: there is no such file or folder.`);
  const paths = statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path];
  const input = await page.evaluateHandle(() => {
    type Element = { type: string; multiple: boolean };
    const { document } = globalThis as unknown as { document: { createElement(name: string): Element } };
    const element = document.createElement('input');
    element.type = 'file';
    element.multiple = true;
    return element;
  });
  const element = input.asElement();
  if (!element) throw new Error('the page made no file input');
  await element.setInputFiles(paths);
  return page.evaluateHandle(
    (picked) => [...(picked as unknown as { files: never[] }).files] as never,
    input,
  );
}

const PIECE_BYTES = 3 * 2 ** 20;

/** A run's bytes out of the page, in pieces. Null where the page has none of that kind. */
export async function readBytes(page: Page, key: string, which: Which): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  for (let offset = 0; ; ) {
    const piece = await page.evaluate(
      ([runKey, kind, from, length]) => lab.bytes(runKey, kind, from, length).catch(() => null),
      [key, which, offset, PIECE_BYTES] as const,
    );
    if (!piece) return null;
    const bytes = Buffer.from(piece.base64, 'base64');
    pieces.push(bytes);
    offset += bytes.length;
    if (offset >= piece.total || bytes.length === 0) return Buffer.concat(pieces);
  }
}

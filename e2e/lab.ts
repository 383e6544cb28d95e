// What every journey stands on: a page that must not break its policy, ask anybody else, or throw; and small archives
// in CIFAR's layout.
import { gzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type JSHandle, type Locator, type Page } from 'playwright/test';
import { tarArchive } from '../src/core/files/tar-writer.ts';
import type { Lab } from '../src/experiment/lab-api.ts';

declare global {
  /** The page's own console verbs, in functions that run inside the page. */
  var lab: Lab;
}

export const test = base.extend<{ watched: undefined }>({
  watched: [
    async ({ page, baseURL }, use) => {
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
      page.on('console', (message) => {
        if (/Content Security Policy|TrustedScript/.test(message.text()))
          faults.push(`policy: ${message.text()}`);
      });
      page.on('request', (request) => {
        const url = request.url();
        if (/^https?:/.test(url) && !url.startsWith(baseURL as string)) faults.push(`request: ${url}`);
      });
      await use(undefined);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Opens the page with a link and waits until the engine is there. */
export async function open(page: Page, link = ''): Promise<void> {
  await page.goto(`/#${link}`);
  await expect(page.locator('.status')).toContainText(/CPU|WebGPU/);
}

/** The big button; the tab of the view has the same word. */
export const trainButton = (page: Page) =>
  page.locator('.run-bar').getByRole('button', { name: 'Train', exact: true });
export const stopButton = (page: Page) => page.getByRole('button', { name: 'Stop', exact: true });
/** The big button, once a stopped run is in storage. */
export const resumeButton = (page: Page) =>
  page.locator('.run-bar').getByRole('button', { name: 'Resume', exact: true });

/** Colours on their way from one theme to the other are nobody's: what is drawn has come to rest. */
async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const ending = document
      .getAnimations()
      .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

/** No accessibility fault on what is shown. */
export async function expectAccessible(page: Page): Promise<void> {
  await atRest(page);
  const { violations } = await new AxeBuilder({ page })
    .options({ rules: { 'target-size': { enabled: true } } })
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
  ).toEqual([]);
}

const RECORD = 3073;

/** `count` records of one label byte and 3072 pixels; labels go round, pixels follow the label so that it can be learnt. */
export function cifarRecords(count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count * RECORD);
  for (let row = 0; row < count; row++) {
    bytes[row * RECORD] = row % 10;
    for (let i = 1; i < RECORD; i++)
      bytes[row * RECORD + i] = ((row % 10) * 25 + ((i * 31 + row * 7) % 23)) % 256;
  }
  return bytes;
}

/** An archive in the official layout with `count` records a file. */
export function cifarArchive(count: number): Buffer {
  const names = [
    'data_batch_1',
    'data_batch_2',
    'data_batch_3',
    'data_batch_4',
    'data_batch_5',
    'test_batch',
  ];
  return gzipSync(
    tarArchive(
      names.map((name) => ({ name: `cifar-10-batches-bin/${name}.bin`, bytes: cifarRecords(count) })),
    ),
  );
}

/** A file as drags and clipboards carry one; `size`: of zeros behind the bytes, up to so many in all. */
export function transferOf(
  page: Page,
  { name, bytes, type = '', size = 0 }: Carried,
): Promise<JSHandle<DataTransfer>> {
  return page.evaluateHandle(
    ([file, base64, kind, length]) => {
      const data = new DataTransfer();
      const own = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const rest = new Uint8Array(Math.max(0, length - own.length));
      data.items.add(new File([own, rest], file, { type: kind }));
      return data;
    },
    [name, Buffer.from(bytes).toString('base64'), type, size] as const,
  );
}

export interface Carried {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly type?: string;
  readonly size?: number;
}

/** Drops a file on a place of the page, as a hand would. */
export async function dropOn(page: Page, place: Locator, file: Carried): Promise<void> {
  const dataTransfer = await transferOf(page, file);
  for (const event of ['dragenter', 'dragover', 'drop'])
    await place.dispatchEvent(event, { dataTransfer, bubbles: true, cancelable: true });
}

/** Drops a file anywhere. */
export const drop = (page: Page, name: string, bytes: Uint8Array): Promise<void> =>
  dropOn(page, page.locator('main'), { name, bytes });

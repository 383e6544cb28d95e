// Journeys of a sweep: it survives a reload and a killed page, trains nothing twice, and stops only when it is done.
import type { Page } from 'playwright/test';
import type { QueueReport } from '../src/experiment/lab-api.ts';
import { expect, open, test } from './lab.ts';

/** 2 × 2 × 2 on digits, each about a second. */
const LINK =
  'data=digits&train.steps=2000&sweep.model.width=8,16&sweep.train.batchSize=16,32&sweep.seeds=2&v=1';

const queue = (page: Page): Promise<QueueReport> => page.evaluate(() => lab.queue());
const done = async (page: Page): Promise<number> => (await queue(page)).sweeps[0]?.counts.done ?? 0;

async function choose(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Backend' }).selectOption('wasm');
  await expect(page.locator('.status')).toContainText('compiled · CPU');
}

test('a sweep goes through a reload and a killed page, and every cell is trained once', async ({
  page,
  context,
}) => {
  await open(page, LINK);
  await choose(page);
  expect(await queue(page)).toMatchObject({ driving: false, sweeps: [] });
  await page.evaluate((link) => void lab.sweep(link).catch(() => {}), LINK);
  await expect.poll(() => done(page)).toBeGreaterThanOrEqual(2);

  await page.reload();
  await open(page);
  const reloaded = await queue(page);
  expect(reloaded).toMatchObject({ driving: false, failure: null });
  expect(reloaded.sweeps[0]?.counts.running).toBe(0);
  const before = await done(page);
  expect(before).toBeGreaterThanOrEqual(2);
  await page.evaluate(() => void lab.resumeQueue().catch(() => {}));
  await expect.poll(() => done(page)).toBeGreaterThan(before);

  // The renderer is killed: nothing of the page gets to say goodbye.
  const client = await context.newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  client.send('Page.crash').catch(() => {});
  await crashed;
  await page.close();
  const second = await context.newPage();
  await open(second);
  expect((await queue(second)).sweeps[0]?.counts).toMatchObject({ running: 0 });
  await second.evaluate(() => lab.resumeQueue());

  const ended = await queue(second);
  expect(ended.sweeps[0]?.counts).toMatchObject({ done: 8, queued: 0, running: 0, failed: 0 });
  const runs = await second.evaluate(() => lab.runs());
  expect(runs).toHaveLength(8);
  expect(new Set(runs.map(({ runId }) => runId)).size).toBe(8);
  for (const { key, state, step } of runs) {
    expect({ state, step }).toEqual({ state: 'finished', step: 2000 });
    const { 'train/loss': losses } = await second.evaluate((one) => lab.metrics(one), key);
    // Every step once, whatever cut it off.
    expect(losses?.steps).toEqual(Array.from({ length: 2000 }, (_, index) => index + 1));
  }
  // What was killed in the middle ends as a run that was never stopped.
  const again = await second.evaluate(async (link) => {
    const results: Record<string, number | null> = {};
    const { trials } = await lab.sweep(link);
    for (const { runId, final } of trials) results[runId] = final?.['train/loss'] ?? null;
    return results;
  }, LINK);
  const straight = await second.evaluate(() =>
    lab.train('data=digits&train.steps=2000&model.width=16&train.batchSize=32&seed=1'),
  );
  expect(again[straight.runId]).toBe(straight.train.loss);
});

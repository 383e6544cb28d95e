// Journeys of a sweep: it survives a reload and a killed page, trains nothing twice, and stops only when it is done.
import type { Page } from 'playwright/test';
import type { QueueReport } from '../src/experiment/lab-api.ts';
import { expect, expectAccessible, open, test } from './lab.ts';

/** 2 × 2 × 2 on digits, each about a second. */
const LINK =
  'data=digits&train.steps=2000&sweep.model.width=8,16&sweep.train.batchSize=16,32&sweep.seeds=2&v=1';

const queue = (page: Page): Promise<QueueReport> => page.evaluate(() => lab.queue());
const done = async (page: Page): Promise<number> => (await queue(page)).sweeps[0]?.counts.done ?? 0;

async function choose(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Backend' }).selectOption('wasm');
  await expect(page.locator('.status')).toContainText('compiled · CPU');
}

test('a link with axes shows its grid and its cost, and starts when somebody presses Start', async ({
  page,
}) => {
  await open(page, 'data=digits&train.steps=40&sweep.train.batchSize=32,64,4096&sweep.seeds=2&v=1');
  await choose(page);
  await expect(page.getByRole('link', { name: 'Studies' })).toHaveAttribute('aria-current', 'page');
  await expect(page.getByText('4 queued')).toBeVisible();
  await expect(page.getByText('2 cells cannot be trained.')).toBeVisible();
  await expect(page.getByText(/^4 runs, about/)).toBeVisible();
  await expectAccessible(page);
  const axis = page.getByRole('textbox', { name: 'Batch size' });
  await axis.fill('16..64*2');
  await axis.press('Enter');
  await expect(page.getByText('6 queued')).toBeVisible();
  await expect(page).toHaveURL(/sweep\.train\.batchSize=16,32,64/);
  await axis.fill('NaN');
  await axis.press('Enter');
  await expect(page.getByText(/NaN is not a whole number/)).toBeVisible();
  await open(page, 'data=digits&train.steps=40&sweep.train.batchSize=32,64&sweep.seeds=2&v=1');
  expect((await queue(page)).sweeps).toEqual([]);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByText('4 done')).toBeVisible();
  await expect(page.getByText('nothing left to train')).toBeVisible();
  await page.getByRole('button', { name: /batch size 32: done/ }).click();
  await expect(page.getByText('seed 1').first()).toBeVisible();
  await expectAccessible(page);
  // The same trials of another sweep are there already.
  await open(page, 'data=digits&train.steps=40&sweep.train.batchSize=64,128&v=1');
  await expect(page.getByText('1 done, 1 queued')).toBeVisible();
});

test('a sweep goes through a reload and a killed page, and every cell is trained once', async ({
  page,
  context,
}) => {
  await open(page, LINK);
  await choose(page);
  expect(await queue(page)).toMatchObject({ driving: false, sweeps: [] });
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect.poll(() => done(page)).toBeGreaterThanOrEqual(1);
  // Another tab sees the queue and may not work it off beside this one.
  const other = await context.newPage();
  await open(other);
  const refused = await other.evaluate(() => lab.resumeQueue().catch((error: Error) => error.message));
  expect(refused).toContain('Another tab works the queue off');
  await other.close();
  await expect.poll(() => done(page)).toBeGreaterThanOrEqual(2);

  await page.reload();
  await expect(page.locator('.status')).toContainText('compiled · CPU');
  const reloaded = await queue(page);
  expect(reloaded).toMatchObject({ driving: false, failure: null });
  expect(reloaded.sweeps[0]?.counts.running).toBe(0);
  const before = await done(page);
  expect(before).toBeGreaterThanOrEqual(2);
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
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

// Runs side by side: chosen, started, watched, stopped, gone on with after a reload, and asked for by a question.
import type { Page } from 'playwright/test';
import { expect, expectAccessible, open, test } from './lab.ts';

const panel = (page: Page) => page.getByRole('region', { name: 'Side by side' });
const rows = (page: Page) => panel(page).locator('tbody tr');

/** Steps of each row, in the order of the table. */
async function steps(page: Page): Promise<readonly number[]> {
  const runs = await page.evaluate(() => lab.runs());
  return runs.map(({ step }) => step).toSorted((a, b) => a - b);
}

test('three batch sizes are chosen with one press, grow together, stop together and go on', async ({
  page,
}) => {
  await open(page, 'data=digits&model.width=16&train.epochs=400&v=1');
  await page.getByRole('combobox', { name: 'Backend' }).selectOption('wasm');
  await expect(page.locator('.status')).toContainText('compiled · CPU');
  // By keyboard alone.
  await panel(page).getByRole('button', { name: 'batch sizes' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/sweep\.train\.batchSize=32,128,512/);
  await expect(rows(page)).toHaveCount(3);
  const values = panel(page).getByRole('textbox', { name: 'Batch size' });
  await values.fill('16,64');
  await values.press('Enter');
  await expect(rows(page)).toHaveCount(2);
  await panel(page).getByRole('button', { name: 'Square root' }).click();
  await expect(page).toHaveURL(/optimizer\.scaling=sqrt/);
  await expect(rows(page).nth(0)).toContainText('3.54e-4');
  await expectAccessible(page);

  await panel(page).getByRole('button', { name: 'Train 2 side by side' }).click();
  await expect(panel(page).getByRole('button', { name: 'Stop all' })).toBeVisible();
  await expect(panel(page).getByText(/training, \d+ %/)).toHaveCount(2);
  await expect.poll(async () => (await steps(page))[0]).toBeGreaterThan(100);
  await expect(page.locator('.run-bar')).toContainText('1 more beside it');
  await page.getByRole('group', { name: 'x axis' }).getByRole('button', { name: 'step' }).click();
  await expect(panel(page)).toContainText('with equal steps as the x axis is now');
  await expectAccessible(page);
  await panel(page).getByRole('button', { name: 'Stop all' }).click();
  await expect(panel(page).getByText(/stopped, step/)).toHaveCount(2);
  const stopped = await steps(page);

  // The plain address leads back to them.
  await page.reload();
  await expect(page.locator('.status')).toContainText('compiled · CPU');
  await expect(panel(page).getByText(/stopped, step/)).toHaveCount(2);
  await panel(page).getByRole('button', { name: 'Go on with 2' }).click();
  await expect.poll(async () => (await steps(page))[0]).toBeGreaterThan(stopped[0] ?? 0);
  expect(await steps(page)).toHaveLength(2);
  await panel(page).getByRole('button', { name: 'Stop all' }).click();
  await panel(page).getByRole('button', { name: 'Close' }).click();
  await expect(page).not.toHaveURL(/sweep/);
});

test('a question lets its runs be watched side by side, and has its answer of them', async ({ page }) => {
  await open(page, 'view.page=guide&v=1');
  await page.getByRole('combobox', { name: 'Backend' }).selectOption('wasm');
  await expect(page.locator('.status')).toContainText('compiled · CPU');
  const question = page.getByRole('listitem').filter({ hasText: 'Equal updates' }).first();
  const watch = question.getByRole('button', { name: 'Watch them grow side by side' });
  await expect(watch).toBeDisabled();
  await question.getByRole('radio').first().check();
  await watch.click();
  await expect(rows(page)).toHaveCount(3);
  await expect(panel(page).getByText('finished')).toHaveCount(3, { timeout: 120_000 });
  await expect(panel(page).getByRole('button', { name: 'Train all again' })).toBeVisible();
  await page.getByRole('link', { name: 'Guide', exact: true }).click();
  await expect(question.getByText('It was')).toBeVisible();
});

test('the palette and a study lead to runs side by side, and undo leads back to the study', async ({
  page,
}) => {
  await open(page, 'study=batch-size');
  await page.getByRole('button', { name: 'Watch some of them side by side' }).click();
  await expect(rows(page)).toHaveCount(4);
  await expect(rows(page).nth(3)).toContainText('1,024');
  await expect(page).toHaveURL(/sweep\.train\.batchSize=16,64,256,1024&.*view\.page=train/);
  await page.getByRole('link', { name: 'Studies', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Watch them side by side' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Control+z');
  await expect(page).toHaveURL(/study=batch-size/);
  await expect(page.getByRole('button', { name: 'Watch some of them side by side' })).toBeVisible();
  // In the Train view so many are refused, with the way to a few.
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await panel(page).getByRole('button', { name: 'Watch some of them side by side' }).click();
  await expect(rows(page)).toHaveCount(4);
  await panel(page).getByRole('button', { name: 'Close' }).click();
  await expect(rows(page)).toHaveCount(0);

  await page.keyboard.press('Control+k');
  await page.keyboard.type('side by side rates');
  await page.keyboard.press('Enter');
  await expect(rows(page)).toHaveCount(3);
  await expect(page).toHaveURL(/sweep\.optimizer\.learningRate=/);
});

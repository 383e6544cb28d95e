// Journeys of what runs say: a study's figures grow with its runs and lead back to them; a table of one's own is fitted.
import type { Page } from 'playwright/test';
import { expect, expectAccessible, open, test } from './lab.ts';

const figures = (page: Page) => page.getByRole('region', { name: 'Figures' });

test('a study draws its runs as they finish, a point leads to the runs behind it, and the link carries what was found', async ({
  page,
  context,
  browser,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(
    page,
    'study=scaling-law&data=digits&train.batchSize=32&sweep.model.width=4,8,16&sweep.data.trainSize=200,400,800&sweep.train.epochs=1,3&sweep.seeds=1&v=1',
  );
  await page.getByRole('combobox', { name: 'Backend' }).selectOption('wasm');
  await expect(page.locator('.status')).toContainText('compiled · CPU');
  await expect(figures(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  // Before all is done there is a first figure.
  await expect(figures(page)).toBeVisible();
  await expect(page.getByText('18 done')).toBeVisible({ timeout: 60_000 });
  const main = page.getByRole('region', { name: 'Test error against training compute', exact: true });
  await main.getByRole('button', { name: /^Table/ }).click();
  await expect(main.getByRole('row')).not.toHaveCount(1);
  await main.getByRole('button', { name: /^Table/ }).click();
  const points = main.getByRole('slider', { name: /^Points/ });
  await points.focus();
  await points.press('Home');
  await points.press('Enter');
  const behind = page.getByRole('region', { name: 'Runs behind the point' });
  await expect(behind).toContainText('One run behind this point');
  await page.getByRole('button', { name: 'seconds', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Test error against time of training' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'FLOPs', exact: true }).click();
  await points.focus();
  await points.press('Home');
  await points.press('Enter');
  await behind.getByRole('button', { name: 'Show in Runs' }).click();
  await expect(page.getByRole('link', { name: 'Runs' })).toHaveAttribute('aria-current', 'page');

  await page.getByRole('link', { name: 'Studies' }).click();
  await page.getByRole('button', { name: 'Copy link with this finding' }).click();
  await expect(page.getByText('Copied', { exact: true })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link.length).toBeLessThan(2000);
  const fit = page.getByRole('region', { name: /^Fit:/ }).first();
  const alpha = (await fit.getByRole('row', { name: /^α/ }).textContent()) ?? '';

  // Somebody else sees law, points and verdict, and nothing has trained there.
  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await other.goto(link);
  const band = other.getByRole('region', { name: 'Finding from the link' });
  await expect(band).toContainText('18 of 18 runs that were trained elsewhere');
  const theirs = other.getByRole('region', { name: /^Fit:/ }).first();
  await expect(theirs.getByRole('row', { name: /^α/ })).toHaveText(alpha);
  expect(await other.evaluate(async () => (await lab.runs()).length)).toBe(0);
  await expectAccessible(other);
  await elsewhere.close();

  // Where the runs are, the two stand beside each other.
  await page.goto('about:blank');
  await page.goto(link);
  const beside = page.getByRole('region', { name: 'Finding from the link' });
  await expect(beside).toContainText('In the link');
  // Laws of compute that is counted otherwise are not compared.
  await page.getByRole('button', { name: '= 1', exact: true }).click();
  await expect(beside).toContainText('counts a multiply-add as 2');
  await expect(beside).not.toContainText('In the link');
});

test('a table of one’s own gets a law with intervals, or a clear answer', async ({ page }) => {
  await open(page);
  await page.getByRole('link', { name: 'Studies' }).click();
  await page.getByRole('button', { name: /Fit a table of your own/ }).click();
  const choose = async (text: string): Promise<void> =>
    page
      .getByLabel('Table')
      .setInputFiles({ name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  const press = (): Promise<void> => page.getByRole('button', { name: 'Fit', exact: true }).click();
  await choose('');
  await expect(page.getByRole('alert')).toContainText('mine.csv is empty');
  await choose('C,loss\n1e9,3\n1e10,2\n');
  await page.getByRole('combobox', { name: 'Law' }).selectOption('power-law-offset');
  await press();
  await expect(page.getByRole('alert')).toContainText('3 parameters');
  await choose('C,loss\n1e9,3\n1e10,none\n1e11,1\n1e12,0.5\n');
  await press();
  await expect(page.getByRole('alert')).toContainText('column "loss" is "none"');
  const rows = Array.from(
    { length: 12 },
    (_, i) => `${1e9 * 3 ** i},${2 + 3 * 0.7 ** i + 0.002 * Math.sin(i)}`,
  );
  await choose(['C,loss', ...rows].join('\n'));
  await page.getByRole('textbox', { name: 'Configurations to hold out' }).fill('2');
  await page.evaluate(() => {
    const long: number[] = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) long.push(duration);
    }).observe({ type: 'longtask' });
    (globalThis as { long?: number[] }).long = long;
  });
  await press();
  const panel = page.getByRole('region', { name: /^Fit:/ });
  await expect(panel).toContainText('1000 resamples', { timeout: 60_000 });
  await expect(panel).toContainText(/\d of 2 hit/);
  await expect(page.getByRole('region', { name: 'Other forms' })).toBeVisible();
  const long = await page.evaluate(() => (globalThis as { long?: number[] }).long ?? []);
  process.stdout.write(
    `main thread while fitting: tasks over 50 ms: ${long.map(Math.round).join(', ') || 'none'}\n`,
  );
  await expectAccessible(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Fit as JSON' }).click();
  expect((await download).suggestedFilename()).toBe('fit-power-law-offset.json');
});

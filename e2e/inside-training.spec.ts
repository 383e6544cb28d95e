// Looking into a run while it trains, and the ways to a run's inside: from the table, from its details, by a link.
import type { Page } from 'playwright/test';
import { expect, expectAccessible, open, stopButton, test, trainButton } from './lab.ts';

const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** The step of the weights that a part shows. */
async function shownStep(page: Page, name: string): Promise<number> {
  const head = await part(page, name).locator('.section-head').textContent();
  return Number(/at step ([\d,]+)/.exec(head ?? '')?.[1]?.replaceAll(',', '') ?? Number.NaN);
}

test('a run is looked into while it trains, and trains on without a gap', async ({ page }) => {
  await open(page, 'data=fashion-mnist&model.width=64&train.epochs=1000');
  await page.getByRole('combobox', { name: 'Backend' }).selectOption('wasm');
  await expect(page.locator('.status')).toContainText('CPU');
  await trainButton(page).click();
  await expect(page.getByText(/step [1-9][\d,]* of/)).toBeVisible();
  await page.getByRole('link', { name: 'Inside', exact: true }).click();

  await expect(part(page, 'First-layer filters').locator('canvas').first()).toBeVisible();
  await expect(part(page, 'Weights and their gradients')).toContainText('linear_in.weight');
  await expect(part(page, 'Answers')).toContainText(/%.* of [\d,]+ test images/);
  await expect(page.locator('.inside-head')).toContainText('training; newest checkpoint of step');
  await expectAccessible(page);
  const parts = ['First-layer filters', 'Weights, gradients and activations'] as const;
  const first = await Promise.all(parts.map((name) => shownStep(page, name)));
  for (const step of first) expect(step).toBeGreaterThan(0);
  const stepOf = () => page.evaluate(async () => (await lab.runs())[0]?.step ?? 0);
  const before = await stepOf();
  await expect.poll(() => shownStep(page, parts[0])).toBeGreaterThan(first[0] ?? 0);
  await expect.poll(() => shownStep(page, parts[1])).toBeGreaterThan(first[1] ?? 0);
  expect(await stepOf()).toBeGreaterThan(before);

  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await stopButton(page).click();
  await expect(page.getByText(/Stopped at step/).first()).toBeVisible();
  const { steps, last } = await page.evaluate(async () => {
    const [run] = await lab.runs();
    const columns = await lab.metrics(run?.key ?? '');
    return { steps: columns['train/loss']?.steps ?? [], last: run?.step ?? 0 };
  });
  expect(steps.length).toBe(last);
  expect(steps.findIndex((step, index) => step !== index + 1)).toBe(-1);
});

test('each run leads to its inside, and a link of the view to the run that is shown', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page);
  await page.evaluate(async () => {
    await lab.train('data=digits&model.width=16&train.steps=5');
    await lab.train('data=digits&model.width=24&train.steps=5');
  });
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  const rows = page.locator('.runs-table tbody tr');
  await expect(rows).toHaveCount(2);
  const menu = page.getByRole('combobox', { name: 'Run to look into' });
  const shown = () => menu.locator('option:checked').textContent();

  await rows.nth(1).getByRole('button', { name: /^More/ }).click();
  await page.getByRole('button', { name: 'Look inside', exact: true }).last().click();
  await expect(part(page, 'First-layer filters').locator('canvas')).toHaveCount(16);
  const older = await shown();
  await page.getByRole('button', { name: 'Other links to share' }).click();
  await page.getByRole('button', { name: 'Copy this view' }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toMatch(/view\.page=inside&view\.run=[0-9a-f]{16}&v=1$/);
  const link = await page.evaluate(() => navigator.clipboard.readText());

  await page.getByRole('link', { name: 'Inside', exact: true }).click();
  await expect(part(page, 'First-layer filters').locator('canvas')).toHaveCount(24);
  await page.goto(link);
  await page.reload();
  await expect(part(page, 'First-layer filters').locator('canvas')).toHaveCount(16);
  expect(await shown()).toBe(older);

  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await rows.nth(0).getByRole('checkbox').check();
  await rows.nth(1).getByRole('checkbox').uncheck();
  await page.locator('.run-details').getByRole('button', { name: 'Look inside' }).click();
  await expect(part(page, 'First-layer filters').locator('canvas')).toHaveCount(24);

  // Somebody else has not this run: what is there is shown, and said to be another one.
  await page.goto(link.replace(/view\.run=\w+/, `view.run=${'0'.repeat(16)}`));
  await expect(page.getByRole('status').filter({ hasText: 'The run of the link' })).toBeVisible();
  await expect(part(page, 'First-layer filters').locator('canvas').first()).toBeVisible();
  await expectAccessible(page);
});

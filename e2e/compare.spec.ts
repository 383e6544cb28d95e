// Journeys 3 and 4: families at one parameter budget with seeds, intervals and Pareto fronts; batch sizes under several
// budgets, with the way to a target. Small, on digits: what they find is not looked at, how it is told is.
import type { Page } from 'playwright/test';
import { expect, expectAccessible, open, test } from './lab.ts';

const figures = (page: Page) => page.getByRole('region', { name: 'Figures' });

async function train(page: Page, link: string, runs: number): Promise<void> {
  await open(page, link);
  await page.getByRole('combobox', { name: 'Backend' }).selectOption('wasm');
  await expect(page.locator('.status')).toContainText('compiled · CPU');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByText(`${runs} done`)).toBeVisible({ timeout: 120_000 });
}

test('three families at one parameter budget: mean, interval, fronts, and a verdict with its evidence', async ({
  page,
}) => {
  await train(
    page,
    'study=shapes&data=digits&data.validationSize=0&train.steps=40&sweep.budget=1e4,3e4&sweep.seeds=3&v=1',
    18,
  );
  await expect(page.getByText(/parameters within [\d.]+ %/)).toBeVisible();
  const main = page.getByRole('region', { name: 'Test accuracy against parameters', exact: true });
  await expect(main).toContainText('95 %');
  for (const family of ['Isotropic', 'Inverted bottleneck', 'Hourglass'])
    await expect(main.getByText(family, { exact: true }).first()).toBeVisible();
  await expect(main).toContainText('Pareto front');
  await page.getByRole('button', { name: 'multiply-adds', exact: true }).click();
  await expect(figures(page)).toContainText(/Test accuracy against multiply-adds/);
  await expect(page.getByText(/^(At|In) [\d,]+ parameters the hourglass is .*\[.*\]/).first()).toBeVisible();
  await expectAccessible(page);
});

test('batch sizes under equal epochs and equal steps, each at its best learning rate', async ({ page }) => {
  await train(
    page,
    'study=batch-size&data=digits&data.validationSize=200&sweep.train.batchSize=16,64,256&sweep.optimizer.learningRate=0.001,0.004&sweep.horizon=epochs:2,steps:30&sweep.seeds=2&v=1',
    24,
  );
  await expect(page.getByRole('region', { name: 'Test loss, 2 epochs for all', exact: true })).toBeVisible();
  await expect(figures(page)).toContainText('30 steps for all');
  await expect(page.getByText(/supported|undecided/).first()).toBeVisible();
  await expectAccessible(page);
});

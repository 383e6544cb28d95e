// Journey 1: the page is useful at once, Train works on the built-in data, curves are live.
import { expect, expectAccessible, open, stopButton, test, trainButton } from './lab.ts';

test('a first visit: plan before the click, curves after it', async ({ page }) => {
  await open(page);
  await expect(page.getByText('365,706').first()).toBeVisible();
  await expect(page.getByText(/930 steps, 10 epochs of 93/)).toBeVisible();
  await trainButton(page).click();
  await expect(page.getByText(/step [1-9]\d* of 930/)).toBeVisible();
  await expect(page).toHaveTitle(/%/);
  await expect(page.getByRole('row', { name: /inverted 128 × 2/ }).first()).toContainText('%');
  await stopButton(page).click();
  await expect(page.getByText(/Stopped at step/)).toBeVisible();
});

test('defaults reach more than 83 % on Fashion-MNIST', async ({ page }) => {
  await open(page);
  await trainButton(page).click();
  await expect(page.getByText(/Finished\. /)).toBeVisible({ timeout: 150_000 });
  const accuracy = await page.evaluate(async () => {
    const [run] = await lab.runs();
    const { 'test/accuracy': column } = await lab.metrics(run?.key ?? '');
    return column?.values.at(-1) ?? 0;
  });
  expect(accuracy).toBeGreaterThan(0.83);
});

test('the keyboard alone trains, steps and stops; a field keeps its letters', async ({ page }) => {
  await open(page, 'data=digits&train.steps=5000');
  await page.locator('body').press('s');
  await expect(page.getByText(/Stopped at step 1 of 5,000/)).toBeVisible();
  await page.locator('body').press('Space');
  await expect(stopButton(page)).toBeVisible();
  await page.locator('body').press('Space');
  await expect(page.getByText(/Stopped at step/)).toBeVisible();
  const seed = page.getByRole('textbox', { name: 'Seed' });
  await seed.fill('7');
  await seed.press('r');
  await expect(page.getByText(/Stopped at step|steps, /).first()).toBeVisible();
});

for (const theme of ['light', 'dark'] as const) {
  for (const width of [1440, 1024, 390]) {
    test(`nothing is inaccessible: ${theme}, ${width} wide, empty and trained`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height: 900 });
      await open(page, 'data=digits&train.steps=30');
      await expectAccessible(page);
      await trainButton(page).click();
      await expect(page.getByText(/Finished\. /)).toBeVisible();
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      const card = page.locator('.card').first();
      expect(await card.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)).toBe(true);
    });
  }
}

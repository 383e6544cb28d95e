// Looking inside a network: filters, answers, statistics and an image of one's own;
// accessible in both themes.
import { encode } from 'fast-png';
import type { Page } from 'playwright/test';
import { expect, expectAccessible, open, test, trainButton } from './lab.ts';

const RUN = 'data=digits&model.width=32&train.epochs=10';
const inside = (page: Page) => page.getByRole('link', { name: 'Inside', exact: true }).click();
const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** A grey picture: a light bar on black, like a one. */
function bar(): Buffer {
  const [width, height] = [60, 40];
  const data = new Uint8Array(width * height);
  for (let y = 4; y < 36; y++) data.fill(255, y * width + 27, y * width + 33);
  return Buffer.from(encode({ width, height, data, channels: 1, depth: 8 }));
}

test('a run that is over is looked into, by mouse and by keyboard', async ({ page }) => {
  await open(page, RUN);
  await inside(page);
  await expect(page.getByText('No run here has stored weights yet')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Go to Train' }).click();
  await trainButton(page).click();
  await expect(page.getByText(/Finished\./)).toBeVisible({ timeout: 60_000 });
  await inside(page);

  await expect(part(page, 'First-layer filters').locator('canvas')).toHaveCount(32, { timeout: 30_000 });
  await expect(part(page, 'First-layer filters')).toContainText('Locality');
  await expect(part(page, 'Weights and their gradients')).toContainText('linear_in.weight');
  await expect(part(page, 'Activations, in order')).toContainText('gelu');

  const answers = part(page, 'Answers');
  await expect(answers).toContainText(/\d+\.\d % \[\d+\.\d, \d+\.\d\] of \d+ test images/);
  const first = answers.locator('[data-cell="0 0"]');
  await first.click();
  await expect(answers.locator('.picture-row canvas').first()).toBeVisible();
  await first.press('ArrowRight');
  await expect(answers.locator('[data-cell="0 1"]')).toBeFocused();
  await expect(part(page, 'Calibration')).toContainText('Expected calibration error');

  const own = part(page, 'Try your own');
  const pad = own.locator('.draw-pad');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (!box) throw new Error('no field to draw on');
  await page.mouse.move(box.x + 84, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + 84, box.y + 140, { steps: 5 });
  await page.mouse.up();
  await expect(own.locator('.probabilities li')).toHaveCount(10);
  await expect(own).toContainText('Taken for');
  await own
    .locator('input[type=file]')
    .setInputFiles({ name: 'bar.png', mimeType: 'image/png', buffer: bar() });
  await expect(own).toContainText('bar.png, 60 × 40: the middle cut out and resized to 8 × 8 in grey');
  await own
    .locator('input[type=file]')
    .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no') });
  await expect(own.getByRole('alert')).toContainText('a.png is no picture');

  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
});

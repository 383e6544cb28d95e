// A task on images: pictures while it trains, scores in dB, and the same pictures again after a reload.
import type { Page } from 'playwright/test';
import { expect, expectAccessible, open, test, trainButton } from './lab.ts';

/** What the gallery shows: scores below the images, and the pixels of every picture. */
const shown = (page: Page) =>
  page.locator('.gallery').evaluate((table) => ({
    scores: [...table.querySelectorAll('.scores td')].map((cell) => cell.textContent),
    pixels: [...table.querySelectorAll('canvas')].map((canvas) =>
      canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data.join(),
    ),
  }));

test('denoising shows what it gives, and again from the stored weights', async ({ page }) => {
  await open(page, 'data=digits&task=denoise&model=hourglass&model.width=64&train.epochs=8');
  await expect(page.getByText('of a few test images appear here once training starts')).toBeVisible();
  await trainButton(page).click();
  await expect(page.getByText(/Finished\. .* dB test PSNR after/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/of test images, at step/)).toBeVisible();
  const trained = await shown(page);
  expect(trained.scores).toHaveLength(12);
  expect(trained.pixels).toHaveLength(36);
  expect(new Set(trained.pixels).size).toBe(36);
  await expectAccessible(page);

  await page.reload();
  await page.getByRole('button', { name: 'Show pictures' }).click();
  await expect(page.locator('.gallery')).toBeVisible();
  expect(await shown(page)).toEqual(trained);
});

// Journey 6: a link with its result is seen before anything trains, reproduced to the last bit, and lessons teach.
import { readFileSync } from 'node:fs';
import { expect, expectAccessible, open, test, trainButton } from './lab.ts';

const FINISHED = /Finished\. /;

test('a result in a link is shown untrained, then reproduced to the last bit', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, 'data=digits&train.epochs=4&seed=3');
  await page.getByRole('button', { name: 'Other links to share' }).click();
  await expect(page.getByRole('button', { name: /Copy link with result: train/ })).toBeDisabled();
  await page.keyboard.press('Escape');
  await trainButton(page).click();
  await expect(page.getByText(FINISHED)).toBeVisible();
  await page.getByRole('button', { name: 'Other links to share' }).click();
  await page.getByRole('button', { name: 'Copy link with result' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link.length).toBeLessThan(1700);

  // Somebody else: another browser profile, nothing stored.
  const other = await context.browser()?.newContext({ viewport: { width: 1440, height: 900 } });
  const theirs = await other?.newPage();
  if (!other || !theirs) throw new Error('No second browser.');
  await theirs.goto(link);
  const band = theirs.getByRole('region', { name: 'Result from the link' });
  await expect(band).toContainText('from a link. It finished after 44 steps');
  await expect(band).toContainText('Nothing was trained here');
  await expect(theirs.getByRole('row', { name: /from a link/ }).first()).toContainText('%');
  expect(await theirs.evaluate(async () => (await lab.runs()).length)).toBe(0);
  await expectAccessible(theirs);
  await band.getByRole('button', { name: 'Reproduce' }).click();
  await expect(band.getByText('Reproduced to the last bit')).toBeVisible();
  await expect(band.getByRole('row', { name: /test accuracy/ })).toContainText('none');
  await expectAccessible(theirs);
  await other.close();
});

test('a damaged result is a problem of the link; the settings are still there', async ({ page }) => {
  await open(page, 'data=digits&seed=4&r=eJxLSU0BAAA');
  await expect(page.getByText(/The result in the link is not shown/)).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Seed' })).toHaveValue('4');
  await expect(page.getByRole('region', { name: 'Result from the link' })).toHaveCount(0);
});

test('a lesson hides controls, tells its note as text, and can be made here', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(
    page,
    'data=digits&hide=optimizer.*,model.*&note=Try%20it.%0A%3Cimg%20src=x%3E&expect=Less%20noise.',
  );
  const lesson = page.getByRole('region', { name: 'Lesson' }).first();
  await expect(lesson).toContainText('Try it.\n<img src=x>');
  await expect(lesson.locator('img')).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'Width' })).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'Batch size' })).toBeVisible();
  await page.getByRole('button', { name: /Show all settings, \d+ hidden/ }).click();
  await expect(page.getByRole('textbox', { name: 'Width' })).toBeVisible();
  await lesson.getByText('What you should see').click();
  await expect(lesson).toContainText('Less noise.');
  await expectAccessible(page);

  const batch = page.getByRole('textbox', { name: 'Batch size' });
  await batch.fill('32');
  await batch.press('Enter');
  await expect(page).toHaveURL(/expect=.*hide=.*train\.batchSize=32/);

  await page.getByRole('button', { name: 'Other links to share' }).click();
  await page.getByRole('button', { name: 'Make a lesson' }).click();
  const editor = page.getByRole('dialog', { name: 'Make a lesson from this config' });
  await editor.getByRole('textbox', { name: /^Note/ }).fill('Another task.\nTwo lines.');
  await editor.getByRole('checkbox', { name: 'Seed' }).uncheck();
  await expectAccessible(page);
  await editor.getByRole('button', { name: 'Copy lesson link' }).click();
  await expect(editor.getByRole('button', { name: 'Copied' })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain('note=Another%20task.%0ATwo%20lines.');
  expect(link).toMatch(/hide=optimizer\.\*,model\.\*,seed/);
  await editor.getByRole('button', { name: 'Try it here' }).click();
  await expect(lesson).toContainText('Another task.');
  await expect(page.getByRole('textbox', { name: 'Seed' })).toHaveCount(0);
});

test('a config file is shown before it changes the form', async ({ page }) => {
  await open(page, 'data=digits');
  const text = JSON.stringify({
    config: { data: 'digits', 'model.width': 48, 'optimizer.learningRate': 0.01 },
  });
  const transfer = await page.evaluateHandle((content) => {
    const data = new DataTransfer();
    data.items.add(new File([content], 'run.json', { type: 'application/json' }));
    return data;
  }, text);
  const main = page.locator('main');
  await main.dispatchEvent('dragenter', { dataTransfer: transfer, bubbles: true, cancelable: true });
  await expect(page.getByText('Drop the config to see what it would change in the form.')).toBeVisible();
  await main.dispatchEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true });
  const offer = page.getByRole('region', { name: 'What was dropped' });
  await expect(offer).toContainText('width 128 → 48, lr 1e-3 → 0.01');
  await offer.getByRole('button', { name: 'Put into the form' }).click();
  await expect(page.getByRole('textbox', { name: 'Width' })).toHaveValue('48');
});

test('the note of the icon and the title of the tab follow a run', async ({ page }) => {
  await open(page, 'data=digits&train.steps=4000&model.width=256');
  const icon = page.locator('link[rel="icon"]');
  await expect(icon).toHaveAttribute('href', /favicon/);
  await trainButton(page).click();
  await expect(icon).toHaveAttribute('href', /^data:image\/svg/);
  await expect(page).toHaveTitle(/%/);
  await page.locator('body').press('Space');
  await expect(page.getByText(/Stopped at step/)).toBeVisible();
  await expect(icon).toHaveAttribute('href', /favicon/);
  expect(readFileSync('dist/favicon.svg', 'utf8')).toContain('<svg');
});

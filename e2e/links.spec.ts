// A link shows, and starts nothing; what it says wrongly is listed.
import { expect, open, stopButton, test, trainButton } from './lab.ts';

test('a link fills the form and starts nothing', async ({ page }) => {
  await open(page, 'model=hourglass&model.width=64&train.batchSize=32');
  await expect(page.getByRole('textbox', { name: 'Width' })).toHaveValue('64');
  await expect(page.getByRole('textbox', { name: 'Bottleneck' })).toHaveValue('16');
  await expect(trainButton(page)).toBeEnabled();
  expect(await page.evaluate(async () => (await lab.runs()).length)).toBe(0);
});

test('problems are listed and can be dismissed', async ({ page }) => {
  await open(page, 'model.wdith=64&model.width=many&__proto__=1');
  const list = page.getByRole('status').filter({ hasText: 'parts of the link' });
  await expect(list.getByRole('listitem')).toHaveCount(3);
  await list.getByRole('button', { name: 'Dismiss' }).click();
  await expect(list).toHaveCount(0);
});

test('a link of a newer lab is read-only', async ({ page }) => {
  await open(page, 'model.width=64&v=9');
  await expect(page.getByText('This link is shown read-only.')).toBeVisible();
  await expect(trainButton(page)).toBeDisabled();
});

test('the address bar follows the form, and the form the address bar', async ({ page }) => {
  await open(page);
  const width = page.getByRole('textbox', { name: 'Width' });
  await width.fill('96');
  await width.press('Enter');
  await expect(page).toHaveURL(/#model\.width=96&v=1$/);
  await page.evaluate(() => {
    location.hash = 'model.width=48&v=1';
  });
  await expect(width).toHaveValue('48');
  await page.getByRole('button', { name: 'Hourglass', exact: true }).click();
  await expect(page).toHaveURL(/model=hourglass/);
});

test('a config that cannot be trained says why and offers a number that works', async ({ page }) => {
  await open(page, 'data=digits&train.batchSize=5000');
  await expect(page.getByText(/more than the 1,?497 training images/).first()).toBeVisible();
  await expect(trainButton(page)).toBeDisabled();
});

test('a learning rate of a million ends as diverged, with its curve kept', async ({ page }) => {
  await open(page, 'data=digits&optimizer=sgd&optimizer.learningRate=1000000&train.steps=500');
  await trainButton(page).click();
  await expect(page.getByText(/Diverged at step/).first()).toBeVisible();
  await expect(stopButton(page)).toHaveCount(0);
  const points = await page.evaluate(async () => {
    const [run] = await lab.runs();
    return (await lab.metrics(run?.key ?? ''))['train/loss']?.values.length ?? 0;
  });
  expect(points).toBeGreaterThan(0);
});

test('the console offers the verbs', async ({ page }) => {
  await open(page);
  const { params, result } = await page.evaluate(async () => ({
    params: (await lab.describe('data=cifar-10&model.preset=B_12-Wi_1024')).params,
    result: await lab.train('data=teacher&train.steps=20&model.width=16'),
  }));
  expect(params.total).toBe(103_906_314);
  expect(result).toMatchObject({
    outcome: 'finished',
    steps: 20,
    device: { backend: 'wasm', runner: 'compiled' },
  });
});

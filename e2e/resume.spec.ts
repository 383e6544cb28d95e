// Journey 2, second half: stop, reload, resume. The run ends as one that was never stopped, to the last bit.
import type { Page } from 'playwright/test';
import { expect, open, resumeButton, stopButton, test, trainButton } from './lab.ts';

interface Ending {
  readonly loss: number;
  readonly steps: number[];
}

async function ending(page: Page): Promise<Ending> {
  await expect(page.getByText(/Finished\. /)).toBeVisible({ timeout: 150_000 });
  return page.evaluate(async () => {
    const [run] = await lab.runs();
    const { 'train/loss': column } = await lab.metrics(run?.key ?? '');
    return { loss: column?.values.at(-1) ?? Number.NaN, steps: [...(column?.steps ?? [])] };
  });
}

async function choose(page: Page, backend: 'wasm' | 'webgpu'): Promise<void> {
  await page.getByRole('combobox', { name: 'Backend' }).selectOption(backend);
  await expect(page.locator('.status')).toContainText(
    backend === 'wasm' ? 'compiled · CPU' : 'compiled · WebGPU',
  );
}

/** Once the run that trains has a checkpoint in storage. */
async function checkpointed(page: Page): Promise<void> {
  const step = () => page.evaluate(async () => (await lab.runs())[0]?.checkpointStep ?? 0);
  await expect.poll(step).toBeGreaterThan(0);
}

const runs = [
  {
    backend: 'wasm',
    link: 'data=digits&model.width=32&train.steps=20000&augment=flip-crop&train.batchSize=64&train.evaluateEvery=100',
    steps: 20_000,
  },
  {
    backend: 'webgpu',
    link: 'data=digits&model.width=16&model.depth=1&train.steps=3000&train.batchSize=16&train.evaluateEvery=20',
    steps: 3000,
  },
] as const;

for (const { backend, link, steps } of runs) {
  test(`stop, reload, resume on ${backend}: the same loss to the last bit`, async ({
    page,
    browser,
    baseURL,
  }) => {
    const other = await (await browser.newContext({ baseURL: baseURL as string })).newPage();
    await open(other, link);
    await choose(other, backend);
    await trainButton(other).click();
    const straight = await ending(other);
    await other.close();

    await open(page, link);
    await choose(page, backend);
    await trainButton(page).click();
    await expect(
      page.getByText(new RegExp(`step [1-9][\\d,]* of ${steps.toLocaleString('en')}`)),
    ).toBeVisible();
    await stopButton(page).click();
    await expect(resumeButton(page)).toBeEnabled();
    await page.reload();
    await resumeButton(page).click();
    const resumed = await ending(page);
    const device = await page.evaluate(async () => (await lab.runs())[0]?.device?.backend);
    expect(device).toBe(backend);
    expect(resumed.loss).toBe(straight.loss);
    expect(resumed.steps).toEqual(Array.from({ length: steps }, (_, index) => index + 1));
  });
}

test('a page that is closed in the middle leaves a run that can go on', async ({ page }) => {
  await open(page, 'data=digits&train.steps=1000000');
  await trainButton(page).click();
  await checkpointed(page);
  await page.reload();
  await expect(page.getByText(/Stopped at step/).first()).toBeVisible();
  await resumeButton(page).click();
  await expect(stopButton(page)).toBeVisible();
  await expect(page.getByText(/step [1-9][\d,]* of 1,000,000/)).toBeVisible();
});

test('two tabs never train one run', async ({ page, context }) => {
  const link = 'data=digits&train.steps=1000000';
  await open(page, link);
  await trainButton(page).click();
  await checkpointed(page);
  const second = await context.newPage();
  await open(second, link);
  const refused = await second.evaluate(async () => {
    const [run] = await lab.runs();
    return { state: run?.state, key: run?.key };
  });
  expect(refused.state).toBe('running');
  expect(await page.evaluate(async () => (await lab.runs()).length)).toBe(1);
  await stopButton(page).click();
  await expect(page.getByText(/Stopped at step/).first()).toBeVisible();
});

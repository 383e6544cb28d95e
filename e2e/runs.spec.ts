// The Runs view as a person uses it: name, star, annotate, delete and bring back, compare, fork; it outlives a reload.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright/test';
import { expect, expectAccessible, open, test, trainButton } from './lab.ts';

const LINK = 'data=digits&train.steps=40&train.evaluateEvery=1';
const runsTab = (page: Page) => page.getByRole('link', { name: 'Runs', exact: true });
const rows = (page: Page) => page.locator('.runs-table tbody tr');
const more = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first();

/** Trains these links one after the other. */
async function trained(page: Page, links: readonly string[]): Promise<void> {
  for (const link of links) await page.evaluate((text) => lab.train(text), link);
}

async function choose(page: Page, name: string | RegExp, isOn = true): Promise<void> {
  await page.getByRole('checkbox', { name }).first().setChecked(isOn);
}

test('a name, a star, tags and a note are kept, are plain text, and are found', async ({ page }) => {
  await open(page, LINK);
  await trained(page, [LINK, `${LINK}&model.width=32`]);
  await runsTab(page).click();
  await expect(rows(page)).toHaveCount(2);
  await choose(page, /128 × 2: on the charts/, false);
  const title = '<img src=x onerror=alert(1)>';
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(title);
  await page.getByRole('textbox', { name: 'Name', exact: true }).press('Enter');
  await expect(rows(page).filter({ hasText: title })).toHaveCount(1);
  await page.getByRole('textbox', { name: 'Note' }).fill('line one\n=cmd()');
  await page.getByRole('textbox', { name: 'New tag' }).fill('ablation');
  await page.getByRole('textbox', { name: 'New tag' }).press('Enter');
  await page.getByRole('button', { name: 'Star', exact: true }).click();
  await expect(page.getByRole('button', { name: /Starred 1/ })).toBeVisible();
  await expectAccessible(page);

  await page.reload();
  await runsTab(page).click();
  const row = rows(page).filter({ hasText: title });
  await expect(row).toHaveCount(1);
  await expect(row.getByRole('button', { name: /^Star/ })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('textbox', { name: 'Note' })).toHaveValue('line one\n=cmd()');
  expect(await page.locator('main img').count()).toBe(0);
  await page.getByRole('searchbox').fill('#abl');
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('searchbox').fill('width=128');
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).not.toContainText(title);
  await page.getByRole('searchbox').fill('');

  // In the exports, where a spreadsheet must not run it.
  const downloading = page.waitForEvent('download');
  await more(page, /Actions with the chosen/).click();
  await page.getByRole('button', { name: /^Table as CSV/ }).click();
  const path = await (await downloading).path();
  const csv = readFileSync(path, 'utf8');
  expect(csv).toContain(title);
  expect(csv).toContain('"line one\n=cmd()"');
  expect(csv).toContain('ablation');
});

test('deleted runs come back by undo', async ({ page }) => {
  await open(page, LINK);
  await trained(page, [LINK, `${LINK}&model.width=32`, `${LINK}&model.width=16`]);
  await runsTab(page).click();
  await expect(rows(page)).toHaveCount(3);
  await choose(page, /16 × 2: on the charts/, false);
  await more(page, /Actions with the chosen/).click();
  await page.getByRole('button', { name: 'Delete 2', exact: true }).click();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rows(page)).toHaveCount(3);
  await page.reload();
  await runsTab(page).click();
  await expect(rows(page)).toHaveCount(3);
});

test('two configs are compared: what differs, where it went, and their curves in their colours', async ({
  page,
}) => {
  await open(page, LINK);
  await trained(page, [LINK, `${LINK}&seed=1`, `${LINK}&model=isotropic&model.width=64`]);
  await runsTab(page).click();
  // The two seeds are one row, which opens.
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole('button', { name: /2 runs of/ }).click();
  await expect(rows(page)).toHaveCount(4);
  const compare = page.locator('.runs-columns > .column').nth(1);
  await expect(compare.getByRole('heading', { name: 'Compare 2 configs' })).toBeVisible();
  await expect(compare.getByRole('row', { name: /^model\.width/ })).toContainText('64');
  await expect(compare.getByRole('row', { name: /^Parameters/ })).toBeVisible();
  await expect(compare.locator('.lead')).toContainText('leads');
  await expect(compare.getByText(/mean of 2 seeds, band: 95 % bootstrap/).first()).toBeVisible();
  await compare.getByRole('button', { name: 'Table: Test accuracy' }).click();
  await expect(compare.getByRole('region', { name: 'Test accuracy as a table' })).toBeVisible();
  await expectAccessible(page);
  // A chart as a file: its picture with names and lines, and its values as measured.
  const saved = async (word: string): Promise<Buffer> => {
    const downloading = page.waitForEvent('download');
    await compare.getByRole('button', { name: 'Export: Test accuracy', exact: true }).click();
    await compare.getByRole('button', { name: word, exact: true }).click();
    return readFileSync(await (await downloading).path());
  };
  const svg = (await saved('SVG')).toString();
  expect(svg).toMatch(/^<svg[^>]*>.*Test accuracy.*<path.*isotropic.*<\/svg>$/s);
  expect(svg).not.toContain('var(--');
  expect((await saved('PNG')).subarray(1, 4).toString()).toBe('PNG');
  expect((await saved('CSV, as measured')).toString().split('\r\n')[0]).toBe('run,step,metric,value');
  // From the keyboard: the crosshair reads, the chart zooms and shows all again.
  const plot = compare.getByRole('slider', { name: 'Crosshair, Train loss' });
  await plot.focus();
  await plot.press('Home');
  await plot.press('Shift+ArrowRight');
  await expect(plot).toHaveAttribute('aria-valuetext', /^step \d+\. .*isotropic \d/);
  const whole = await plot.getAttribute('aria-valuemax');
  await plot.press('+');
  await expect(plot).not.toHaveAttribute('aria-valuemax', whole ?? '');
  await compare
    .getByRole('region', { name: 'Train loss', exact: true })
    .getByRole('button', { name: 'Reset zoom' })
    .click();
  await expect(plot).toHaveAttribute('aria-valuemax', whole ?? '');
  // By hand: a dragged range, the wheel with Ctrl, and a double click for all of it.
  const box = await plot.boundingBox();
  if (!box) throw new Error('the plot has no place');
  const middle = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.25, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, middle, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => Number(await plot.getAttribute('aria-valuemax'))).toBeCloseTo(20, 0);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -240);
  await page.keyboard.up('Control');
  await expect.poll(async () => Number(await plot.getAttribute('aria-valuemax'))).toBeLessThan(19.5);
  await plot.dblclick();
  await expect(plot).toHaveAttribute('aria-valuemax', whole ?? '');
});

test('a fork goes on from its parent with other settings and says so', async ({ page }) => {
  await open(page, LINK);
  await trained(page, [LINK]);
  await runsTab(page).click();
  await more(page, /^More: /).click();
  await page.getByRole('button', { name: 'Fork at step 40' }).click();
  await expect(page.getByText(/budget ends at step 40/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Fork', exact: true })).toBeDisabled();
  await page.getByRole('textbox', { name: 'Learning rate' }).fill('3e-4');
  await page.getByRole('textbox', { name: 'Budget' }).fill('60');
  await page.getByRole('textbox', { name: 'Budget' }).press('Enter');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Fork', exact: true }).click();
  await expect(page.getByText(/Finished\. /)).toBeVisible();
  const [child, parent] = await page.evaluate(() => lab.runs());
  expect(child?.parent).toMatchObject({ key: parent?.key, id: parent?.runId, step: 40 });
  expect(child?.step).toBe(60);
  const steps = await page.evaluate(
    async (key) => (await lab.metrics(key))['train/loss']?.steps ?? [],
    child?.key ?? '',
  );
  expect(steps).toEqual(Array.from({ length: 20 }, (_, index) => 41 + index));
  await runsTab(page).click();
  await expect(rows(page).filter({ hasText: 'fork at step 40: lr 1e-3 → 3e-4' })).toHaveCount(1);

  // And back to the first weights: the same losses as the parent's, bit for bit.
  await page
    .getByRole('button', { name: /^More: / })
    .last()
    .click();
  await page.getByRole('button', { name: 'Train again from its first weights' }).click();
  // The words of the fork's end stand there until this run has begun.
  await expect
    .poll(() =>
      page.evaluate(async () => (await lab.runs()).filter(({ state }) => state === 'finished').length),
    )
    .toBe(3);
  const losses = await page.evaluate(async () => {
    const runs = await lab.runs();
    const plain = runs.filter((run) => run.parent === null).map(({ key }) => key);
    return Promise.all(plain.map(async (key) => (await lab.metrics(key))['train/loss']?.values));
  });
  expect(losses).toHaveLength(2);
  expect(losses[0]).toEqual(losses[1]);
});

test('the seventh config waits in grey and asks whose colour it gets', async ({ page }) => {
  await open(page, LINK);
  await trained(
    page,
    [8, 16, 24, 32, 48, 64, 96].map((width) => `data=digits&train.steps=3&model.width=${width}`),
  );
  const question = page.getByRole('region', { name: 'Colours' });
  await expect(question).toContainText('inverted 96 × 2');
  await expectAccessible(page);
  await question.getByRole('button', { name: /inverted 24 × 2/ }).click();
  await expect(question).toHaveCount(0);
  await expect(page.locator('.readout').getByRole('button', { name: /inverted 96/ })).toBeVisible();
  await expect(page.locator('.readout').getByRole('button', { name: /inverted 24/ })).toHaveCount(0);
});

for (const theme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test(`nothing is inaccessible in the Runs view: ${theme}, ${width} wide`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      await open(page, LINK);
      await runsTab(page).click();
      await expect(page.getByText('No runs yet')).toBeVisible();
      await expectAccessible(page);
      await trained(page, ['data=digits&train.steps=3', 'data=digits&train.steps=3&model.width=32']);
      await expect(rows(page)).toHaveCount(2);
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    });
  }
}

test('training goes on while one looks at the runs', async ({ page }) => {
  await open(page, 'data=digits&train.steps=1000000');
  await trainButton(page).click();
  await runsTab(page).click();
  await expect(rows(page).first()).toContainText(/training, \d+ %/);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByText(/Stopped at step/).first()).toBeVisible();
});

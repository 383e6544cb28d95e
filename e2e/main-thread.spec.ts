// What the page's own thread does while a run trains beside ten long ones, and how soon two hundred runs answer. The
// figures are printed; what is asserted is that the page did what was measured.
import type { Browser, Page } from 'playwright/test';
import { expect, open, stopButton, test, trainButton } from './lab.ts';
import { storeRuns } from './stored-runs.ts';

/** How long seeds are watched as thin lines, the most that is ever drawn, and as means. */
const MEASURED_MS = { each: 21_000, mean: 6_000 } as const;
/** Shorter tasks are timers and messages that do next to nothing. */
const WORK_MS = 1;

interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    Number((sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1));
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/** Durations in ms of all tasks that the page's main thread ran during `work`. */
async function tasksDuring(browser: Browser, page: Page, work: () => Promise<void>): Promise<number[]> {
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const mains = traceEvents
    .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
    .map(({ pid, tid }) => `${pid} ${tid}`);
  const tasks = new Map<string, number[]>(mains.map((thread) => [thread, []]));
  for (const { name, ph, pid, tid, dur } of traceEvents)
    if (name === 'RunTask' && ph === 'X') tasks.get(`${pid} ${tid}`)?.push((dur ?? 0) / 1000);
  // Other tabs and workers have a thread of that name too: the page's is the busy one.
  const busy = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0);
  return [...tasks.values()].sort((a, b) => busy(b) - busy(a))[0] ?? [];
}

/** From now on the page notes its tasks of 50 ms or more. */
const watchLongTasks = (page: Page) =>
  page.evaluate(() => {
    const long: number[] = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) long.push(duration);
    }).observe({ type: 'longtask' });
    (globalThis as { long?: number[] }).long = long;
  });
const longTasks = (page: Page) => page.evaluate(() => (globalThis as { long?: number[] }).long ?? []);

const drawnCurves = (page: Page) =>
  page.locator('.chart:not(.small-chart)').first().locator('g[clip-path] path');

for (const seeds of ['each', 'mean'] as const) {
  test(`ten runs of 100,000 points on the charts while one trains, seeds as ${seeds}`, async ({
    page,
    browser,
  }) => {
    await open(page);
    await storeRuns(page, { runs: 10, seeds: 2, steps: 100_000, shown: 10 });
    await open(page, `data=fashion-mnist&model.width=64&train.epochs=1000&view.seeds=${seeds}`);
    await page.reload();
    await page.getByRole('combobox', { name: 'Backend' }).selectOption('wasm');
    await expect(page.locator('.status')).toContainText('CPU');
    await expect(page.locator('.readout tbody tr')).toHaveCount(seeds === 'each' ? 10 : 5);
    await trainButton(page).click();
    await expect(page.getByText(/step [1-9][\d,]* of/)).toBeVisible();
    await expect.poll(() => drawnCurves(page).count()).toBeGreaterThanOrEqual(seeds === 'each' ? 11 : 6);
    const stepOf = () => page.evaluate(async () => (await lab.runs())[0]?.step ?? 0);
    const before = await stepOf();
    await watchLongTasks(page);
    const tasks = await tasksDuring(browser, page, () => page.waitForTimeout(MEASURED_MS[seeds]));
    const long = await longTasks(page);
    expect(await stepOf()).toBeGreaterThan(before);
    const working = tasks.filter((duration) => duration >= WORK_MS);
    expect(working.length).toBeGreaterThan(0);
    process.stdout.write(
      `${JSON.stringify({
        seeds,
        seconds: MEASURED_MS[seeds] / 1000,
        tasksFrom1ms: spread(working),
        longTasks: spread(long),
        busyShare: Number((tasks.reduce((sum, value) => sum + value, 0) / MEASURED_MS[seeds]).toFixed(3)),
      })}\n`,
    );
    await stopButton(page).click();
    await expect(page.getByText(/Stopped at step/).first()).toBeVisible();
  });
}

/** From an input to the frame that shows its effect, in ms, as the page saw it. */
async function answer(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const seen = globalThis as { answered?: Promise<number> };
    seen.answered = new Promise((resolve) => {
      const begin = (): void => {
        const at = performance.now();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - at)));
      };
      for (const kind of ['click', 'input', 'change', 'keydown', 'scroll'])
        addEventListener(kind, begin, { capture: true, once: true });
    });
  });
  await act();
  return page.evaluate(() => (globalThis as { answered?: Promise<number> }).answered ?? Promise.resolve(-1));
}

test('two hundred runs: table and charts answer', async ({ page }) => {
  await open(page);
  await storeRuns(page, { runs: 200, seeds: 2, steps: 20_000, shown: 6 });
  await open(page, 'data=digits');
  await page.reload();
  const tab = page.getByRole('link', { name: 'Runs', exact: true });
  await tab.click();
  const table = page.locator('.runs-table');
  await expect(table.locator('tbody tr').first()).toBeVisible();
  await expect(page.locator('.compare-table').first()).toBeVisible();
  await expect(page.locator('.figure svg').first()).toBeVisible();
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await expect(page.locator('.small-multiples')).toBeVisible();
  const times: Record<string, number> = {};
  await watchLongTasks(page);
  times['open the Runs view'] = await answer(page, () => tab.click());
  await expect(table.locator('tbody tr').first()).toBeVisible();
  // The plots come one a frame, after the table has been painted.
  await expect(page.locator('.recharts-surface')).toHaveCount(4);
  const opening = spread(await longTasks(page));
  times['sort by score'] = await answer(page, () => table.getByRole('button', { name: /Test acc/ }).click());
  times['search'] = await answer(page, () => page.getByRole('searchbox').fill('width=40'));
  await expect(table.locator('tbody tr')).toHaveCount(1);
  times['clear the search'] = await answer(page, () => page.getByRole('searchbox').fill(''));
  times['group by width'] = await answer(page, async () => {
    await page.getByLabel('Group by').selectOption('model.width');
  });
  await page.getByLabel('Group by').selectOption('none');
  times['scroll'] = await answer(page, () =>
    table.evaluate((element) => {
      element.scrollTop = 4000;
    }),
  );
  await expect(table.locator('tr[aria-rowindex="120"]')).toBeVisible();
  times['choose a run'] = await answer(page, () => table.getByRole('checkbox').nth(12).check());
  times['log x'] = await answer(page, () => page.getByRole('switch', { name: 'log x' }).click());
  times['x in FLOPs'] = await answer(page, () =>
    page.getByRole('button', { name: 'FLOPs', exact: true }).click(),
  );
  const rounded = Object.fromEntries(Object.entries(times).map(([what, ms]) => [what, Math.round(ms)]));
  process.stdout.write(`${JSON.stringify({ runs: 200, ms: rounded, longTasksOfOpening: opening })}\n`);
  for (const ms of Object.values(times)) expect(ms).toBeGreaterThan(0);
});

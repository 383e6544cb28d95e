// Pictures of every state of the page and an accessibility check of each: `npx tsx tests/ui/shots.ts [state …]`.
import { mkdirSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { chromium, type Page } from 'playwright';
import { createServer } from 'vite';
import { chromiumFlags, requireChromium } from '../../src/cli/chromium.ts';

const OUT = 'out/screens';
/** What is opened over a scene before it is looked at. */
const OVER: Readonly<Record<string, readonly [scene: string, open: (page: Page) => Promise<void>]>> = {
  palette: ['empty', (page) => page.keyboard.press('Control+k')],
  found: [
    'empty',
    async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Search actions' }).fill('width 256');
    },
  ],
  settings: ['empty', (page) => page.getByRole('button', { name: 'Settings of the page' }).click()],
  'lesson-editor': [
    'lesson',
    async (page) => {
      await page.getByRole('button', { name: 'Other links to share' }).click();
      await page.getByRole('button', { name: 'Make a lesson' }).click();
    },
  ],
  'own-table': [
    'studies',
    async (page) => {
      await page.getByRole('button', { name: /Fit a table of your own/ }).click();
      const rows = [1, 2, 4, 8, 16, 32].flatMap((n) =>
        [1, 3, 9, 27].map((d) => {
          const [N, D] = [1e6 * n, 2e7 * d];
          return `${N},${D},${(1.8 + 400 / N ** 0.35 + 900 / D ** 0.36) * (1 + 0.004 * Math.sin(n * d))}`;
        }),
      );
      const buffer = Buffer.from(['N,D,loss', ...rows].join('\n'));
      await page.getByLabel('Table').setInputFiles({ name: 'results.csv', mimeType: 'text/csv', buffer });
      await page.getByLabel('Configurations to hold out').fill('3');
      await page.getByRole('button', { name: 'Fit', exact: true }).click();
      await page.getByText('1000 resamples').first().waitFor({ state: 'attached', timeout: 60_000 });
    },
  ],
};

const WIDTHS = [1440, 1024, 390] as const;
const scenes =
  process.argv.slice(2).length > 0
    ? process.argv.slice(2)
    : [
        ...Object.keys(OVER),
        'lesson',
        'linked',
        'reproduced',
        'empty',
        'training',
        'finished',
        'error',
        'loading',
        'problems',
        'read-only',
        'starting',
        'guide',
        'own-data',
        'no-data',
        'pictures',
        'inside',
        'inside-empty',
        'inside-training',
        'figures',
        'seeds',
        'seven',
        'runs-empty',
        'runs-one',
        'runs-ten',
        'runs-200',
        'runs-compare',
        'runs-error',
        'studies',
        'sweep',
        'sweeping',
        'sweep-problems',
        'study-law',
        'study-shapes',
        'side-by-side',
      ];

mkdirSync(OUT, { recursive: true });
const server = await createServer({
  server: { port: Number(process.env['PORT'] ?? 5199), host: '127.0.0.1' },
  logLevel: 'error',
});
await server.listen();
// Another checkout may have the port: the server takes the next one then.
const address = server.resolvedUrls?.local[0] ?? '';
const browser = await chromium.launch({ executablePath: requireChromium(), args: [...chromiumFlags] });
let faults = 0;
for (const scene of scenes) {
  const [state, show] = OVER[scene] ?? [scene, null];
  for (const theme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ colorScheme: theme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      process.stderr.write(`${scene} ${theme}: ${message.text()}\n`);
      faults++;
    });
    page.on('pageerror', (error) => {
      process.stderr.write(`${scene} ${theme}: ${error.stack}\n`);
      faults++;
    });
    for (const width of WIDTHS) {
      if (theme === 'dark' && width === 1024) continue;
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${address}tests/ui/index.html?state=${state}&theme=${theme}`);
      await page
        .locator('.small-multiples svg, .guide .presets, .runs-table, .runs-empty, .studies nav, .inside')
        .first()
        .waitFor();
      await show?.(page);
      await page.waitForTimeout(400);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) {
        process.stderr.write(`${scene} ${theme} ${width}: ${wide} px too wide\n`);
        faults++;
      }
      await page.screenshot({ path: `${OUT}/${scene}-${theme}-${width}.png`, fullPage: show === null });
      const { violations } = await new AxeBuilder({ page })
        .options({ rules: { 'target-size': { enabled: true } } })
        .analyze();
      for (const { id, help, nodes } of violations) {
        process.stderr.write(
          `${scene} ${theme} ${width}: ${id}: ${help}: ${nodes
            .slice(0, 3)
            .map((node) => node.html.slice(0, 160))
            .join('\n    ')}\n`,
        );
        faults++;
      }
    }
    await context.close();
  }
}
await browser.close();
await server.close();
process.stderr.write(faults === 0 ? 'no faults\n' : `${faults} faults\n`);
process.exitCode = faults === 0 ? 0 : 1;

// The journeys of a person, against the built page in a real browser.
import { defineConfig } from 'playwright/test';
import { chromiumFlags, findChromium } from '../src/cli/chromium.ts';

const executablePath = findChromium();
/** Another one where two checkouts are tested at once. */
const port = Number(process.env['PORT'] ?? 4190);

export default defineConfig({
  testDir: '.',
  outputDir: '../out/e2e',
  timeout: 180_000,
  // For quiet numbers of the main thread run e2e/main-thread.spec.ts alone.
  // Two would not be faster: the engine's tests run beside. For quiet numbers of the main thread run its journey alone.
  workers: 1,
  forbidOnly: true,
  expect: { timeout: 30_000 },
  use: {
    baseURL: `http://localhost:${port}/`,
    viewport: { width: 1440, height: 900 },
    launchOptions: { args: [...chromiumFlags], ...(executablePath ? { executablePath } : {}) },
  },
  webServer: {
    command: `npm run -s lab -- serve --port ${port}`,
    cwd: '..',
    url: `http://localhost:${port}/`,
    reuseExistingServer: false,
    timeout: 120_000,
  },
});

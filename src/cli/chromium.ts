// Finds a Chrome or Chromium for tests and for training from a terminal, and knows the flags they run with.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

/** Takes WebGPU's software adapter even where there is a GPU: the same on every machine. */
export const SOFTWARE_ADAPTER = '--use-webgpu-adapter=swiftshader';

/** Headless WebGPU on a software adapter, and none of the browser's own network traffic. */
export const chromiumFlags = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  SOFTWARE_ADAPTER,
  '--disable-background-networking',
  '--disable-quic',
  '--no-first-run',
  '--disable-sync',
  '--disable-component-update',
] as const;

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const places = [
  '/usr/bin',
  '/usr/local/bin',
  '/opt/google/chrome',
  '/snap/bin',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Path of a browser that is here: `CHROMIUM`, then Playwright's own, then Chrome or Chromium of this machine.
 * Null where there is none.
 */
export function findChromium(): string | null {
  const asked = process.env['CHROMIUM'];
  if (asked) return asked;
  if (isExecutable(chromium.executablePath())) return chromium.executablePath();
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...places];
  for (const folder of folders)
    for (const name of names) if (isExecutable(join(folder, name))) return join(folder, name);
  return (
    places.filter((place) => /(Google Chrome|Chromium|chrome\.exe)$/.test(place)).find(isExecutable) ?? null
  );
}

/** The same, or an error that says how to get one. */
export function requireChromium(): string {
  const found = findChromium();
  if (found) return found;
  throw new Error(
    'No Chrome or Chromium was found. Install one (on Debian: apt-get install chromium; elsewhere: npx playwright install chromium), or name it in CHROMIUM=/path/to/chrome.',
  );
}

// The picture of the README, from real runs on this machine: `npx tsx tests/ui/readme-picture.ts`.
// Three families of equal size train on the built-in dataset, three seeds each; the page is photographed as it is.
import { openLab } from '../../src/cli/page.ts';
import { decode, encode } from '../../src/experiment/address.ts';
import type { Lab } from '../../src/experiment/lab-api.ts';
import { trials } from '../../src/experiment/sweep/trials.ts';

declare const lab: Lab;

const OUT = 'docs/images/lab.png';
const LINK =
  'sweep.model=isotropic,inverted-bottleneck,hourglass&sweep.equal=parameters&sweep.budget=2e5&sweep.seeds=3&train.epochs=6';

const decoded = decode(LINK);
if (!decoded.sweep) throw new Error('The link has no sweep.');
const list = trials(decoded.config, decoded.sweep).trials;

const { page, close } = await openLab('wasm', (text) => process.stderr.write(`${text}\n`));
try {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 1440, height: 900 });
  for (const { config } of list) {
    const result = await page.evaluate((link) => lab.train(link, { backend: 'wasm' }), encode(config));
    process.stdout.write(`${config.model} ${config.seed}: ${result.test.accuracy}\n`);
  }
  await page.locator('.small-multiples svg').first().waitFor();
  await page.screenshot({ path: OUT });
} finally {
  await close();
}

// An image of one's own: drawn with a finger, dropped, pasted; in grey and in colour; and files that are none.
import { encode } from 'fast-png';
import type { Page } from 'playwright/test';
import { type Carried, cifarArchive, drop, dropOn, expect, open, test, transferOf } from './lab.ts';

const own = (page: Page) => page.getByRole('region', { name: 'Try your own', exact: true });

/** A light bar on black, in one channel or in red. */
function bar(channels: 1 | 3): Uint8Array {
  const [width, height] = [60, 40];
  const data = new Uint8Array(width * height * channels);
  for (let y = 4; y < 36; y++) for (let x = 27; x < 33; x++) data[(y * width + x) * channels] = 255;
  return encode({ width, height, data, channels, depth: 8 });
}

/** A PNG of which only the header is there. */
function announced(width: number, height: number): Uint8Array {
  const bytes = encode({ width: 1, height: 1, data: new Uint8Array(1), channels: 1, depth: 8 });
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
}

async function paste(page: Page, file: Carried): Promise<void> {
  const transfer = await transferOf(page, file);
  await transfer.evaluate((clipboardData) => {
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
}

async function trainAndLook(page: Page, link: string): Promise<void> {
  await page.evaluate((text) => lab.train(text), link);
  await page.getByRole('link', { name: 'Inside', exact: true }).click();
  await expect(own(page)).toBeVisible();
}

const light = (page: Page) =>
  own(page)
    .locator('.draw-pad')
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
        data: [],
      };
      return [...data].filter((value, at) => at % 4 === 0 && value > 128).length;
    });

test.describe('on a touch screen', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 700 } });

  test('a finger draws, and the page stays where it is', async ({ page, context }) => {
    await open(page);
    await trainAndLook(page, 'data=digits&model.width=16&train.steps=20');
    const pad = own(page).locator('.draw-pad');
    await pad.scrollIntoViewIfNeeded();
    const box = await pad.boundingBox();
    if (!box) throw new Error('no field to draw on');
    const top = await page.evaluate(() => scrollY);
    const touch = await context.newCDPSession(page);
    const x = box.x + box.width / 2;
    const points = (y: number) => [{ x, y }];
    const at = (share: number): number => box.y + share * box.height;
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: points(at(0.2)) });
    for (const share of [0.35, 0.5, 0.65, 0.8])
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: points(at(share)) });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expect(own(page).locator('.probabilities li')).toHaveCount(10);
    await expect(own(page)).toContainText('Taken for');
    // A stroke as long as the finger went, of the field's 32 × 32.
    expect(await light(page)).toBeGreaterThan(32);
    expect(await page.evaluate(() => scrollY)).toBe(top);
    await own(page).getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => light(page)).toBe(0);
    await expect(own(page).locator('.probabilities')).toHaveCount(0);
  });
});

test('a picture is dropped or pasted; what is none is refused in words, and the picture stays', async ({
  page,
}) => {
  await open(page);
  await trainAndLook(page, 'data=digits&model.width=16&train.steps=20');
  const place = own(page).locator('.own');
  const told = own(page).getByRole('alert');
  await dropOn(page, place, { name: 'bar.png', bytes: bar(1), type: 'image/png' });
  const words = 'bar.png, 60 × 40: the middle cut out and resized to 8 × 8 in grey';
  await expect(own(page)).toContainText(words);
  await expect(own(page)).toContainText('Taken for');
  await expect(own(page).locator('.probabilities li')).toHaveCount(10);
  // It is for the network and no dataset.
  await expect(page.locator('.drop-here')).toHaveCount(0);

  const refused: readonly (readonly [Carried, string])[] = [
    [{ name: 'notes.txt', bytes: Buffer.from('no'), type: 'text/plain' }, 'notes.txt is no picture'],
    [
      { name: 'cut.png', bytes: bar(1).subarray(0, 60), type: 'image/png' },
      'cut.png is no picture that this browser reads: choose a PNG or JPEG',
    ],
    [
      { name: 'huge.png', bytes: bar(1), type: 'image/png', size: 51e6 },
      'huge.png has 51 MB: choose a picture of at most 50 MB',
    ],
    [
      { name: 'wide.png', bytes: announced(40_000, 40_000), type: 'image/png' },
      'wide.png has 40,000 × 40,000 pixels: choose a picture of at most 100 million',
    ],
  ];
  for (const [file, why] of refused) {
    for (const give of [dropOn.bind(null, page, place), paste.bind(null, page)]) {
      await give(file);
      await expect(told).toContainText(why);
      await expect(own(page)).toContainText(words);
      await expect(own(page)).toContainText('Taken for');
      await give({ name: 'bar.png', bytes: bar(1), type: 'image/png' });
      await expect(told).toHaveCount(0);
    }
  }
  await paste(page, { name: 'shot.png', bytes: bar(3), type: 'image/png' });
  await expect(own(page)).toContainText('shot.png, 60 × 40: the middle cut out and resized to 8 × 8 in grey');
});

test('a network of colour images sees a dropped and a pasted picture in colour', async ({ page }) => {
  await open(page, 'data=cifar-10');
  await drop(page, 'cifar-10-binary.tar.gz', cifarArchive(20));
  await expect(page.getByText(/100 × 32 × 32 × 3/)).toBeVisible();
  await trainAndLook(page, 'data=cifar-10&model.width=16&model.depth=1&train.batchSize=10&train.steps=20');
  const entered = () =>
    own(page)
      .getByRole('img', { name: 'The image as it enters the network' })
      .evaluate((element) => {
        const canvas = element as HTMLCanvasElement;
        const { width, height } = canvas;
        const at = canvas.getContext('2d')?.getImageData(width / 2, height / 2, 1, 1).data ?? [];
        return [at[0], at[1], at[2]];
      });
  await dropOn(page, own(page).locator('.own'), { name: 'red.png', bytes: bar(3), type: 'image/png' });
  await expect(own(page)).toContainText(
    'red.png, 60 × 40: the middle cut out and resized to 32 × 32 in colour',
  );
  await expect(own(page).locator('.probabilities li')).toHaveCount(10);
  await expect.poll(entered).toEqual([255, 0, 0]);
  await paste(page, { name: 'grey.png', bytes: bar(1), type: 'image/png' });
  await expect(own(page)).toContainText('grey.png, 60 × 40');
  await expect.poll(entered).toEqual([255, 255, 255]);
});

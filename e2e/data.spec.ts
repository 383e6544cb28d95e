// Data from files. Journey 2, first half: CIFAR-10 comes by a dropped archive; what is not CIFAR-10 gets an answer that
// helps. Then data of one's own.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { folders, npy, npyHeader, npyWith, npz, zip } from '../tests/fixtures/own-files.ts';
import {
  cifarArchive,
  cifarRecords,
  drop,
  expect,
  expectAccessible,
  open,
  test,
  trainButton,
} from './lab.ts';

const LINK = 'data=cifar-10&model.width=16&model.depth=1&train.batchSize=10&train.steps=20';

test('a dropped archive trains, stays on the device, and can be deleted', async ({ page }) => {
  await open(page);
  await drop(page, 'cifar-10-binary.tar.gz', cifarArchive(20));
  await expect(page.getByText(/100 × 32 × 32 × 3, 10 classes, 20 test/)).toBeVisible();
  await page.goto(`/#${LINK}`);
  await trainButton(page).click();
  await expect(page.getByText(/Finished\. /)).toBeVisible();
  await page.reload();
  await expect(page.getByText('On this device', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Delete from device' }).click();
  await expect(page.getByText(/Not on this device/)).toBeVisible();
  await page.reload();
  await expect(page.getByText(/Not on this device/)).toBeVisible();
});

test('what cannot be taken is told apart: truncated, text, half of CIFAR-100', async ({ page }) => {
  await open(page, LINK);
  const archive = cifarArchive(20);
  const hundred = new Uint8Array(20 * 3074).map((_, i) => (i % 3074 < 2 ? 15 + (i % 3) : i % 251));
  const foreign = [
    ['cifar-10-binary.tar.gz', archive.subarray(0, archive.length >> 1), /cut short|truncated|ends/i],
    ['notes.txt', new TextEncoder().encode('These are notes, not images.\n'.repeat(20)), /text/i],
    ['train.bin', hundred, /test images are missing\. Choose test\.bin too/],
  ] as const;
  const messages = new Set<string>();
  for (const [name, bytes, reason] of foreign) {
    await drop(page, name, bytes);
    const notice = page.getByRole('alert').filter({ hasText: 'The dropped files were not taken.' });
    await expect(notice).toContainText(name);
    await expect(notice).toContainText(reason);
    messages.add((await notice.textContent()) ?? '');
    await notice.getByRole('button', { name: 'Dismiss' }).click();
  }
  expect(messages.size).toBe(3);
  await expect(page.getByText(/Not on this device/)).toBeVisible();
});

test('single files of the official layout are taken, whatever their number of records', async ({ page }) => {
  await open(page, LINK);
  await page.getByLabel('Choose a file').setInputFiles([
    { name: 'test_batch.bin', mimeType: '', buffer: Buffer.from(cifarRecords(10)) },
    { name: 'data_batch_2.bin', mimeType: '', buffer: Buffer.from(cifarRecords(30)) },
    { name: 'data_batch_1.bin', mimeType: '', buffer: Buffer.from(cifarRecords(20)) },
  ]);
  await expect(page.getByText(/50 × 32 × 32 × 3, 10 classes, 10 test/)).toBeVisible();
});

const real = resolve(import.meta.dirname, '../../shared/data/cifar-10/cifar-10-mini-binary.tar.gz');

test('real images: the small CIFAR-10 archive, where it is at hand', async ({ page }) => {
  test.skip(!existsSync(real), 'no real CIFAR-10 archive on this machine');
  await open(page, 'data=cifar-10&model.preset=B_2-Wi_64&train.epochs=1');
  await drop(page, 'cifar-10-mini-binary.tar.gz', readFileSync(real));
  await expect(page.getByText(/5,000 × 32 × 32 × 3, 10 classes, 1,000 test/)).toBeVisible();
  await trainButton(page).click();
  await expect(page.getByText(/Finished\. /)).toBeVisible();
});

const OWN = 'data=custom&model.width=16&model.depth=1&train.batchSize=8&train.steps=20';
/** 60 grey images of 4 × 3 pixels: each class has its own shade. */
const own = npz({
  x: npy(
    Uint8Array.from({ length: 720 }, (_, i) => (Math.floor(i / 12) % 3) * 90 + (i % 12)),
    [60, 4, 3],
  ),
  y: npy(
    Int32Array.from({ length: 60 }, (_, row) => row % 3),
    [60],
  ),
});

test('own data: an npz file is asked for, checked, previewed, trained on and kept', async ({ page }) => {
  await open(page, OWN);
  await expect(page.getByText(/This link needs a dataset file: choose it/).first()).toBeVisible();
  await expect(trainButton(page)).toBeDisabled();
  await expectAccessible(page);

  const choose = (name: string, bytes: Uint8Array) =>
    page
      .getByLabel(/^Choose a(nother)? file$/)
      .setInputFiles([{ name, mimeType: '', buffer: Buffer.from(bytes) }]);
  await choose(
    'pickled.npz',
    npz({ x: npy(new Uint8Array(12), [1, 12]), y: npyWith(npyHeader('|O', [1]), new Uint8Array(8)) }),
  );
  await expect(
    page.getByText(/pickled\.npz › y\.npy, descr: the array holds Python objects/).first(),
  ).toBeVisible();
  await choose('own.npz', own);
  await expect(page.getByText('48 × 4 × 3 × 1, 3 classes, 12 test')).toBeVisible();
  await page.getByText('16 training images a class').click();
  await expect(page.getByText(/a fifth of each class is held out/)).toBeVisible();
  await expectAccessible(page);
  await trainButton(page).click();
  await expect(page.getByText(/Finished\. /)).toBeVisible();
  await page.reload();
  await expect(page.getByText('On this device', { exact: true })).toBeVisible();
  await expect(page.getByText('48 × 4 × 3 × 1, 3 classes, 12 test')).toBeVisible();
});

test('own data: a dropped zip of pictures in class folders trains; a broken picture is named', async ({
  page,
}) => {
  const pictures = {
    ...folders(['cat', 'dog'], 12, 'pets/train/'),
    ...folders(['cat', 'dog'], 4, 'pets/test/'),
  };
  await open(page, OWN);
  await drop(page, 'broken.zip', zip({ ...pictures, 'pets/test/dog/3.png': new Uint8Array(40) }));
  await expect(
    page.getByText(/broken\.zip › pets\/test\/dog\/3\.png: the picture is no PNG/).first(),
  ).toBeVisible();
  await drop(page, 'pets.zip', zip(pictures));
  await expect(page.getByText('24 × 4 × 5 × 3, 2 classes, 8 test')).toBeVisible();
  await expect(page.getByRole('img', { name: 'One image each of cat, dog' })).toBeVisible();
  await trainButton(page).click();
  await expect(page.getByText(/Finished\. /)).toBeVisible();
});

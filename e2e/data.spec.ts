// Journey 2, first half: CIFAR-10 comes by a dropped archive; what is not CIFAR-10 gets an answer that helps.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { cifarArchive, cifarRecords, drop, expect, open, test, trainButton } from './lab.ts';

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

test('what is not CIFAR-10 is told apart: truncated, text, CIFAR-100', async ({ page }) => {
  await open(page, LINK);
  const archive = cifarArchive(20);
  const hundred = new Uint8Array(20 * 3074).map((_, i) => (i % 3074 < 2 ? 15 + (i % 3) : i % 251));
  const foreign = [
    ['cifar-10-binary.tar.gz', archive.subarray(0, archive.length >> 1), /cut short|truncated|ends/i],
    ['notes.txt', new TextEncoder().encode('These are notes, not images.\n'.repeat(20)), /text/i],
    ['train.bin', hundred, /CIFAR-100/],
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

// Journey: pre-train, fine-tune, probe; on the page from a run and from a dropped file, in a terminal from a folder.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { decodeSafetensors } from '../src/core/safetensors.ts';
import { drop, expect, expectAccessible, open, test, trainButton } from './lab.ts';

const root = resolve(import.meta.dirname, '..');

test('on the page: a finished run, its body fine-tuned, then probed from the saved file', async ({
  page,
}) => {
  const link = 'data=digits&model.width=24&model.depth=1&train.epochs=3';
  await open(page, `${link}&train.batchSize=64`);
  const { runId, key } = await page.evaluate((text) => lab.train(text), link);

  const body = page.getByRole('combobox', { name: 'Start from' });
  await body.selectOption({ value: runId.slice(0, 16) });
  await expect(page).toHaveURL(new RegExp(`transfer\\.from=${runId.slice(0, 16)}`));
  await expect(page).toHaveURL(/model\.width=24/);
  await expect(page.getByText('Body rate')).toBeVisible();
  await expectAccessible(page);
  await trainButton(page).click();
  await expect.poll(() => page.evaluate(async () => (await lab.runs()).length)).toBe(2);
  await expect.poll(() => page.evaluate(async () => (await lab.runs())[0]?.state)).toBe('finished');

  const base64 = await page.evaluate(async (run) => (await lab.bytes(run, 'model')).base64, key);
  const file = Buffer.from(base64, 'base64');
  await page.evaluate(() => location.replace('#data=digits&train.epochs=3&v=1'));
  await drop(page, 'model.safetensors', file);
  await page.getByRole('button', { name: 'Probe', exact: true }).click();
  await expect(page).toHaveURL(/transfer\.mode=probe/);
  await expect(page).toHaveURL(/model\.width=24/);
  // 24 × 10 and 10 biases: the plan says what learns.
  await expect(page.locator('dl.bars').first()).toContainText(/Trainable\s*250/);
  await trainButton(page).click();
  await expect.poll(() => page.evaluate(async () => (await lab.runs()).length)).toBe(3);
  await expect.poll(() => page.evaluate(async () => (await lab.runs())[0]?.state)).toBe('finished');
  const probed = await page.evaluate(async () => {
    const [newest] = await lab.runs();
    return (await lab.bytes(newest?.key ?? '', 'model')).base64;
  });
  const [before, after] = [file, Buffer.from(probed, 'base64')].map(
    (bytes) => decodeSafetensors(bytes).tensors,
  );
  for (const [name, { values }] of before ?? []) {
    const moved = after?.get(name)?.values ?? [];
    if (name.startsWith('linear_out.')) expect([...moved]).not.toEqual([...values]);
    else expect([...moved], name).toEqual([...values]);
  }
});

test('in a terminal: a folder is fine-tuned and probed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'transfer-'));
  const lab = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('npx', ['tsx', 'src/cli/main.ts', ...args], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  };
  const shared = 'data=digits&train.epochs=3&augment=flip-crop';
  const pre = join(folder, 'pre');
  const first = lab('train', `${shared}&model.width=24`, '--backend', 'wasm', '--out', pre);
  const from = `${shared}&transfer.from=${pre}`;
  const { params } = lab('describe', `${from}&transfer.mode=probe`);
  expect(params).toMatchObject({ trainable: 250 });
  expect(params.total).toBeGreaterThan(5000);
  const tuned = lab('train', `${from}&evaluate.tta=4`, '--backend', 'wasm', '--out', join(folder, 'tuned'));
  for (const { loss, accuracy } of [tuned.test, tuned.tta]) {
    expect(loss).toBeGreaterThan(0);
    expect(accuracy).toBeGreaterThan(0);
  }
  const out = join(folder, 'probed');
  const probed = lab(
    'train',
    `${shared}&transfer.mode=probe`,
    '--init',
    join(pre, 'model.safetensors'),
    '--backend',
    'wasm',
    '--out',
    out,
  );
  expect(probed).toMatchObject({ outcome: 'finished', runner: 'compiled' });
  const record = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
  expect(record.config).toMatchObject({ 'model.width': 24, 'transfer.mode': 'probe' });
  const { config } = JSON.parse(readFileSync(join(folder, 'tuned/run.json'), 'utf8'));
  expect(config['transfer.from']).toBe(first.runId.slice(0, 16));
});

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { headersFile } from '../../src/cli/headers.ts';
import { datasetsFolder, dist } from '../../src/cli/paths.ts';
import { type Serving, serve } from '../../src/cli/server.ts';

let serving: Serving;

beforeAll(async () => {
  mkdirSync(dist, { recursive: true });
  serving = await serve(0);
});
afterAll(async () => {
  await serving.close();
});

test('every answer carries the policy and isolates the page', async () => {
  for (const path of ['', 'assets/worker-x.js', 'datasets/fashion-mnist/card.md', 'nothing']) {
    const { headers } = await fetch(serving.url + path);
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(headers.get('Content-Security-Policy')).not.toContain('unsafe-inline');
    expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
    expect(headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  }
});

test('datasets are served by name; nothing outside them is', async () => {
  mkdirSync(join(datasetsFolder, 'cifar-10'), { recursive: true });
  expect((await fetch(`${serving.url}datasets/fashion-mnist/card.md`)).status).toBe(200);
  for (const path of [
    'datasets/../package.json',
    'datasets/%2e%2e/package.json',
    'datasets/cifar-10/..%2f..%2fpackage.json',
    'package.json',
  ]) {
    expect((await fetch(serving.url + path)).status, path).toBe(404);
  }
});

test('a taken port leads to the next one', async () => {
  const port = Number(new URL(serving.url).port);
  const second = await serve(port);
  expect(Number(new URL(second.url).port)).toBeGreaterThan(port);
  await second.close();
});

test('the file of headers names the policy for every path', () => {
  expect(headersFile()).toMatch(/^\/\*\n {2}Content-Security-Policy: default-src 'none'/);
  expect(headersFile()).toContain('/assets/*\n  Cache-Control: public, max-age=31536000, immutable');
});

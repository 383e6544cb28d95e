import { expect, test } from 'vitest';

test('the browser of the engine tests has WebGPU', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  expect(adapter).not.toBeNull();
});

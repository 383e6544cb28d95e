// Trains a few steps of one network on a given number of threads and posts the whole state; a page may not sleep.
import { initialWeights } from '../../src/engine/initial-weights.ts';
import { createWasmRunner } from '../../src/engine/wasm/runner.ts';
import { jobOf, tinyConfig, tinyDataset } from './material.ts';

declare const self: { onmessage: unknown; postMessage(message: unknown): void };

self.onmessage = async ({ data: threads }: { data: number }) => {
  try {
    const config = tinyConfig({
      model: 'hourglass',
      'model.width': 97,
      'model.dropout': 0.1,
      'train.clipNorm': 1,
      augment: 'flip-crop',
    });
    const job = jobOf(config, tinyDataset());
    const start = new Map(initialWeights(job.layers, 0).map((tensor) => [tensor.name, tensor]));
    const runner = await createWasmRunner(job, start, threads);
    for (let step = 0; step < 20; step++) runner.step(step, 1e-3, true);
    const { losses, norms } = await runner.read();
    const state = await runner.exportState();
    runner.dispose();
    self.postMessage({
      threads,
      values: Float32Array.from([...losses, ...norms, ...state.flatMap(({ values }) => [...values])]),
    });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};

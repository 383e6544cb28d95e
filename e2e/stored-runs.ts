// Runs written straight into the page's storage, in its own schema: long ones and many, without training them.
import type { Page } from 'playwright/test';

export interface Made {
  /** Runs, and how many of them differ in their seed alone. */
  readonly runs: number;
  readonly seeds: number;
  /** Steps of each: a loss at every step, other metrics now and then. */
  readonly steps: number;
  /** Of these so many are on the charts. */
  readonly shown: number;
}

/** Trains one short run for its record, writes copies of it with made-up curves, and opens the page again. */
export async function storeRuns(page: Page, made: Made): Promise<void> {
  await page.evaluate(async ({ runs, seeds, steps, shown }) => {
    const { key: first } = await lab.train('data=digits&train.steps=2');
    const request = <T>(asked: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    const database = await request(indexedDB.open('mlp-lab'));
    const record = await request(database.transaction('runs').objectStore('runs').get(first));
    const column = (every: number, value: (step: number) => number) => {
      const at = Float64Array.from({ length: Math.floor(steps / every) }, (_, i) => (i + 1) * every);
      return { steps: at, values: at.map(value) };
    };
    const keys: string[] = [];
    for (let index = 0; index < runs; index++) {
      const trial = Math.floor(index / seeds);
      const worth = 0.9 - 0.02 * (trial % 7) + 0.003 * (index % seeds);
      const noise = (step: number): number => ((step * 7919 + index * 104729) % 1000) / 1000 - 0.5;
      const loss = column(1, (step) => 2.3 * (1 + step / 300) ** -0.4 + 0.1 * noise(step));
      const accuracy = column(
        Math.max(1, Math.floor(steps / 100)),
        (step) => worth * (1 - (1 + step / 400) ** -0.7),
      );
      const slow = Math.max(1, Math.floor(steps / 10_000)) * 10;
      const series = {
        'train/loss': loss,
        'test/accuracy': accuracy,
        'gradient/norm': column(slow, (step) => 1 + noise(step)),
        'optimizer/learning-rate': column(slow, () => 1e-3),
        'speed/examples-per-second': column(slow, (step) => 20_000 + 900 * noise(step)),
        'time/seconds': column(slow, (step) => step / 400),
      };
      const of = ({ values }: { values: Float64Array }) => ({
        last: values[values.length - 1],
        least: values.reduce((a, b) => Math.min(a, b)),
        most: values.reduce((a, b) => Math.max(a, b)),
      });
      const every = Math.max(1, Math.floor(accuracy.steps.length / 30));
      const thin = (values: Float64Array): number[] => [...values].filter((_, i) => i % every === 0);
      const key = `${String(index).padStart(4, '0')}-${first}`;
      const run = {
        ...record,
        key,
        id: key,
        config: { ...record.config, 'model.width': 32 + trial, seed: index % seeds },
        state: 'finished',
        step: steps,
        totalSteps: steps,
        seconds: steps / 400,
        createdAt: Date.now() - (index + 1) * 3_600_000,
        digest: {
          'train/loss': of(loss),
          'test/accuracy': {
            ...of(accuracy),
            curve: { steps: thin(accuracy.steps), values: thin(accuracy.values) },
          },
        },
        checkpointStep: null,
      };
      const writing = database.transaction(['runs', 'series'], 'readwrite');
      writing.objectStore('runs').put(run, key);
      writing.objectStore('series').put(series, [key, 0]);
      await new Promise((resolve, reject) => {
        writing.oncomplete = resolve;
        writing.onerror = reject;
      });
      keys.push(key);
    }
    const chosen = keys.slice(0, shown).map((key, index) => ({ key, slot: Math.floor(index / seeds) }));
    await request(database.transaction('settings', 'readwrite').objectStore('settings').put(chosen, 'shown'));
    database.close();
  }, made);
}

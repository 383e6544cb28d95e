import { describe, expect, test } from 'vitest';
import { datasets } from '../../src/catalog/datasets/index.ts';
import { tasks } from '../../src/catalog/tasks/index.ts';
import { tensors } from '../../src/core/layers.ts';
import { decode } from '../../src/experiment/address.ts';
import { makeConfig } from '../../src/experiment/config.ts';
import { memoryOf, plan } from '../../src/experiment/plan.ts';

const planOf = (link: string) => plan(decode(link).config);

describe('plan', () => {
  test('own data: without its file a clear answer, with its facts a plan; rows of features are not cut', () => {
    const config = makeConfig({ data: 'custom', 'train.batchSize': 8 });
    expect(() => plan(config)).toThrow(
      expect.objectContaining({
        code: 'dataset-unavailable',
        message: expect.stringMatching(/needs a dataset file: choose it/),
      }),
    );
    const facts = { shape: { channels: 1, height: 1, width: 30 }, classes: ['a', 'b'], train: 80, test: 20 };
    expect(plan(config, facts)).toMatchObject({ inputs: 30, outputs: 2, stepsPerEpoch: 10, images: 100 });
    for (const wish of [{ augment: 'flip-crop' }, { 'data.resolution': 8 }] as const)
      expect(() => plan(makeConfig({ ...config, ...wish }), facts)).toThrow(
        /needs images, and this dataset has rows/,
      );
  });

  test.each(Object.entries(tasks))('MixUp goes with tasks that name classes: %s', (task, { picture }) => {
    const link = `data=digits&task=${task}&augment.mixup=0.8`;
    if (picture === null) expect(planOf(link).steps).toBeGreaterThan(0);
    else
      expect(() => planOf(link)).toThrow(/augment\.mixup .*task=\S+ does not have: set augment\.mixup to 0/);
  });

  // Counts of Scaling MLPs' models at 32 px and 10 classes.
  test.each([
    ['B_6-Wi_256', 3_945_738],
    ['B_12-Wi_256', 7_102_218],
    ['B_6-Wi_512', 14_182_922],
    ['B_12-Wi_512', 26_787_338],
    ['B_6-Wi_1024', 53_531_658],
    ['B_12-Wi_1024', 103_906_314],
    ['B_2-Wi_64', 263_754],
    ['B_2-Wi_128', 658_570],
    ['B_4-Wi_128', 922_506],
    ['B_6-Wi_128', 1_186_442],
    ['B_4-Wi_256', 2_893_578],
    ['B_6-Wi_384', 8_277_898],
  ])('%s has %i parameters', (preset, total) => {
    expect(planOf(`data=cifar-10&model.preset=${preset}`).parameters).toMatchObject({
      total,
      trainable: total,
    });
  });

  test('the isotropic S-MLP of depth 6 and width 2048', () => {
    expect(planOf('data=cifar-10&model=isotropic&model.depth=6&model.width=2048').parameters.total).toBe(
      27_316_234,
    );
  });

  test('the hourglass: d_z (d_x + d_y) + 2 L d_z d_h, less the lift when it is fixed', () => {
    const link = 'data=cifar-10&model=hourglass&model.width=3546&model.bottleneck=270&model.depth=5';
    const total = 3546 * (3072 + 10) + 2 * 5 * 3546 * 270;
    expect(planOf(link)).toMatchObject({ parameters: { total, trainable: total }, macsPerExample: total });
    expect(planOf(`${link}&model.lift=fixed`)).toMatchObject({
      parameters: { total, trainable: total - 3072 * 3546, block: 2 * 5 * 3546 * 270 },
      macsPerExample: total,
    });
  });

  test('steps, epochs and what is left out of a partial batch', () => {
    expect(planOf('')).toMatchObject({ stepsPerEpoch: 93, steps: 930, trainCount: 12_000 });
    expect(planOf('train.steps=7')).toMatchObject({ steps: 7 });
    expect(planOf('train.seconds=7')).toMatchObject({ steps: null });
    expect(planOf('data.trainSize=1000&train.batchSize=100')).toMatchObject({
      stepsPerEpoch: 10,
      trainCount: 1000,
    });
    expect(planOf('data.validationSize=2000').trainCount).toBe(10_000);
    const facts = { ...datasets.digits, classes: ['a', 'b', 'c'], train: 500, test: 9 };
    expect(plan(makeConfig({ 'train.batchSize': 50 }), facts)).toMatchObject({
      inputs: 64,
      outputs: 3,
      stepsPerEpoch: 10,
      testCount: 9,
    });
  });

  test.each([
    ['train.batchSize=20000', '12000'],
    ['data.trainSize=13000', '12000'],
    ['data.validationSize=12000', '11999'],
    ['model=hourglass&train.batchSize=1', 'variance'],
    ['model.lift=none&model.width=100', '784'],
    ['data.trainSize=100&data.validationSize=11950', '50'],
  ])('%s is refused with a number that works', (link, hint) => {
    expect(() => planOf(link)).toThrow(hint);
  });

  test('memory adds up', () => {
    const { config } = decode('#optimizer=adamw');
    const planned = plan(config);
    const { parameters, layers } = planned;
    const memory = memoryOf(config, planned);
    expect(memory.weights).toBeGreaterThanOrEqual(4 * parameters.total);
    expect(memory.weights).toBeLessThan(4 * parameters.total + 256 * tensors(layers).length);
    expect(memory.slots).toBe(2 * memory.weights);
    expect(memory.total).toBe(
      memory.data + memory.weights + memory.gradients + memory.slots + memory.activations + memory.rest,
    );
  });
});

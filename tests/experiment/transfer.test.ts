// Transfer in the plan: what a probe trains, keeps and costs, which rate the body learns at, and the settings that are read
// off a body.
import { describe, expect, test } from 'vitest';
import { features } from '../../src/core/dataset.ts';
import { tensors } from '../../src/core/layers.ts';
import { bodyOfFile, modelSettings, withBody } from '../../src/experiment/body.ts';
import { canonical, effective, makeConfig, type Named, runId } from '../../src/experiment/config.ts';
import { memoryOf, plan } from '../../src/experiment/plan.ts';
import { buildProgram } from '../../src/experiment/program/build-program.ts';
import { specOfConfig } from '../../src/experiment/program/spec-of-config.ts';
import { resolutionFor } from '../../src/experiment/transfer.ts';
import { updateGroups } from '../../src/experiment/update-groups.ts';

const from = { 'transfer.from': '0123456789abcdef' } as const;
const probe = { ...from, 'transfer.mode': 'probe' } as const;
const programOf = (named: Named) => {
  const config = makeConfig(named);
  return buildProgram(specOfConfig(config, plan(config)));
};

describe.each(['inverted-bottleneck', 'hourglass', 'isotropic'] as const)('a probe of %s', (model) => {
  const named = { ...probe, model, 'model.dropout': 0.2, 'augment.mixup': 0.8 } as const;
  const { backward, forward, bytes, update } = programOf(named);

  test('has no backward pass below the head, no gradient and no slot', () => {
    const config = makeConfig(named);
    const ofBias = config['model.bias'] ? ['column-sum'] : [];
    expect(backward.map(({ kind }) => kind)).toEqual(['matmul', ...ofBias]);
    const head = tensors(plan(config).layers).filter(({ role }) => role === 'head');
    const { trainable, total } = plan(config).parameters;
    expect(trainable).toBe(head.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0));
    expect(trainable).toBeLessThan(total / 10);
    expect(bytes.gradients).toBeLessThan(4 * trainable + 512);
    expect(bytes['slot-0']).toBe(bytes.gradients);
    expect(update.map(({ kind }) => kind)).toEqual(['adamw', 'summary']);
  });

  test('runs its body as in evaluation: no dropout, no batch statistics, nothing kept for a backward pass', () => {
    const kinds = new Set(forward.map(({ kind }) => kind));
    expect(kinds).not.toContain('pointwise');
    expect(kinds).not.toContain('batch-norm');
    for (const op of forward) if (op.kind === 'matmul') expect(op.preActivation).toBeNull();
    for (const op of forward) if (op.kind === 'layer-norm') expect([op.mean, op.rstd]).toEqual([null, null]);
  });

  test('costs a forward pass of the body, and takes less memory', () => {
    const [probed, whole] = [makeConfig(named), makeConfig({ ...named, 'transfer.mode': 'finetune' })];
    const [some, all] = [plan(probed), plan(whole)];
    const classes = 10;
    const head = some.parameters.trainable - (probed['model.bias'] ? classes : 0);
    expect(all.flopsPerStep).toBe(6 * all.macsPerExample * 128);
    expect(some.flopsPerStep).toBe((2 * some.macsPerExample + 4 * head) * 128);
    const [less, more] = [memoryOf(probed, some), memoryOf(whole, all)];
    expect(less.slots + less.gradients).toBeLessThan((more.slots + more.gradients) / 10);
    expect(less.activations).toBeLessThan(0.7 * more.activations);
  });
});

test('the body learns at its share of the rate, the head at the whole', () => {
  const config = makeConfig({ ...from, 'transfer.bodyLearningRate': 0.25 });
  const groups = updateGroups(config, plan(config).layers);
  expect(groups.map(({ rate }) => rate)).toEqual([0.25, 1]);
  expect(groups[1]?.names).toEqual(['linear_out.weight', 'linear_out.bias']);
  expect(updateGroups(makeConfig(from), plan(config).layers)[0]?.rate).toBe(0.1);
});

test('without a body nothing of it applies', () => {
  const plain = makeConfig({ 'transfer.mode': 'probe', 'transfer.bodyLearningRate': 3, 'evaluate.tta': 9 });
  expect(runId(plain)).toBe(runId(makeConfig()));
  expect(effective(plain)).not.toHaveProperty(['transfer.mode']);
  expect(effective(plain)).not.toHaveProperty(['evaluate.tta']);
});

describe('settings read off a body', () => {
  const shapesOf = (named: Named) =>
    new Map(tensors(plan(makeConfig(named)).layers).map(({ name, shape }) => [name, shape]));

  test.each([
    { 'model.width': 24, 'model.depth': 3, 'model.expansion': 2 },
    { 'model.width': 24, 'model.depth': 3, 'model.bias': false },
    { model: 'hourglass', 'model.width': 40, 'model.depth': 2, 'model.bottleneck': 8 },
    { model: 'isotropic', 'model.width': 20, 'model.depth': 4 },
    { model: 'isotropic', 'model.width': 20, 'model.depth': 1, 'model.norm': 'none' },
  ] as const)('%j by the shapes of its tensors', (named) => {
    const body = bodyOfFile({}, shapesOf(named));
    expect(body?.inputs).toBe(784);
    const read = withBody(makeConfig(), body ?? { settings: {}, inputs: 0 }, {
      shape: { channels: 1, height: 28, width: 28 },
    });
    expect(tensors(plan(read).layers)).toEqual(tensors(plan(makeConfig(named)).layers));
  });

  test('by what the lab wrote into its file, where it did', () => {
    const named = { 'model.width': 24, 'model.activation': 'relu' } as const;
    const body = bodyOfFile({ config: canonical(makeConfig(named)) }, shapesOf(named));
    expect(body?.settings).toMatchObject({ 'model.activation': 'relu', 'model.width': 24 });
    expect(body?.settings).toEqual(modelSettings(makeConfig(named)));
  });

  test('none, of a file that holds no network', () => {
    expect(bodyOfFile({}, new Map([['weight', [3, 4]]]))).toBeNull();
  });

  test('images come in the resolution that the body reads; what somebody named stays', () => {
    const body = { settings: { 'model.width': 24 }, inputs: 3 * 64 * 64 } as const;
    const cifar = { shape: { channels: 3, height: 32, width: 32 } };
    const config = makeConfig({ data: 'cifar-10', 'model.width': 99 });
    expect(withBody(config, body, cifar)).toMatchObject({ 'data.resolution': 64, 'model.width': 24 });
    expect(withBody(config, body, cifar, new Set(['model.width']))['model.width']).toBe(99);
    expect(resolutionFor(cifar.shape, features(cifar.shape))).toBe(0);
    expect(resolutionFor(cifar.shape, 784)).toBeNull();
  });
});

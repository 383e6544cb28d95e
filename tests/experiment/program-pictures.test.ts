// Programs of tasks on images: what they make of a batch, and every gradient against its finite differences.
import { describe, expect, test } from 'vitest';
import { tensors } from '../../src/core/layers.ts';
import type { Named } from '../../src/experiment/config.ts';
import type { PictureSpec } from '../../src/experiment/program/picture.ts';
import { type Bench, bench, isClose, type Net, net, noise } from '../reference/networks.ts';
import type { Pictures } from '../reference/plain-executor.ts';
import { plainLogits } from '../reference/plain-mlp.ts';

const shape = { channels: 1, height: 2, width: 4 };
const PIXELS = 8;
const ROWS = 6;
const drawn = noise(ROWS * PIXELS, 41);
const pictures: Pictures = {
  noise: (index, isFixed) => (drawn[index] as number) * (isFixed ? 0.5 : 1),
  prototypes: noise(3 * PIXELS, 42).map(Math.abs),
};

const nets: readonly Named[] = [
  { model: 'hourglass', 'model.width': 5, 'model.bottleneck': 3, 'model.depth': 2 },
  { model: 'hourglass', 'model.width': 9, 'model.bottleneck': 2, 'model.lift': 'fixed' },
  { model: 'inverted-bottleneck', 'model.width': 4, 'model.expansion': 2 },
  { model: 'isotropic', 'model.width': 4, 'model.depth': 3 },
];
const tasks = [
  { input: 'noisy', target: 'image', shape },
  { input: 'halved', target: 'image', shape },
  { input: 'image', target: 'prototype', shape },
] as const satisfies readonly PictureSpec[];

/** The network's input and the image asked for, from the gathered batch, by the tasks' definitions. */
function pairs({ input, labels }: Bench, picture: PictureSpec, isFixed: boolean) {
  const near = 19 / 32;
  const far = -3 / 32;
  return input.slice(0, ROWS).map((image, row) => {
    const pixel = (y: number, x: number): number =>
      image[4 * Math.min(1, Math.max(0, y)) + Math.min(3, Math.max(0, x))] as number;
    const across = (y: number, x: number): number =>
      far * (pixel(y, x - 1) + pixel(y, x + 2)) + near * (pixel(y, x) + pixel(y, x + 1));
    const half = [0, 2].map(
      (x) => far * (across(0, x) + across(1, x)) + near * (across(0, x) + across(1, x)),
    );
    const noisy = image.map((value, i) =>
      Math.min(1, Math.max(0, value + pictures.noise(row * PIXELS + i, isFixed))),
    );
    const label = labels[row] as number;
    return {
      seen: { noisy, halved: half, image }[picture.input],
      goal:
        picture.target === 'image'
          ? image
          : Array.from(pictures.prototypes).slice(label * PIXELS, (label + 1) * PIXELS),
    };
  });
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

function lossOf(made: Net, run: Bench, picture: PictureSpec): number {
  const both = pairs(run, picture, false);
  const logits = plainLogits(
    made.layers,
    run.weights,
    both.map(({ seen }) => seen),
    'train',
  );
  const errors = logits.flatMap((row, r) =>
    row.map((z, i) => (sigmoid(z) - (both[r]?.goal[i] as number)) ** 2),
  );
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

const made = (named: Named, picture: PictureSpec): Net => ({
  ...net(named, picture.input === 'halved' ? PIXELS / 4 : PIXELS, PIXELS),
  classes: 3,
});

describe.each(tasks)('$input to $target', (picture) => {
  test.each(nets.map((named) => [Object.values(named).join(' '), named] as const))('%s', (_, named) => {
    const network = made(named, picture);
    const run = bench(network, ROWS, { picture, evaluationBatch: ROWS }, 1, pictures);
    const { executor, program, weights } = run;
    executor.run([...program.forward, ...program.backward, ...program.norm, ...program.update.slice(1)]);
    expect((executor.memory.readings[0] as number) / ROWS).toBeCloseTo(lossOf(network, run, picture), 10);
    const wrong: string[] = [];
    for (const { name, trainable } of tensors(network.layers)) {
      const tensor = program.tensors.find((one) => one.name === name);
      const values = weights[name];
      if (!trainable || !tensor || !values) continue;
      const gradient = executor.view({ ...tensor, buffer: 'gradients' });
      for (let i = 0; i < values.length; i++) {
        const kept = values[i] as number;
        const difference = [1e-5, -1e-5]
          .map((step) => {
            values[i] = kept + step;
            return lossOf(network, run, picture) / (2 * step);
          })
          .reduce((sum, one) => sum + one);
        values[i] = kept;
        if (!isClose(gradient[i] as number, difference, 1e-8)) wrong.push(`${name}[${i}]`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('evaluation gives pixels after the sigmoid, of images with their fixed noise', () => {
    const network = made(nets[0] as Named, picture);
    const run = bench(network, ROWS, { picture, evaluationBatch: ROWS }, 1, pictures);
    run.executor.memory.settings.set([0, 0, 0, 0, 0, ROWS]);
    run.executor.run(run.program.evaluation);
    const seen = pairs(run, picture, true).map((one) => one.seen);
    const wanted = plainLogits(network.layers, run.weights, seen, 'evaluate').flat().map(sigmoid);
    const outputs = run.executor.view(run.program.outputs);
    expect(outputs.length).toBe(ROWS * PIXELS);
    wanted.forEach((value, i) => {
      expect(outputs[i]).toBeCloseTo(value, 10);
    });
  });
});

// What the hourglass paper measured, as it is kept here.
import { describe, expect, test } from 'vitest';
import { publishedPoints } from '../../src/catalog/studies/hourglass-points.ts';
import { frontOf, publishedFigures, readPublished } from '../../src/catalog/studies/published-figures.ts';

const all = Object.values(publishedPoints).flatMap(readPublished);

describe('published points', () => {
  test('are all there, and whole', () => {
    expect(all).toHaveLength(506);
    for (const { parameters, psnr, runs, width, inner, blocks } of all) {
      for (const count of [parameters, runs, width, inner, blocks]) expect(count).toBeGreaterThan(0);
      expect(Number.isInteger(parameters)).toBe(true);
      expect(psnr).toBeGreaterThan(15);
      expect(psnr).toBeLessThan(40);
    }
  });

  test('have the fronts that are known: denoising ImageNet-32', () => {
    const front = frontOf(
      readPublished(publishedPoints['ImageNet-32 denoising'] as string).filter(
        ({ family }) => family === 'hourglass',
      ),
    );
    // 22.1 M parameters begin it, 66.0 M have 22.307 dB, 80.8 M end it.
    expect(front[0]).toMatchObject({ width: 3546, inner: 8, blocks: 5 });
    expect(front.find(({ width, inner }) => width === 3546 && inner === 1560)?.psnr).toBeCloseTo(22.307, 3);
    expect(front.at(-1)).toMatchObject({ width: 3075, inner: 2014, blocks: 5 });
  });

  test('make a figure a task, which take turns', async () => {
    const figures = await publishedFigures();
    expect(figures).toHaveLength(5);
    expect(new Set(figures.map(({ choice }) => choice?.of)).size).toBe(1);
    for (const { lines } of figures) {
      for (const { points, curve = [] } of lines) {
        expect(points.length).toBeGreaterThan(curve.length - 1);
        for (const [index, place] of curve.slice(1).entries()) {
          expect(place.y).toBeGreaterThan(curve[index]?.y ?? 0);
        }
      }
    }
  });
});

// A loss surface whose search stops early: at the minimum the planted exponents come back, before it they do not.
import { expect, test } from 'vitest';
import { stoppedSurface } from '../../../src/core/fits/early-stop.ts';
import { fitLaw } from '../../../src/core/fits/fitting.ts';
import { lossSurface } from '../../../src/core/fits/loss-surface.ts';
import { wobble } from '../../fixtures/measurement.ts';

/** The published refit of Hoffmann et al.: E 1.817, A 482, B 2085, alpha 0.348, beta 0.366, at their sizes. */
const rows = [1e8, 3e8, 1e9, 3e9, 1e10].flatMap((parameters, i) =>
  [1e9, 4e9, 1.6e10, 6.4e10, 2.6e11].map((examples, j) => ({
    parameters,
    examples,
    loss:
      (1.817 + 482 / parameters ** 0.348 + 2085 / examples ** 0.366) * (1 + 0.006 * wobble(7 * i + 3 * j)),
  })),
);

test('the minimum is that of the lab’s own fit, whatever the scale of the objective', () => {
  const own = fitLaw(
    lossSurface,
    {
      inputs: [rows.map(({ parameters }) => parameters), rows.map(({ examples }) => examples)],
      y: rows.map(({ loss }) => loss),
    },
    { bootstrap: 0 },
  );
  for (const scale of ['sum', 'mean'] as const) {
    const found = stoppedSurface(rows, { slope: 1e-12, scale });
    expect(found?.alpha).toBeCloseTo(own.parameters['alpha'] as number, 3);
    expect(found?.beta).toBeCloseTo(own.parameters['beta'] as number, 3);
    expect(found?.objective).toBeCloseTo(own.objective, 8);
  }
});

test('stopped by SciPy’s tolerance a mean objective is above its minimum, and its exponents are others', () => {
  const least = stoppedSurface(rows, { slope: 1e-12, scale: 'sum' });
  const early = stoppedSurface(rows, { slope: 1e-5, scale: 'mean' });
  expect(early?.objective).toBeGreaterThan(1.01 * (least?.objective ?? 0));
  expect(Math.abs((early?.beta ?? 0) / (least?.beta ?? 1) - 1)).toBeGreaterThan(0.04);
  expect(stoppedSurface([], { slope: 1e-5, scale: 'sum' })).toBeNull();
});

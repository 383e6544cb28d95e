// Findings in links: verdict, points and laws come back, in 1.5 kB; hostile ones are refused in words.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { studies } from '../../src/catalog/studies/index.ts';
import type { Observed } from '../../src/core/measurement.ts';
import { packText, unpackText } from '../../src/core/packed-text.ts';
import { decode, encode } from '../../src/experiment/address.ts';
import { type DrawnFinding, drawnFinding } from '../../src/experiment/drawn-figures.ts';
import { decodeFinding, encodeFinding } from '../../src/experiment/finding-link.ts';
import { MOST_RESULT_LETTERS } from '../../src/experiment/packed-result.ts';
import type { Sweep } from '../../src/experiment/sweep/sweep.ts';
import { trials } from '../../src/experiment/sweep/trials.ts';
import { planted, seedNoise } from '../fixtures/measurement.ts';

const basis = { runs: 7, of: 9, counting: 2 } as const;

/** A study's own runs, with a loss that falls with compute. */
async function found(id: keyof typeof studies): Promise<{
  readonly drawn: DrawnFinding;
  readonly of: { readonly config: ReturnType<typeof decode>['config']; readonly sweep: Sweep };
}> {
  const { config, sweep } = decode(`study=${id}`);
  if (!sweep) throw new Error(`${id} has no sweep`);
  const rows = trials(config, sweep).trials.flatMap(({ cells, cost, config: own }): readonly Observed[] =>
    cells.map((cell) => {
      const flops = cost.flops ?? 1e9;
      const error = 0.12 + 20 * flops ** -0.25 + 0.002 * seedNoise(own.seed);
      const batch = own['train.batchSize'];
      const reached = Math.round(200 * (1 + 300 / batch));
      return planted({
        cell,
        flops,
        parameters: cost.parameters,
        examples: flops / cost.parameters,
        final: { 'test/accuracy': 1 - error, 'test/loss': 3 * error, 'validation/loss': 3 * error },
        evaluations: { 'validation/loss': { steps: [1, reached], values: [2, 3 * error] } },
      });
    }),
  );
  const finding = await studies[id].finding(rows, { resamples: 60, counting: 2 });
  return { drawn: drawnFinding(finding, 2), of: { config, sweep } };
}

const figureOf = ({ figures }: DrawnFinding, index = 0): DrawnFinding['figures'][number] =>
  figures[index] as DrawnFinding['figures'][number];

describe('findings in links', () => {
  test('an axis of names keeps its names and their places', async () => {
    const { drawn, of } = await found('shuffled-pixels');
    const text = encodeFinding(drawn, basis, of.config, of.sweep) ?? '';
    const { x, lines } = figureOf(decodeFinding(text, of.config, of.sweep).finding);
    expect(x.categories).toEqual(['in order', 'shuffled']);
    expect(lines.map(({ points }) => points.map((point) => point.x))).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
  });

  test('a law comes back with its intervals, its points nearly, its verdict in the same words', async () => {
    const { drawn, of } = await found('scaling-law');
    const text = encodeFinding(drawn, basis, of.config, of.sweep);
    expect(text?.length).toBeLessThanOrEqual(MOST_RESULT_LETTERS);
    const link = decode(encode(of.config, {}, of.sweep, { result: text }));
    expect(link.problems).toEqual([]);
    expect(link.finding).toBe(text);
    expect(link.result).toBeNull();

    const { finding, ...rest } = decodeFinding(text as string, link.config, link.sweep as Sweep);
    expect(rest).toEqual(basis);
    expect(finding.verdict).toEqual(drawn.verdict);
    const line = (one: DrawnFinding) => figureOf(one).lines.find(({ fit }) => fit !== null);
    const [before, after] = [line(drawn), line(finding)];
    expect(figureOf(finding).title).toBe(figureOf(drawn).title);
    expect([figureOf(finding).x, figureOf(finding).y]).toEqual([figureOf(drawn).x, figureOf(drawn).y]);
    expect(after?.points).toHaveLength(before?.points.length as number);
    for (const [index, { x, y, runs }] of (before?.points ?? []).entries()) {
      const own = after?.points[index];
      expect((own?.x as number) / x).toBeCloseTo(1, 2);
      expect((own?.y as number) / y).toBeCloseTo(1, 2);
      expect(own?.runs).toBe(runs);
    }
    for (const [name, value] of Object.entries(before?.fit?.fit.parameters ?? {})) {
      expect(after?.fit?.fit.parameters[name]).toBe(Number(value.toPrecision(6)));
      const bound = (side: 0 | 1) => before?.fit?.fit.intervals?.[name]?.[side] as number;
      expect(after?.fit?.fit.intervals?.[name]).toEqual(
        [0, 1].map((side) => Number(bound(side as 0 | 1).toPrecision(6))),
      );
    }
    expect(after?.fit?.curve.length).toBeGreaterThan(50);
  });

  test.each(['shapes', 'batch-size', 's-mlp-exponent', 'hourglass-depth', 'ablations'] as const)(
    '%s fits a link',
    async (id) => {
      const { drawn, of } = await found(id);
      const text = encodeFinding(drawn, basis, of.config, of.sweep);
      expect(text?.length).toBeLessThanOrEqual(MOST_RESULT_LETTERS);
      expect(decodeFinding(text as string, of.config, of.sweep).finding.verdict).toEqual(drawn.verdict);
    },
  );

  test('another sweep, a damaged text and a hostile content are refused in words', async () => {
    const { drawn, of } = await found('scaling-law');
    const text = encodeFinding(drawn, basis, of.config, of.sweep) as string;
    const other = decode('study=shapes');
    expect(() => decodeFinding(text, other.config, other.sweep as Sweep)).toThrow('another sweep');
    const wire = JSON.parse(unpackText(text, 65536));
    const refused = (changes: object) =>
      expect(() =>
        decodeFinding(packText(JSON.stringify({ ...wire, ...changes })), of.config, of.sweep),
      ).toThrow('is not what this lab writes');
    refused({ answer: 'proven' });
    refused({ figures: [{ ...wire.figures[0], title: 'x'.repeat(121) }] });
    refused({ figures: [{ ...wire.figures[0], lines: [{ ...wire.figures[0].lines[0], n: [1] }] }] });
    refused({ evidence: [1] });
    const [line] = wire.figures[0].lines.filter(({ fit }: { fit: unknown }) => fit !== null);
    const short = { ...line, fit: { ...line.fit, parameters: [1] } };
    expect(() =>
      decodeFinding(
        packText(JSON.stringify({ ...wire, figures: [{ ...wire.figures[0], lines: [short] }] })),
        of.config,
        of.sweep,
      ),
    ).toThrow('other parameters');
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'ABCxyz019-_'), (at, letter) => {
        const broken = text.slice(0, at) + letter + text.slice(at + 1);
        try {
          decodeFinding(broken, of.config, of.sweep);
        } catch (error) {
          expect(error).toMatchObject({ code: 'config-invalid' });
        }
      }),
      { numRuns: 200 },
    );
  });
});

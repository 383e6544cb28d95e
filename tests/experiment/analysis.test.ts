// What is asked of the thread that analyses: findings and tables, in steps.
import { describe, expect, test } from 'vitest';
import { laws } from '../../src/core/fits/laws.ts';
import type { Observed } from '../../src/core/measurement.ts';
import { type AnalysisAnswer, analysing, type Question } from '../../src/experiment/analysis.ts';
import { columnsOf, guessColumns, type TableQuestion } from '../../src/experiment/table-fit.ts';

async function answersTo(question: Question): Promise<readonly AnalysisAnswer[]> {
  const answers: AnalysisAnswer[] = [];
  for await (const answer of analysing(question)) answers.push(answer);
  return answers;
}

const csv = (rows: readonly (readonly (number | string)[])[], head = 'C,loss'): string =>
  [head, ...rows.map((row) => row.join(','))].join('\n');

const power = Array.from({ length: 12 }, (_, i) => [
  1e9 * 2 ** i,
  4 * 2 ** (-0.1 * i) * (1 + 0.01 * Math.sin(5 * i)),
]);

const asked: TableQuestion = {
  law: 'power-law',
  x: ['C'],
  y: 'loss',
  group: null,
  holdout: 0,
  resamples: 200,
  seed: 0,
  counting: 2,
};

const fitOf = (text: string, changes: Partial<TableQuestion> = {}, name = 'mine.csv') =>
  answersTo({ kind: 'fit', file: { name, text }, question: { ...asked, ...changes } });

async function messageOf(answers: Promise<readonly AnalysisAnswer[]>): Promise<string> {
  const last = (await answers).at(-1);
  return last?.kind === 'failed' ? last.failure.message : 'no failure';
}

describe('a table', () => {
  test('is fitted without intervals first, then with more resamples', async () => {
    const answers = await fitOf(csv(power), { holdout: 2 });
    const fits = answers.flatMap((answer) => (answer.kind === 'fit' ? [answer.fit] : []));
    expect(fits.map(({ fit }) => fit.resamples)).toEqual([0, 100, 200]);
    expect(fits[0]?.fit.intervals).toBeNull();
    expect(fits.at(-1)?.fit.parameters['c']).toBeCloseTo(-0.1, 1);
    expect(fits.at(-1)?.held).toHaveLength(2);
    expect(fits.at(-1)?.forms[0]?.law).toBeDefined();
    expect(answers.map(({ isFinal }) => isFinal)).toEqual([false, false, true]);
    const [main] = fits.at(-1)?.figures ?? [];
    expect(main?.lines[0]?.points).toHaveLength(10);
    expect(main?.lines[0]?.fit?.curve.length).toBeGreaterThan(50);
  });

  test('of JSON lines is the same table', async () => {
    const lines = power.map(([C, loss]) => JSON.stringify({ C, loss })).join('\n');
    const [a, b] = await Promise.all([fitOf(csv(power)), fitOf(lines, {}, 'mine.jsonl')]);
    const last = (answers: readonly AnalysisAnswer[]) => {
      const answer = answers.at(-1);
      return answer?.kind === 'fit' ? answer.fit.fit : null;
    };
    expect(last(a)).toEqual(last(b));
  });

  test('that cannot be fitted is answered in words', async () => {
    expect(await messageOf(fitOf(''))).toContain('mine.csv is empty');
    expect(await messageOf(fitOf('C,loss\n'))).toContain('no rows');
    expect(await messageOf(fitOf(csv([...power, [1e13, 'n/a']])))).toContain('column "loss" is "n/a"');
    expect(
      await messageOf(
        fitOf(
          csv([
            [1e9, 3],
            [1e10, 2],
          ]),
          { law: 'power-law-offset' },
        ),
      ),
    ).toContain('3 parameters');
    expect(await messageOf(fitOf(csv(power), { y: 'accuracy' }))).toContain('no column "accuracy"');
  });

  test('says which columns it has, and which a law is likely to want', () => {
    const text = csv(
      [
        [1, 'a', 1e6, 1e8, 2.5],
        [2, 'b', 2e6, 2e8, 2.25],
      ],
      'run,name,params,tokens,loss',
    );
    const { columns, rows } = columnsOf({ name: 'mine.csv', text });
    expect(rows).toBe(2);
    expect(columns[1]).toEqual({ name: 'name', numbers: 0, examples: ['a', 'b'] });
    expect(guessColumns(laws['loss-surface'], columns)).toEqual({ x: ['params', 'tokens'], y: 'loss' });
  });
});

describe('a finding', () => {
  const rows = [16, 32, 64, 128].flatMap((width) =>
    [1, 3, 9].map((epochs): Observed => {
      const [parameters, examples] = [width * 800, epochs * 6000];
      const flops = 6 * parameters * examples;
      const error = 0.1 + 0.5 * (flops / 1e9) ** -0.3 * (1 + 0.01 * Math.sin(width + epochs));
      return {
        cell: { 'model.width': width, 'data.trainSize': 6000, 'train.epochs': epochs },
        measurement: {
          key: `${width} ${epochs}`,
          id: `${width} ${epochs}`,
          name: '',
          config: {},
          parameters: { total: parameters, trainable: parameters, block: parameters },
          macsPerExample: parameters,
          images: 6000,
          steps: examples / 60,
          examples,
          flops,
          seconds: flops / 1e9,
          outcome: 'finished',
          final: { 'test/accuracy': 1 - error, 'test/loss': 2 * error },
          best: {},
          evaluations: {},
        },
      };
    }),
  );

  test('comes as a first look, then with intervals; half the compute where a multiply-add is one', async () => {
    const of = (counting: 1 | 2) => answersTo({ kind: 'finding', study: 'scaling-law', rows, counting });
    const [twice, once] = await Promise.all([of(2), of(1)]);
    expect(twice.map(({ isFinal }) => isFinal)).toEqual([false, false, true]);
    expect(twice.map((answer) => answer.kind === 'finding' && answer.isJudged)).toEqual([false, true, true]);
    const figure = (answers: readonly AnalysisAnswer[], at: number) => {
      const answer = answers.at(at);
      return answer?.kind === 'finding' ? answer.finding.figures[0] : undefined;
    };
    const law = (answers: readonly AnalysisAnswer[], at: number) => figure(answers, at)?.lines.at(-1);
    expect(law(twice, 0)?.fit?.fit.intervals).toBeNull();
    expect(law(twice, -1)?.fit?.fit.resamples).toBe(1000);
    expect(law(twice, -1)?.held?.every(({ isHit }) => isHit !== null)).toBe(true);
    expect(law(once, -1)?.points[0]?.x).toBeCloseTo((law(twice, -1)?.points[0]?.x ?? 0) / 2);
    expect(law(twice, -1)?.points[0]?.keys).toHaveLength(1);
  });

  test('of no study, and of no runs, ends', async () => {
    expect(await answersTo({ kind: 'finding', study: 'none', rows, counting: 2 })).toEqual([]);
    const answers = await answersTo({ kind: 'finding', study: 'shapes', rows: [], counting: 2 });
    expect(answers.at(-1)).toMatchObject({ kind: 'finding', isFinal: true });
  });
});

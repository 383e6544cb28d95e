// A run's record and the table of runs: everything is in them, and nothing that a person wrote can become a formula.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../src/core/digest.ts';
import { columnOf, createMetricLog } from '../../src/core/metrics.ts';
import { makeConfig } from '../../src/experiment/config.ts';
import { plan } from '../../src/experiment/plan.ts';
import { createRun, noRemarks, type Remarks, type Run } from '../../src/experiment/run.ts';
import { runRecord, toRecordJson, toRunsCsv } from '../../src/experiment/run-record.ts';

const config = makeConfig({ 'model.width': 64 });
const log = createMetricLog();
log.append({
  'train/loss': columnOf([
    [1, 2],
    [2, -0.5],
  ]),
  'test/accuracy': columnOf([[2, 0.75]]),
});
const runOf = (remarks: Partial<Remarks> = {}): Run => ({
  ...createRun({ key: 'k-1', config, planned: plan(config), data: null, parent: null, createdAt: 0 }),
  state: 'finished',
  step: 2,
  digest: digestOf(log),
  remarks: { ...noRemarks, ...remarks },
});

/** RFC 4180, read back. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] as string;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === ',' || letter === '\r') {
      rows.at(-1)?.push(cell);
      cell = '';
      if (letter === '\r') {
        rows.push([]);
        i++;
      }
    } else cell += letter;
  }
  return rows.slice(0, -1);
}

const CORPUS = [
  '=1+1',
  '+1',
  '-1+2',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\0=1',
  'a,b',
  'say "hi"',
  'two\nlines',
  '<b>x</b>',
  '',
];

describe('the table of runs', () => {
  test.each(CORPUS.map((text) => [JSON.stringify(text), text]))('%s in a name and a note', (_shown, text) => {
    const [head, row] = parseCsv(toRunsCsv([runOf({ title: text, note: text, tags: ['a'] })]));
    for (const name of ['title', 'note']) {
      const cell = row?.[head?.indexOf(name) ?? -1] ?? '';
      expect(cell === text || cell === `'${text}`).toBe(true);
      expect(cell).not.toMatch(/^[=+\-@\t\r\0]/);
    }
  });

  test('whatever is written, columns stay where they are and no text begins a formula; numbers stay numbers', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (title, note) => {
        const rows = parseCsv(toRunsCsv([runOf({ title, note }), runOf()]));
        expect(new Set(rows.map(({ length }) => length)).size).toBe(1);
        for (const cell of rows.flat())
          if (!Number.isFinite(Number(cell))) expect(cell).not.toMatch(/^[=+\-@\t\r\0]/);
      }),
    );
    const [head, row] = parseCsv(toRunsCsv([runOf()]));
    const at = (name: string): string | undefined => row?.[head?.indexOf(name) ?? -1];
    expect([at('train/loss last'), at('test/accuracy last'), at('model.width'), at('parameters')]).toEqual([
      '-0.5',
      '0.75',
      '64',
      String(plan(config).parameters.total),
    ]);
  });
});

test('a record holds what the run is, what was written about it and what it gave', () => {
  const remarks = { title: 'mine', isStarred: true, note: 'n', tags: ['a', 'b'] };
  const record = runRecord({
    ...runOf(remarks),
    parent: { key: 'p', id: 'f', step: 1, before: { epochs: 0, examples: 0, flops: 0 } },
  });
  expect(record).toMatchObject({
    key: 'k-1',
    title: 'mine',
    starred: true,
    tags: ['a', 'b'],
    note: 'n',
    created: '1970-01-01T00:00:00.000Z',
    parent: { key: 'p', id: 'f', step: 1 },
    config: { 'model.width': 64, 'train.batchSize': 128 },
    results: { 'test/accuracy': { last: 0.75, least: 0.75, most: 0.75 } },
  });
  expect(JSON.parse(toRecordJson([record]))).toEqual([record]);
});

// Exports say exactly what was measured, in forms that other programs read without harm.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnOf, createMetricLog, type MetricName, metricNames } from '../../src/core/metrics.ts';
import { textCell, toJsonLines, toLongCsv, toWideCsv } from '../../src/experiment/exports.ts';

const value = fc.double();
const column = fc
  .uniqueArray(fc.tuple(fc.nat(200), value), { selector: ([step]) => step, minLength: 1, maxLength: 20 })
  .map((pairs) => pairs.sort(([a], [b]) => a - b));
const columns = fc.dictionary(fc.constantFrom(...metricNames), column) as fc.Arbitrary<
  Partial<Record<MetricName, [number, number][]>>
>;

function logOf(pairs: Partial<Record<MetricName, [number, number][]>>) {
  const log = createMetricLog();
  for (const [name, column] of Object.entries(pairs)) log.append({ [name]: columnOf(column) });
  return log;
}

/** A strict reader of RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let [row, cell, quoted]: [string[], string, boolean] = [[], '', false];
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',') {
      row.push(cell);
      cell = '';
    } else if (character === '\r' && text[at + 1] === '\n') {
      rows.push([...row, cell]);
      [row, cell] = [[], ''];
      at++;
    } else cell += character;
  }
  expect([row, cell, quoted]).toEqual([[], '', false]);
  return rows;
}

test('the long CSV holds every measurement of every run, numbers exact', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), columns), { maxLength: 3 }), (runs) => {
      const [head, ...rows] = parseCsv(toLongCsv(runs.map(([run, pairs]) => ({ run, log: logOf(pairs) }))));
      expect(head).toEqual(['run', 'step', 'metric', 'value']);
      const expected = runs.flatMap(([run, pairs]) => {
        const shown = /^[=+\-@\t\r]/.test(run) ? `'${run}` : run;
        return Object.entries(pairs).flatMap(([name, column]) =>
          column.map(([step, number]) => [shown, String(step), name, number === 0 ? 0 : number].join('|')),
        );
      });
      const read = rows.map(([run, step, name, number]) => [run, step, name, Number(number)].join('|'));
      expect(read.sort()).toEqual(expected.sort());
    }),
  );
});

test('the wide CSV and the JSON lines have one row a step, steps rising', () => {
  fc.assert(
    fc.property(columns, (pairs) => {
      const log = logOf(pairs);
      const steps = [...new Set(Object.values(pairs).flatMap((column) => column.map(([step]) => step)))];
      steps.sort((a, b) => a - b);
      const [head, ...rows] = parseCsv(toWideCsv(log));
      expect(head?.[0]).toBe('step');
      expect(rows.map(([step]) => Number(step))).toEqual(steps);
      const lines = toJsonLines(log)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, number | null>);
      expect(lines.map(({ step }) => step)).toEqual(steps);
      for (const [name, column] of Object.entries(pairs)) {
        const at = head?.indexOf(name) ?? -1;
        for (const [step, number] of column) {
          const plain = number === 0 ? 0 : number;
          expect(Number(rows[steps.indexOf(step)]?.[at])).toBe(plain);
          expect(lines[steps.indexOf(step)]?.[name]).toBe(Number.isFinite(number) ? plain : null);
        }
      }
    }),
  );
});

test('text that a spreadsheet would run is disarmed, numbers are left alone', () => {
  for (const text of ['=HYPERLINK("x")', '+1', '-1+1|cmd', '@SUM', '\tx', '\rx']) {
    expect(textCell(text).replace(/^"/, '')).toMatch(/^'/);
  }
  const log = logOf({ 'train/loss': [[1, -0.5]] });
  expect(toLongCsv([{ run: 'a "b", c', log }])).toBe(
    'run,step,metric,value\r\n"a ""b"", c",1,train/loss,-0.5\r\n',
  );
});

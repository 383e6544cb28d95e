// Accuracy of each class with its interval, and what it is taken for most.
import { formatCount, formatPercent } from '../../core/format.ts';
import { type Confusion, shareOf } from '../../core/stats/confusion.ts';
import { wilsonInterval } from '../../core/stats/wilson.ts';
import { Heads } from '../controls/heads.tsx';
import { Wide } from './wide.tsx';

/** In percent: "[75.5, 77.2]". */
export const intervalWords = (hits: number, n: number): string => {
  const interval = wilsonInterval(hits, n);
  if (!interval) return '–';
  return `[${interval.map((end) => (100 * end).toFixed(1)).join(', ')}]`;
};

export function ClassTable({ of, names }: { readonly of: Confusion; readonly names: readonly string[] }) {
  const { classes, counts, totals } = of;
  const rows = names.map((name, label) => {
    const hits = counts[label * classes + label] as number;
    const others = names.map((_, taken) => taken).filter((taken) => taken !== label);
    const most = others.reduce(
      (best, taken) => (shareOf(of, label, taken) > shareOf(of, label, best) ? taken : best),
      others[0] ?? label,
    );
    return { name, label, hits, n: totals[label] as number, most };
  });
  return (
    <Wide title="Accuracy of each class" rows={rows}>
      {(shown) => (
        <table>
          <Heads
            columns={[
              'Class',
              ['Images', 'number'],
              ['Right', 'number'],
              ['95 % interval', 'number'],
              'Taken most for',
            ]}
          />
          <tbody>
            {shown.map(({ name, label, hits, n, most }) => {
              const share = shareOf(of, label, most);
              return (
                <tr key={label}>
                  <th scope="row">{name}</th>
                  <td className="number">{formatCount(n)}</td>
                  <td className="number">{n > 0 ? formatPercent(hits / n) : '–'}</td>
                  <td className="number ink2">{intervalWords(hits, n)}</td>
                  <td className="ink2">{share > 0 ? `${names[most]}, ${formatPercent(share)}` : '–'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Wide>
  );
}

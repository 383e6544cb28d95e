// A small histogram of a tensor's values, in a table's row.
import { formatNumber } from '../../core/format.ts';
import type { Spread } from '../../core/spread.ts';

const [WIDTH, HEIGHT] = [72, 20];

export function Histogram({ of }: { readonly of: Spread }) {
  const most = Math.max(1, ...of.bins);
  const step = WIDTH / Math.max(1, of.bins.length);
  const words = `from ${formatNumber(of.low, 2)} to ${formatNumber(of.high, 2)}`;
  return (
    <svg className="histogram" width={WIDTH} height={HEIGHT} role="img" aria-label={`Histogram ${words}`}>
      <title>{words}</title>
      {of.bins.map((count, bin) => {
        const height = (HEIGHT * count) / most;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
          <rect key={bin} x={bin * step} y={HEIGHT - height} width={step - 0.5} height={height} />
        );
      })}
    </svg>
  );
}

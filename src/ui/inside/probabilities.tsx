// Class probabilities as bars, the largest first; the true class is marked where it is known.
import { formatPercent } from '../../core/format.ts';

export function Probabilities({
  of,
  names,
  most,
  label = null,
}: {
  readonly of: ArrayLike<number>;
  readonly names: readonly string[];
  readonly most: number;
  readonly label?: number | null;
}) {
  const order = names
    .map((_, index) => index)
    .toSorted((a, b) => (of[b] as number) - (of[a] as number))
    .slice(0, most);
  // The true class is always told.
  const shown = label === null || order.includes(label) ? order : [...order.slice(0, -1), label];
  return (
    <ol className="probabilities">
      {shown.map((index) => {
        const share = of[index] as number;
        return (
          <li key={index}>
            <span className={index === label ? 'cut strong' : 'cut'}>
              {names[index]}
              {index === label ? <span className="ok"> true</span> : null}
            </span>
            <span className="bar" aria-hidden="true">
              <i style={{ width: `${100 * share}%` }} />
            </span>
            <span className="value">{formatPercent(share)}</span>
          </li>
        );
      })}
    </ol>
  );
}

// A long table that may be wider than its place: folded to its ends, scrolled by keys.
import { type ReactNode, useState } from 'react';

/** Rows at each end of a long table; those between are shown when asked for. */
const ENDS = 6;

export function Wide<T>({
  title,
  rows,
  children,
}: {
  readonly title: string;
  readonly rows: readonly T[];
  readonly children: (rows: readonly T[]) => ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  const isLong = rows.length > 2 * ENDS + 2;
  return (
    <>
      <div className="row">
        <h3 className="mid strong">{title}</h3>
        {isLong ? (
          <button
            type="button"
            className="quiet push"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? 'Fewer' : `All ${rows.length}`}
          </button>
        ) : null}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that is wider than its place is scrolled by keys */}
      <section className="wide-table" tabIndex={0} aria-label={title}>
        {children(isLong && !isOpen ? [...rows.slice(0, ENDS), ...rows.slice(-ENDS)] : rows)}
      </section>
      {isLong && !isOpen ? (
        <p className="small ink3">
          The first and last {ENDS} of {rows.length} rows.
        </p>
      ) : null}
    </>
  );
}

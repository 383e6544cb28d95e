// The layer list as a table: names as in the state dict, the blocks between the first and the last left out until asked.
import { useState } from 'react';
import { formatCount } from '../../core/format.ts';
import { elements, type Layer, tensors } from '../../core/layers.ts';
import { Heads } from '../controls/heads.tsx';

interface Row {
  readonly name: string;
  readonly shape: string;
  readonly count: number;
}

/** Weight and bias of a layer as one row; buffers have no row. */
function rows(layers: readonly Layer[]): readonly Row[] {
  const byName = new Map<string, Row>();
  for (const { name, shape, kind } of tensors(layers)) {
    if (kind !== 'parameter') continue;
    const layer = name.slice(0, name.lastIndexOf('.'));
    const row = byName.get(layer);
    byName.set(layer, {
      name: layer,
      shape: row?.shape ?? shape.map((size) => String(size)).join(' × '),
      count: (row?.count ?? 0) + elements(shape),
    });
  }
  return [...byName.values()];
}

const FEW = 8;

export function LayerTable({ layers }: { readonly layers: readonly Layer[] }) {
  const [all, setAll] = useState(false);
  const every = rows(layers);
  const folds = every.length > FEW;
  const head = folds && !all ? every.slice(0, 4) : every;
  const tail = folds && !all ? every.slice(-1) : [];
  const between = every.slice(4, -1);
  const line = (row: Row) => (
    <tr key={row.name}>
      <td className="mono">{row.name}</td>
      <td className="number ink2">{row.shape}</td>
      <td className="number">{formatCount(row.count)}</td>
    </tr>
  );
  return (
    <section className="section">
      <div className="section-head">
        <h2>Layer list</h2>
        {folds && (
          <button type="button" className="quiet push" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Fewer' : `All ${every.length}`}
          </button>
        )}
      </div>
      <table>
        <Heads columns={['Name', ['Shape', 'number'], ['Parameters', 'number']]} />
        <tbody>
          {head.map(line)}
          {tail.length > 0 && (
            <tr>
              <td className="ink3">… {between.length} more</td>
              <td />
              <td className="number">{formatCount(between.reduce((sum, row) => sum + row.count, 0))}</td>
            </tr>
          )}
          {tail.map(line)}
        </tbody>
      </table>
    </section>
  );
}

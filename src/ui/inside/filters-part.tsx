// The first layer's filters as images, with their locality over training.
import { useState } from 'react';
import { evenLocality, localityWindow } from '../../core/filters.ts';
import { formatCount, formatNumber } from '../../core/format.ts';
import type { Run } from '../../experiment/run.ts';
import { type FilterOrder, type FilterSet, type Filters, filterOrders } from '../../experiment/sight.ts';
import { Segments } from '../controls/choices.tsx';
import { Picture } from '../parts/picture.tsx';
import { LocalityChart } from './locality-chart.tsx';
import { Part, stepWords, Waiting } from './part.tsx';
import { useLook } from './use-look.ts';

const ORDER_WORDS: Readonly<Record<FilterOrder, { readonly label: string; readonly help: string }>> = {
  strongest: { label: 'Strongest', help: 'Largest norm first' },
  local: { label: 'Most local', help: 'Largest share of squared weights in one window first' },
  start: { label: 'At the start', help: 'The first weights of the strongest filters, from the seed' },
};

const decimals = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(2));

function Grid({ set }: { readonly set: FilterSet }) {
  return (
    <ul className="filter-grid">
      {set.units.map((unit, index) => {
        const words = `Filter ${unit}: norm ${formatNumber(set.norms[index] as number, 3)}, locality ${decimals(set.localities[index] as number)}`;
        return (
          <li key={unit} title={words}>
            <Picture of={set.pictures} index={index} label={words} />
          </li>
        );
      })}
    </ul>
  );
}

function Words({ sight }: { readonly sight: Filters }) {
  const { layer, locality, startLocality, isUnshuffled, sets } = sight;
  if (!layer || !sets) return null;
  const { channels, height, width } = layer.shape;
  const window = localityWindow(layer.shape);
  const size = `${height} × ${width}${channels === 3 ? ' in colour' : ''}`;
  return (
    <p className="small ink2">
      {formatCount(sets.strongest.units.length)} of {formatCount(layer.count)} rows of{' '}
      <span className="mono">{layer.tensor}</span> as images of {size}
      {layer.isPatch ? ': each looks at one patch' : ''}. Mid grey is 0, each image is scaled by its own
      largest weight.
      {isUnshuffled ? ' The run shuffles pixels: here they stand where they were before.' : ''}
      {layer.isTrainable ? '' : ' This layer is not trained.'}
      {locality === null ? null : (
        <>
          {' '}
          <span className="strong">Locality {decimals(locality)}</span>: the share of a filter's squared
          weights in its best {window.height} × {window.width} window, on average;{' '}
          {decimals(evenLocality(layer.shape))} where weights are even
          {startLocality === null ? '' : `, ${decimals(startLocality)} for the first weights of the seed`}.
        </>
      )}
    </p>
  );
}

export function FiltersPart({ run }: { readonly run: Run }) {
  const looked = useLook(run, { kind: 'filters' }, true);
  const [order, setOrder] = useState<FilterOrder>('strongest');
  const { sight } = looked;
  const orders = filterOrders.filter((one) => one !== 'local' || !sight?.layer?.isPatch);
  const set = sight?.sets?.[orders.includes(order) ? order : 'strongest'];
  return (
    <Part
      title="First-layer filters"
      about={stepWords(looked.step)}
      tools={
        set ? (
          <Segments
            label="Filters"
            options={orders.map((value) => ({ value, ...ORDER_WORDS[value] }))}
            value={order}
            onChange={(value) => setOrder(filterOrders.find((one) => one === value) ?? 'strongest')}
          />
        ) : null
      }
    >
      <Waiting looked={looked} />
      {set ? <Grid set={set} /> : null}
      {sight && !set ? (
        <p className="mid ink2">The first matrix of this network does not look at pixels.</p>
      ) : null}
      {sight ? <Words sight={sight} /> : null}
      {sight && sight.locality !== null ? <LocalityChart run={run} start={sight.startLocality} /> : null}
    </Part>
  );
}

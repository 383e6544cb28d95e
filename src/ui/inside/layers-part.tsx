// Weights, gradients and activations of every layer as numbers and small histograms.
import { formatCount, formatNumber, formatPercent } from '../../core/format.ts';
import type { Run } from '../../experiment/run.ts';
import type { LayerStatistics } from '../../experiment/sight.ts';
import { Heads } from '../controls/heads.tsx';
import { Histogram } from './histogram.tsx';
import { Part, stepWords, Waiting } from './part.tsx';
import { useLook } from './use-look.ts';
import { Wide } from './wide.tsx';

const number = (value: number): string => formatNumber(value, 3);

function Tensors({ rows }: { readonly rows: LayerStatistics['tensors'] }) {
  return (
    <table>
      <Heads
        columns={[
          'Tensor',
          ['Shape', 'number'],
          'Values',
          ['Mean', 'number'],
          ['Std', 'number'],
          ['Norm', 'number'],
          ['Zeros', 'number'],
          ['Gradient norm', 'number'],
          ['Gradient / weight', 'number'],
        ]}
      />
      <tbody>
        {rows.map(({ name, shape, values, gradient }) => (
          <tr key={name}>
            <th scope="row" className="mono">
              {name}
            </th>
            <td className="number ink2">{shape.join(' × ')}</td>
            <td>
              <Histogram of={values} />
            </td>
            <td className="number">{number(values.mean)}</td>
            <td className="number">{number(values.std)}</td>
            <td className="number">{number(values.norm)}</td>
            <td className="number">{values.zeros > 0 ? formatPercent(values.zeros) : '0'}</td>
            <td className="number">{gradient ? number(gradient.norm) : '–'}</td>
            <td className="number">
              {gradient && values.norm > 0 ? number(gradient.norm / values.norm) : '–'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Outputs({ rows }: { readonly rows: LayerStatistics['outputs'] }) {
  return (
    <table>
      <Heads
        columns={[
          'Layer',
          ['Units', 'number'],
          'Values',
          ['Mean', 'number'],
          ['Std', 'number'],
          ['Zeros', 'number'],
          ['Dead units', 'number'],
        ]}
      />
      <tbody>
        {rows.map(({ name, width, values, dead }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a layer is its place
          <tr key={index}>
            <th scope="row" className="mono">
              {name}
            </th>
            <td className="number ink2">{formatCount(width)}</td>
            <td>
              <Histogram of={values} />
            </td>
            <td className="number">{number(values.mean)}</td>
            <td className="number">{number(values.std)}</td>
            <td className="number">{values.zeros > 0 ? formatPercent(values.zeros) : '0'}</td>
            <td className="number">
              {dead === null ? '–' : `${formatCount(dead)} (${formatPercent(dead / width, 0)})`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function LayersPart({ run }: { readonly run: Run }) {
  const looked = useLook(run, { kind: 'layers' }, true);
  const { sight } = looked;
  return (
    <Part title="Weights, gradients and activations" about={stepWords(looked.step)}>
      <Waiting looked={looked} />
      {sight ? (
        <>
          <p className="small ink2">
            Measured on a fixed batch of {formatCount(sight.images)} training images, evenly taken, without
            augmentation and dropout; the gradient is that of their mean loss. A dead unit is above zero for
            none of them. “sum” is where a block is added to what it came from.
          </p>
          <Wide title="Weights and their gradients" rows={sight.tensors}>
            {(rows) => <Tensors rows={rows} />}
          </Wide>
          <Wide title="Activations, in order" rows={sight.outputs}>
            {(rows) => <Outputs rows={rows} />}
          </Wide>
        </>
      ) : null}
    </Part>
  );
}

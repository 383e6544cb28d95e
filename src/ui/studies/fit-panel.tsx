// The laws that were fitted, in numbers: parameters with intervals, what was held out, warnings, how it was done. A fit is
// what this panel exports: its data's hash, method, version, seed and warnings make it again anywhere.
import type { Bin, DrawnFit } from '../../core/fits/drawn-fit.ts';
import type { HeldRow } from '../../core/fits/held-rows.ts';
import type { Law } from '../../core/fits/law.ts';
import { lawOf } from '../../core/fits/laws.ts';
import { formatCount, formatNumber } from '../../core/format.ts';
import { saveFile } from '../charts/save-file.ts';
import { Heads } from '../controls/heads.tsx';
import { WarningIcon } from '../parts/icons.tsx';
import { amountText, amountWords, inLetters } from './amount-words.ts';
import { Formula } from './formula.tsx';

export interface ShownFit {
  readonly label: string;
  readonly fit: DrawnFit['fit'];
  readonly spreads: DrawnFit['spreads'];
  readonly held: readonly HeldRow[];
  readonly factor: number;
}

function Parameters({ law, fit }: { readonly law: Law; readonly fit: ShownFit['fit'] }) {
  const all = [...law.parameters, ...(law.derived ?? [])];
  return (
    <table className="fit-table">
      <Heads columns={['Parameter', ['Value', 'number'], ['95 % interval', 'number']]} />
      <tbody>
        {all.map(({ name, meaning }) => {
          const value = fit.parameters[name] ?? fit.derived[name] ?? Number.NaN;
          const words = amountWords(value, fit.intervals?.[name] ?? null);
          return (
            <tr key={name}>
              <th scope="row" title={meaning}>
                <Formula text={name} />
              </th>
              <td className="number">{words.value}</td>
              <td className="number ink2">{words.interval || (fit.widening === null ? 'none' : '…')}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const HEIGHT = 44;
const WIDTH = 200;

/** How the resamples of an exponent are spread. */
function Spread({ name, bins }: { readonly name: string; readonly bins: readonly Bin[] }) {
  const most = Math.max(...bins.map(({ share }) => share));
  const [first, last] = [bins[0], bins.at(-1)];
  if (!first || !last) return null;
  const words = `${inLetters(name)} over the resamples, from ${formatNumber(first.from, 3)} to ${formatNumber(last.to, 3)}`;
  return (
    <figure className="fit-spread">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words} preserveAspectRatio="none">
        {bins.map(({ from, share }, index) => (
          <rect
            key={from}
            x={(index * WIDTH) / bins.length}
            y={HEIGHT - (share / most) * HEIGHT}
            width={WIDTH / bins.length - 1}
            height={(share / most) * HEIGHT}
          />
        ))}
      </svg>
      <figcaption className="row small ink3">
        <span>{formatNumber(first.from, 3)}</span>
        <span className="push">
          <Formula text={name} />
        </span>
        <span className="push">{formatNumber(last.to, 3)}</span>
      </figcaption>
    </figure>
  );
}

function HeldOut({ held, fit, factor }: Pick<ShownFit, 'held' | 'fit' | 'factor'>) {
  if (held.length === 0 || !fit.holdout) return null;
  const { rmsle, baselines } = fit.holdout;
  const hits = held.filter(({ isHit }) => isHit).length;
  const isScored = held.every(({ isHit }) => isHit !== null);
  const scores = [
    ['this law', rmsle],
    ['last value', baselines.lastValue],
    ['power law', baselines.powerLaw],
    [`best form, ${lawOf(baselines.bestForm.law)?.label.toLowerCase() ?? ''}`, baselines.bestForm.rmsle],
  ] as const;
  return (
    <>
      <div className="section-head">
        <h3>Held out</h3>
        <span className="push small ink3">{isScored ? `${hits} of ${held.length} hit` : ''}</span>
      </div>
      <table className="fit-table">
        <Heads
          columns={['At', ['Predicted', 'number'], ['Seen', 'number'], ['Hit or miss', undefined, 'unseen']]}
        />
        <tbody>
          {held.map(({ inputs, y, predicted, interval, isHit }) => (
            <tr key={`${inputs.join(' ')} ${y}`}>
              <th scope="row">{inputs.map((input) => amountText(input, null)).join(', ')}</th>
              <td className="number">
                {amountText(factor * predicted, interval && [factor * interval[0], factor * interval[1]])}
              </td>
              <td className="number">{amountText(factor * y, null)}</td>
              <td className={isHit ? 'ok' : 'err'}>{isHit === null ? '' : isHit ? 'hit' : 'miss'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl className="figures fit-scores">
        {scores.map(([words, score]) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>off by a factor of {Math.exp(score).toFixed(3)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function One({ shown }: { readonly shown: ShownFit }) {
  const { label, fit, spreads, held, factor } = shown;
  const law = lawOf(fit.law);
  if (!law) return null;
  const save = (): void =>
    saveFile(
      `fit-${fit.law}.json`,
      new Blob([JSON.stringify({ label, ...fit, held }, null, 1)], { type: 'application/json' }),
    );
  return (
    <section className="section fit-panel" aria-label={`Fit: ${label}`}>
      <div className="section-head">
        <h2>Fit</h2>
        <span className="small ink3 cut">{label}</span>
        <span className="push small ink3 mono">{law.id}</span>
      </div>
      <p className="fit-form">
        <Formula text={law.form} />
      </p>
      <Parameters law={law} fit={fit} />
      {Object.entries(spreads).map(([name, bins]) => (
        <Spread key={name} name={name} bins={bins} />
      ))}
      <HeldOut held={held} fit={fit} factor={factor} />
      {fit.warnings.length > 0 ? (
        <>
          <div className="section-head">
            <h3>Warnings</h3>
            <span className="push small ink3">{fit.warnings.length}</span>
          </div>
          <ul className="fit-warnings small">
            {fit.warnings.map((words) => (
              <li key={words}>
                <WarningIcon tone="warn" />
                <span>{inLetters(words)}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <details className="fit-protocol small">
        <summary>How it was made</summary>
        <p className="ink2">
          {law.source}. {fit.method}. {fit.intervalMethod ? `${fit.intervalMethod}.` : ''}
        </p>
        <dl className="figures">
          <dt>Rows, configurations</dt>
          <dd>
            {formatCount(fit.rows)}, {formatCount(fit.configurations)}
          </dd>
          <dt>Objective</dt>
          <dd>{formatNumber(fit.objective, 5)}</dd>
          <dt>Data, SHA-256</dt>
          <dd className="mono">{fit.data.slice(0, 12)}</dd>
          <dt>Seed, version</dt>
          <dd>
            {fit.seed}, {fit.version}
          </dd>
        </dl>
      </details>
      <div className="row wrap sweep-buttons">
        <button type="button" className="button" onClick={save}>
          Fit as JSON
        </button>
      </div>
    </section>
  );
}

export function FitPanel({ fits }: { readonly fits: readonly ShownFit[] }) {
  return fits.map((shown) => <One key={`${shown.label} ${shown.fit.law} ${shown.fit.data}`} shown={shown} />);
}

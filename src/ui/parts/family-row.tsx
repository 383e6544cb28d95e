// The slider through the family of residual networks: hourglass, residual isotropic, inverted bottleneck.
import { useId } from 'react';
import { formatCount, formatNumber } from '../../core/format.ts';
import type { Config, Named } from '../../experiment/config.ts';
import { nearestRatio, ratioOf, ratios, withRatio } from '../../experiment/family.ts';

const nameOf = (k: number): string =>
  k < 1 ? 'hourglass' : k === 1 ? 'residual isotropic' : 'inverted bottleneck';

/** "1/4" for the ratios below 1 that are one over a whole number, else "0.26". */
function ratioWords(k: number): string {
  const over = Math.round(1 / k);
  if (k < 1 && Math.abs(k * over - 1) < 1e-9) return `1/${over}`;
  return formatNumber(Number(k.toPrecision(3)));
}

interface Props {
  readonly config: Config;
  readonly disabled: boolean;
  readonly onChange: (changes: Named) => void;
}

/** Nothing for networks outside the family. */
export function FamilyRow({ config, disabled, onChange }: Props) {
  const id = useId();
  const ratio = ratioOf(config);
  if (!ratio) return null;
  const { inner, width, k } = ratio;
  const words = `d_h ${formatCount(inner)} / d_z ${formatCount(width)} = ${ratioWords(k)}`;
  return (
    <>
      <div className="setting">
        <span className="dot" />
        <label className="name" htmlFor={id}>
          Ratio d_h / d_z
        </label>
        <input
          id={id}
          className="slider"
          type="range"
          min={0}
          max={ratios.length - 1}
          step={1}
          disabled={disabled}
          value={ratios.indexOf(nearestRatio(k))}
          aria-valuetext={`${words}, ${nameOf(k)}`}
          onChange={(event) => onChange(withRatio(config, ratios[Number(event.target.value)] ?? k))}
        />
        <span />
      </div>
      <p className="slider-words">
        {words}
        {k === 1 ? <span className="ink3">, {nameOf(k)}</span> : null}
      </p>
    </>
  );
}

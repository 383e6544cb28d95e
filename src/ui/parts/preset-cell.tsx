// One preset: what it does, where it comes from, what is smaller here, what it costs, and the button that loads it.
import { useMemo } from 'react';
import { datasets } from '../../catalog/datasets/index.ts';
import type { Preset } from '../../catalog/presets/index.ts';
import { formatBytes, formatDuration, formatSi } from '../../core/format.ts';
import { decode } from '../../experiment/address.ts';
import type { Config } from '../../experiment/config.ts';
import { type DeviceSpeed, estimateSeconds, plan } from '../../experiment/plan.ts';
import { type TotalCost, totalCost, trials } from '../../experiment/sweep/trials.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';

/** What the preset's run, or all its trials, cost together. */
function costOf(settings: string, speed: DeviceSpeed | null): TotalCost {
  const { config, sweep } = decode(settings);
  if (sweep) return totalCost(trials(config, sweep).trials, speed);
  const planned = plan(config);
  return {
    trials: 1,
    flops: planned.flopsPerStep * (planned.steps ?? 0),
    seconds: estimateSeconds(planned, speed),
  };
}

function dataWords(data: Config['data'], ready: boolean): string {
  const entry = datasets[data];
  if (entry.origin !== 'external' || ready) return '';
  const files = 'download' in entry ? (entry.download?.files ?? []) : [];
  if (files.length === 0) return `needs the files of ${entry.label}`;
  return `needs ${formatBytes(files.reduce((sum, file) => sum + file.bytes, 0))} of data`;
}

export function PresetCell({ preset }: { readonly preset: Preset }) {
  const { openLink, goTo } = useActions();
  const speed = useLab((state) => state.speed);
  const { config, sweep } = useMemo(() => decode(preset.settings), [preset]);
  const { data } = config;
  const ready = useLab((state) => state.data[data]?.status === 'ready');
  const cost = useMemo(() => costOf(preset.settings, speed), [preset, speed]);
  const words = [
    cost.trials > 1 ? `${cost.trials} runs` : '',
    formatSi(cost.flops, 'FLOP'),
    cost.seconds === null
      ? speed === null
        ? 'time being measured'
        : 'time not known'
      : `about ${formatDuration(cost.seconds)} here`,
    dataWords(data, ready),
  ];
  return (
    <li>
      <h3>{preset.label}</h3>
      <p>
        {preset.help} {preset.use === 'recipe' ? <span className="ink3">{preset.source}.</span> : null}
      </p>
      {preset.use === 'start' ? null : (
        <>
          {preset.published === null ? null : (
            <p className="small">
              <span className="strong">Published.</span> {preset.published}
            </p>
          )}
          {preset.scaledDown === null ? null : (
            <p className="small ink3">
              <span className="strong">{preset.use === 'recipe' ? 'Differs here.' : 'Smaller here.'}</span>{' '}
              {preset.scaledDown}
            </p>
          )}
          {preset.effort === undefined ? null : (
            <p className="small ink3">
              <span className="strong">Search effort.</span> {preset.effort}
            </p>
          )}
        </>
      )}
      <div className="foot">
        <button
          type="button"
          className="button"
          aria-label={`Load ${preset.label}`}
          onClick={() => {
            openLink(preset.settings);
            goTo(sweep ? 'studies' : 'train');
          }}
        >
          Load
        </button>
        <span>{words.filter(Boolean).join(', ')}</span>
      </div>
    </li>
  );
}

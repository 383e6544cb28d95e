// What the draft will cost, from the layer list: drawing, parameters, compute, memory, time, layers.
import { useMemo } from 'react';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatDurationInterval,
  formatSi,
} from '../../core/format.ts';
import { elements, tensors } from '../../core/layers.ts';
import type { Config } from '../../experiment/config.ts';
import { type DeviceSpeed, estimateSeconds, memoryOf, type Plan, runName } from '../../experiment/plan.ts';
import { Segments } from '../controls/choices.tsx';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { newestRun } from '../runs/change.ts';
import { Diagram } from './diagram.tsx';
import { LayerTable } from './layer-table.tsx';
import { SizeSolver } from './size-solver.tsx';
import { UpdateSection } from './update-section.tsx';

interface BarProps {
  readonly name: string;
  readonly note?: string;
  readonly share: number;
  readonly value: string;
}

function Bar({ name, note, share, value }: BarProps) {
  return (
    <>
      <dt>
        {name} {note ? <span className="ink3">{note}</span> : null}
      </dt>
      <dd>
        <svg width="72" height="6" aria-hidden="true">
          <path d="M.5 0V6" stroke="var(--axis)" />
          <rect width={share > 0 ? Math.max(1, 72 * share) : 0} height="6" fill="var(--ink3)" />
        </svg>
      </dd>
      <dd>{value}</dd>
    </>
  );
}

function Parameters({ plan }: { readonly plan: Plan }) {
  const specs = tensors(plan.layers).filter((spec) => spec.kind === 'parameter');
  const sum = (role: 'lift' | 'block' | 'head'): number =>
    specs.reduce((total, spec) => (spec.role === role ? total + elements(spec.shape) : total), 0);
  const { total, trainable } = plan.parameters;
  const parts = [
    ['Lift', sum('lift')],
    ['Blocks', sum('block')],
    ['Head', sum('head')],
  ] as const;
  return (
    <section className="section">
      <div className="section-head">
        <h2>Parameters</h2>
        <span className="push">{formatCount(total)}</span>
      </div>
      <dl className="bars">
        {parts.map(([name, count]) => (
          <Bar key={name} name={name} share={count / total} value={formatCount(count)} />
        ))}
        <dt>Trainable</dt>
        <dd />
        <dd>{formatCount(trainable)}</dd>
      </dl>
      <SizeSolver />
    </section>
  );
}

/** Bounds of an estimate that knows the device's speed but not this model: measured runs fall inside. */
const ESTIMATE_SPREAD = [0.7, 1.5] as const;

export function timeWords(
  plan: Plan,
  config: Config,
  speed: DeviceSpeed | null,
): { readonly value: string; readonly interval: string; readonly sentence: string } {
  const about = (value: string, interval: string) => ({ value, interval, sentence: `About ${value}` });
  if (plan.steps === null) return about(formatDuration(config['train.seconds']), 'as set');
  const seconds = estimateSeconds(plan, speed);
  if (seconds === null)
    return speed === null
      ? { value: 'measuring', interval: '', sentence: 'Measuring this device' }
      : { value: 'not known', interval: 'tfjs is not measured', sentence: 'Time not known on tfjs' };
  const [low, high] = ESTIMATE_SPREAD;
  return about(formatDuration(seconds), formatDurationInterval(seconds * low, seconds * high));
}

function Compute({ plan, config }: { readonly plan: Plan; readonly config: Config }) {
  const { setView } = useActions();
  const multiplyAdd = useLab((state) => state.view.multiplyAdd);
  const speed = useLab((state) => state.speed);
  const before = useLab((state) => newestRun(state.runs, state.draft));
  const flops = plan.flopsPerStep * (multiplyAdd / 2);
  const time = timeWords(plan, config, speed);
  return (
    <section className="section">
      <div className="section-head">
        <h2>Compute</h2>
        <span className="small ink2 push">multiply-add</span>
        <Segments
          label="A multiply-add counts as"
          value={String(multiplyAdd)}
          options={[
            { value: '2', label: '= 2', help: 'The convention of every fit here' },
            { value: '1', label: '= 1, as paper', help: 'As Scaling MLPs counts' },
          ]}
          onChange={(value) => setView({ multiplyAdd: value === '1' ? 1 : 2 })}
        />
      </div>
      <dl className="figures">
        <dt>
          MAC per example <span className="ink3">forward</span>
        </dt>
        <dd>{formatSi(plan.macsPerExample, '', 4)}</dd>
        <dt>
          Per step{' '}
          <span className="ink3">
            {3 * multiplyAdd} × MAC × {formatCount(config['train.batchSize'])}
          </span>
        </dt>
        <dd>{formatSi(flops, 'FLOP')}</dd>
        <dt>
          Whole run{' '}
          <span className="ink3">
            {plan.steps === null ? 'until the time is up' : `${formatCount(plan.steps)} steps`}
          </span>
        </dt>
        <dd>{plan.steps === null ? '–' : formatSi(flops * plan.steps, 'FLOP')}</dd>
        <dt>Time</dt>
        <dd>
          {time.value} <span className="ink3">{time.interval}</span>
        </dd>
        {plan.uncompiled !== null && (
          <>
            <dt>
              Runner <span className="ink3">no compiled form for {plan.uncompiled}</span>
            </dt>
            <dd>tfjs</dd>
          </>
        )}
        {before?.state === 'finished' && (
          <>
            <dt>
              Took <span className="ink3">last time</span>
            </dt>
            <dd>{formatDuration(before.seconds)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Memory({ plan, config }: { readonly plan: Plan; readonly config: Config }) {
  const { total, ...parts } = useMemo(() => memoryOf(config, plan), [config, plan]);
  const names = {
    data: 'Data',
    weights: 'Weights',
    gradients: 'Gradients',
    slots: 'Optimizer',
    activations: 'Activations',
    rest: 'Other',
  };
  const most = Math.max(...Object.values(parts));
  return (
    <section className="section">
      <div className="section-head">
        <h2>Memory</h2>
        <span className="push">{formatBytes(total)}</span>
      </div>
      <dl className="bars">
        {(Object.keys(names) as (keyof typeof names)[]).map((key) => (
          <Bar key={key} name={names[key]} share={parts[key] / most} value={formatBytes(parts[key])} />
        ))}
      </dl>
    </section>
  );
}

export function PlanPanel() {
  const config = useLab((state) => state.draft);
  const planned = useLab((state) => state.planned);
  if ('failure' in planned) {
    return (
      <div className="plan">
        <section className="section">
          <div className="section-head">
            <h2>Plan</h2>
          </div>
          <p className={planned.failure.code === 'dataset-unavailable' ? 'mid ink2' : 'mid err'}>
            {planned.failure.message}
          </p>
        </section>
      </div>
    );
  }
  const { plan } = planned;
  return (
    <div className="plan">
      <section className="section">
        <div className="section-head">
          <h2>Plan</h2>
          <span className="small ink3">from the layer list, to scale</span>
        </div>
        <Diagram plan={plan} name={runName(config)} />
      </section>
      <Parameters plan={plan} />
      <UpdateSection plan={plan} config={config} />
      <Compute plan={plan} config={config} />
      <Memory plan={plan} config={config} />
      <LayerTable layers={plan.layers} />
    </div>
  );
}

// Train, Step, Reset; what runs and where it is; how far and how fast. Three columns, the same lines in every state.
import type { ReactNode } from 'react';
import { formatCount, formatDuration, formatSi } from '../../core/format.ts';
import { last } from '../../core/metrics.ts';
import type { Config } from '../../experiment/config.ts';
import { type Plan, runName } from '../../experiment/plan.ts';
import { type Run, titleOf } from '../../experiment/run.ts';
import type { LabState } from '../../session/state.ts';
import { halfWidth } from '../charts/interval.ts';
import type { Commands } from '../hooks/use-commands.ts';
import { useLab, useSession } from '../hooks/use-lab.ts';
import { changeOfRun, changeWords } from '../runs/change.ts';
import { planOf } from '../runs/run-plan.ts';
import { scoreOf } from '../runs/score.ts';
import { PlayIcon, StopIcon } from './icons.tsx';
import { timeWords } from './plan-panel.tsx';

function Buttons({ commands }: { readonly commands: Commands }) {
  const stops = commands.training || commands.preparing;
  return (
    <div className="column">
      <button
        type="button"
        className={commands.run?.state === 'failed' ? 'button' : 'button primary'}
        disabled={!commands.main}
        onClick={() => commands.main?.()}
      >
        {stops ? <StopIcon /> : <PlayIcon />}
        {commands.mainWord}{' '}
        <span className="key-cap" aria-hidden="true">
          Space
        </span>
      </button>
      <button
        type="button"
        className="button"
        title="One step, then stop"
        disabled={!commands.step}
        onClick={() => commands.step?.()}
      >
        Step{' '}
        <span className="key-cap" aria-hidden="true">
          S
        </span>
      </button>
      <button
        type="button"
        className="button"
        title="The next start is from step 0; the earlier run stays in the list"
        disabled={!commands.reset}
        onClick={() => commands.reset?.()}
      >
        Reset{' '}
        <span className="key-cap" aria-hidden="true">
          R
        </span>
      </button>
    </div>
  );
}

function planWords(plan: Plan | null, config: Config): string {
  if (!plan) return 'cannot be trained as it stands';
  if (plan.steps === null)
    return `for ${formatDuration(config['train.seconds'])}, epochs of ${formatCount(plan.stepsPerEpoch)} steps`;
  const epochs = plan.steps / plan.stepsPerEpoch;
  const rounded = Number.isInteger(epochs) ? formatCount(epochs) : epochs.toFixed(1);
  return `${formatCount(plan.steps)} steps, ${rounded} epochs of ${formatCount(plan.stepsPerEpoch)}`;
}

/** Where a run is: "epoch 40.0 of 100, step 3,880 of 9,700". */
function placeWords(
  run: Run,
  live: LabState['live'],
  score: string | null,
  plan: Plan | null,
  saving: boolean,
): string {
  const step = live?.step ?? run.step;
  const total = live?.totalSteps ?? run.totalSteps;
  const of = total === null ? '' : ` of ${formatCount(total)}`;
  switch (run.state) {
    case 'queued':
      return 'Starting';
    case 'running': {
      const perEpoch = plan?.stepsPerEpoch ?? null;
      const epochs =
        perEpoch === null
          ? ''
          : `epoch ${(step / perEpoch).toFixed(1)}${total ? ` of ${formatCount(total / perEpoch)}` : ''}, `;
      return `${epochs}step ${formatCount(step)}${of}`;
    }
    case 'finished':
      return `Finished. ${score ? `${score} after ` : ''}${formatCount(run.step)} steps`;
    case 'stopped': {
      const kept = saving ? ', saving' : run.checkpointStep === null ? ', without a checkpoint' : '';
      return `Stopped at step ${formatCount(run.step)}${of}${kept}`;
    }
    case 'diverged':
      return `Diverged at step ${formatCount(run.step)}${of}`;
    case 'failed':
      return `Interrupted at step ${formatCount(run.step)}${run.checkpointStep === null ? '' : `. Checkpoint at step ${formatCount(run.checkpointStep)}`}`;
    default:
      throw run.state satisfies never;
  }
}

/** "87.3 ± 0.7 % test accuracy": the last score of the test images, of which there are `images`. */
function useScore(run: Run | null, images: number): string | null {
  const session = useSession();
  useLab((state) => (run && run.state !== 'running' ? state.seriesVersion[run.key] : 0));
  const log = run ? session.log(run.key) : null;
  if (!run || !log) return null;
  const score = scoreOf(run.config);
  const value = last(log, score.metric);
  if (value === null) return null;
  const half = score.isShare ? ` ± ${score.format(halfWidth(value, images))}` : '';
  return `${half ? score.digits(value) : score.format(value)}${half} ${score.title.replace('Test', 'test')}`;
}

function Rate({ first, second }: { readonly first: ReactNode; readonly second: ReactNode }) {
  return (
    <div className="column">
      <div className="words">
        <div className="steady">{first}</div>
        <div className="mid ink2 steady">{second}</div>
      </div>
    </div>
  );
}

function Progress({
  commands,
  config,
  plan,
}: {
  readonly commands: Commands;
  readonly config: Config;
  readonly plan: Plan | null;
}) {
  const live = useLab((state) => state.live);
  const speed = useLab((state) => state.speed);
  const { run } = commands;
  if (commands.preparing) return <Rate first="Getting ready" second="engine, data, checkpoint" />;
  if (run && commands.training && live) {
    const share = live.totalSteps ? live.step / live.totalSteps : null;
    return (
      <Rate
        first={
          <>
            <span className="strong">
              {share === null ? formatDuration(live.seconds) : `${Math.floor(share * 100)} %`}
            </span>
            {live.etaSeconds === null ? '' : `, ETA ${formatDuration(live.etaSeconds)}`}
          </>
        }
        second={`${live.stepsPerSecond.toPrecision(3)} steps/s, ${formatCount(live.stepsPerSecond * run.config['train.batchSize'])} examples/s`}
      />
    );
  }
  if (run && run.step > 0 && run.seconds > 0) {
    const rate = run.step / run.seconds;
    const left =
      run.totalSteps !== null && run.state !== 'finished' && run.state !== 'diverged'
        ? run.totalSteps - run.step
        : 0;
    return (
      <Rate
        first={
          left > 0
            ? `${formatCount(left)} steps left, about ${formatDuration(left / rate)}`
            : formatDuration(run.seconds)
        }
        second={`${rate.toPrecision(3)} steps/s${plan ? `, ${formatSi(plan.flopsPerStep * run.step, 'FLOP')}` : ''}`}
      />
    );
  }
  if (!plan) return <Rate first="–" second="" />;
  const time = timeWords(plan, config, speed);
  return (
    <Rate
      first={time.sentence}
      second={
        time.interval.startsWith('[')
          ? `likely ${time.interval}`
          : formatSi(plan.flopsPerStep * (plan.steps ?? 0), 'FLOP')
      }
    />
  );
}

function ProgressLine({ run }: { readonly run: Run | null }) {
  const share = useLab((state) => {
    const step = state.live?.step ?? run?.step ?? 0;
    const total = state.live?.totalSteps ?? run?.totalSteps ?? null;
    return total ? Math.min(1, Math.floor((step / total) * 1000) / 1000) : 0;
  });
  if (!run || run.state === 'finished' || run.state === 'diverged' || share === 0) return null;
  return (
    <span
      className={run.state === 'failed' ? 'progress failed' : 'progress'}
      role="progressbar"
      aria-label="Training"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      style={{ transform: `scaleX(${share})` }}
    />
  );
}

function Place({
  run,
  fork,
  config,
  plan,
}: {
  readonly run: Run | null;
  readonly fork: Commands['fork'];
  readonly config: Config;
  readonly plan: Plan | null;
}) {
  const live = useLab((state) => (state.active === null ? null : state.live));
  const runs = useLab((state) => state.runs);
  const beside = useLab((state) => Object.keys(state.training).length - 1);
  const saving = useLab((state) => run !== null && state.unsaved.includes(run.key));
  const score = useScore(run, plan?.testCount ?? 10_000);
  const newest = runs[0];
  const before = fork?.run ?? newest;
  const plain = before ? changeWords(before.config, config) : 'defaults';
  const change = run
    ? changeOfRun(runs, run)
    : fork
      ? `fork at step ${formatCount(fork.run.checkpointStep ?? 0)}${plain ? `: ${plain}` : ''}`
      : plain;
  return (
    <div className="column">
      <div className="words">
        <div className="row">
          <h1 className="strong cut">{run ? titleOf(run) : runName(config)}</h1>
          <span className="mono ink2 cut optional" title="Change from the run before">
            {change}
          </span>
        </div>
        <div className="mid ink2 cut">
          {run ? placeWords(run, live, score, plan, saving) : planWords(plan, config)}
          {beside > 0 ? `; ${beside} more beside it` : ''}
        </div>
      </div>
    </div>
  );
}

export function RunBar({ commands }: { readonly commands: Commands }) {
  const draft = useLab((state) => state.draft);
  const planned = useLab((state) => state.planned);
  const { run } = commands;
  const card = useLab((state) => {
    const data = run ? state.data[run.config.data] : undefined;
    return data?.status === 'ready' ? data.card : undefined;
  });
  const plan = run ? planOf(run, card) : 'plan' in planned ? planned.plan : null;
  return (
    <div className="run-bar">
      <div className="columns">
        <Buttons commands={commands} />
        <Place run={commands.run} fork={commands.fork} config={draft} plan={plan} />
        <Progress commands={commands} config={draft} plan={plan} />
      </div>
      <ProgressLine run={commands.run} />
    </div>
  );
}

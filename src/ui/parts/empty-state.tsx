// Before the first curve: one sentence, three presets with their cost, and the last run when there is one.
import { useMemo } from 'react';
import { parsePreset } from '../../catalog/architectures/preset.ts';
import { datasets } from '../../catalog/datasets/index.ts';
import { formatBytes, formatDuration, formatSi } from '../../core/format.ts';
import { makeConfig, type Named } from '../../experiment/config.ts';
import { type DeviceSpeed, estimateSeconds, type Plan, plan } from '../../experiment/plan.ts';
import { isResumable, isUnderway, titleOf } from '../../experiment/run.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { changeOfRun } from '../runs/change.ts';

interface Start {
  readonly title: string;
  readonly words: string;
  readonly settings: Named;
}

const STARTS: readonly Start[] = [
  {
    title: 'A first run',
    words: 'The default inverted bottleneck learns the clothes of Fashion-MNIST, which come with the page.',
    settings: {},
  },
  {
    title: 'Hourglass',
    words:
      'Wide between the blocks and narrow inside: skip connections at the wide ends, BatchNorm and ReLU.',
    settings: { model: 'hourglass', 'model.width': 256, 'model.bottleneck': 64, 'model.depth': 4 },
  },
  {
    title: 'B_6-Wi_512 on CIFAR-10',
    words:
      'The model of Scaling MLPs with Lion, flips and crops, twenty epochs; the paper trains far longer.',
    settings: {
      ...parsePreset('B_6-Wi_512'),
      data: 'cifar-10',
      augment: 'flip-crop',
      optimizer: 'lion',
      'optimizer.learningRate': 5e-5,
      'train.batchSize': 512,
      'train.epochs': 20,
      'train.labelSmoothing': 0.3,
    },
  },
];

function costWords(planned: Plan, speed: DeviceSpeed | null, settings: Named, ready: boolean): string {
  const entry = datasets[settings.data ?? 'fashion-mnist'];
  const bytes =
    'download' in entry ? (entry.download?.files.reduce((sum, file) => sum + file.bytes, 0) ?? 0) : 0;
  const seconds = estimateSeconds(planned, speed);
  return [
    formatSi(planned.flopsPerStep * (planned.steps ?? 0), 'FLOP'),
    seconds === null ? 'time being measured' : `about ${formatDuration(seconds)} here`,
    entry.origin === 'external' && !ready ? `needs ${formatBytes(bytes)} of data` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

function Preset({ start }: { readonly start: Start }) {
  const { reset, edit } = useActions();
  const speed = useLab((state) => state.speed);
  const ready = useLab((state) => state.data[start.settings.data ?? 'fashion-mnist']?.status === 'ready');
  const planned = useMemo(() => plan(makeConfig(start.settings)), [start]);
  return (
    <li>
      <h2>{start.title}</h2>
      <p>{start.words}</p>
      <div className="foot">
        <button
          type="button"
          className="button"
          aria-label={`Load ${start.title}`}
          onClick={() => {
            reset();
            edit(start.settings);
          }}
        >
          Load
        </button>
        <span>{costWords(planned, speed, start.settings, ready)}</span>
      </div>
    </li>
  );
}

function LastRun() {
  const { resume, show, adopt } = useActions();
  const runs = useLab((state) => state.runs);
  const busy = useLab((state) => state.active !== null || state.preparing);
  const run = runs.find((one) => isResumable(one)) ?? runs.find((one) => !isUnderway(one));
  if (!run) return <p className="mid">No earlier run in this browser.</p>;
  const where = isResumable(run) ? `stopped at step ${run.step.toLocaleString('en-US')}` : run.state;
  return (
    <div className="row wrap mid">
      {isResumable(run) ? (
        <button
          type="button"
          className="button"
          disabled={busy}
          onClick={() => {
            adopt(run.key);
            void resume(run.key);
          }}
        >
          Resume last run
        </button>
      ) : (
        <button
          type="button"
          className="button"
          onClick={() => {
            adopt(run.key);
            show([run.key]);
          }}
        >
          Show last run
        </button>
      )}
      <span className="ink2">
        {titleOf(run)}, {changeOfRun(runs, run)}, {where}
      </span>
    </div>
  );
}

export function EmptyState() {
  return (
    <section className="empty">
      <h2 className="empty-title">Train a multilayer perceptron in this tab</h2>
      <p>
        Press Train: the planned network learns on this device, and nothing is uploaded. Or begin with one of
        these.
      </p>
      <ul className="presets">
        {STARTS.map((start) => (
          <Preset key={start.title} start={start} />
        ))}
      </ul>
      <div className="last-run">
        <LastRun />
      </div>
    </section>
  );
}

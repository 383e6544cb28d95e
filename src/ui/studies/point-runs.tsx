// The runs behind a point of a figure, with the ways to their curves and to the table of all runs.
import { formatCount, formatDuration } from '../../core/format.ts';
import { runName } from '../../experiment/plan.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';

interface Props {
  readonly keys: readonly string[];
  readonly onClose: () => void;
}

/** More than this are counted, not listed. */
const MOST = 12;

export function PointRuns({ keys, onClose }: Props) {
  const { adopt, show, goTo } = useActions();
  const runs = useLab((state) => state.runs);
  const there = keys.flatMap((key) => runs.find((run) => run.key === key) ?? []);
  return (
    <section className="point-runs" aria-label="Runs behind the point" aria-live="polite">
      <div className="row wrap">
        <span className="strong">
          {there.length === 1 ? 'One run' : `${there.length} runs`} behind this point
        </span>
        {there.length > 0 ? (
          <button
            type="button"
            className="quiet"
            onClick={() => {
              show(there.slice(0, MOST).map(({ key }) => key));
              goTo('runs');
            }}
          >
            Show in Runs
          </button>
        ) : null}
        <button type="button" className="quiet push" onClick={onClose}>
          Close
        </button>
      </div>
      <ul className="small">
        {there.slice(0, MOST).map(({ key, config, step, seconds, state }) => (
          <li key={key} className="row wrap">
            <span>{runName(config)}</span>
            <span className="ink3">
              seed {config.seed}, {state}, {formatCount(step)} steps, {formatDuration(seconds)}
            </span>
            <button
              type="button"
              className="quiet"
              onClick={() => {
                adopt(key);
                show([key]);
                goTo('train');
              }}
            >
              Open its curves
            </button>
          </li>
        ))}
      </ul>
      {there.length > MOST ? <p className="small ink3">and {there.length - MOST} more</p> : null}
    </section>
  );
}

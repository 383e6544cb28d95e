// The shape of a run's score in a table cell, from its digest: no columns are read for it. Decoration: the number
// stands beside it.
import { isOver, type Run } from '../../experiment/run.ts';
import { colour, type Look } from './run-style.tsx';
import { scoreOf } from './score.ts';

const WIDTH = 84;
const HEIGHT = 22;

export function Sparkline({ run, look }: { readonly run: Run; readonly look: Look }) {
  const digest = run.digest?.[scoreOf(run.config).metric];
  const curve = digest?.curve;
  const ink = look === null ? 'var(--field)' : colour(look);
  if (!curve || curve.steps.length === 0)
    return <svg className="sparkline" width={WIDTH} height={HEIGHT} aria-hidden="true" />;
  const low = Math.min(...curve.values);
  const high = Math.max(...curve.values);
  const last = curve.steps[curve.steps.length - 1] as number;
  const end = Math.max(last, isOver(run) ? 0 : (run.totalSteps ?? 0));
  const at = curve.steps.map((step, index): readonly [number, number] => {
    const share = high > low ? ((curve.values[index] as number) - low) / (high - low) : 0.5;
    return [2 + (step / end) * (WIDTH - 8), HEIGHT - 3 - share * (HEIGHT - 7)];
  });
  const path = at
    .map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join('');
  const [x, y] = at[at.length - 1] as readonly [number, number];
  return (
    <svg className="sparkline" width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path d={path} fill="none" stroke={ink} strokeWidth="1.25" strokeLinejoin="round" />
      {run.state === 'diverged' ? (
        <path d={`M${x - 3} ${y - 3}l6 6m0-6l-6 6`} stroke="var(--err)" strokeWidth="1.25" fill="none" />
      ) : run.state === 'running' || at.length === 1 ? (
        <circle cx={x} cy={y} r="2" fill={ink} />
      ) : null}
    </svg>
  );
}

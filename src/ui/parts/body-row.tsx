// Which trained body a run starts from: a menu of the finished runs of this browser, and of weights that were dropped.
import { type Config, runId } from '../../experiment/config.ts';
import { titleOf } from '../../experiment/run.ts';
import { SettingRow } from '../controls/setting-row.tsx';
import { useActions, useLab } from '../hooks/use-lab.ts';

/** Runs that the menu offers. */
const MOST = 40;
/** Digits of an id that name a body in a link. */
const DIGITS = 16;

interface Props {
  readonly row: Omit<Parameters<typeof SettingRow>[0], 'onChange'>;
  readonly config: Config;
}

export function BodyRow({ row, config }: Props) {
  const { startFrom } = useActions();
  const runs = useLab((state) => state.runs);
  const own = runId(config);
  const from = config['transfer.from'];
  const seen = new Set<string>([own]);
  const finished = runs.filter(({ id, state, checkpointStep }) => {
    const isOffered = state === 'finished' && checkpointStep !== null && !seen.has(id);
    if (isOffered) seen.add(id);
    return isOffered;
  });
  const options = finished
    .slice(0, MOST)
    .map((run) => ({ value: run.id.slice(0, DIGITS), label: `${titleOf(run)}, ${run.config.data}` }));
  const isListed = from === '' || options.some(({ value }) => value === from);
  const run = isListed ? undefined : runs.find(({ id }) => id.startsWith(from));
  const label = run ? titleOf(run) : `Weights ${from.slice(0, 8)}`;
  return (
    <SettingRow
      {...row}
      setting={{
        ...row.setting,
        options: [{ value: '', label: 'Nothing' }, ...(isListed ? [] : [{ value: from, label }]), ...options],
      }}
      onChange={(value) => startFrom(String(value))}
    />
  );
}

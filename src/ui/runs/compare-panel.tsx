// Two or more configs side by side: the settings in which they differ, where parameters, compute and memory went, what
// they reached, and their curves.
import { formatBytes, formatCount, formatSi } from '../../core/format.ts';
import type { Run } from '../../experiment/run.ts';
import { ChartGroup } from '../charts/chart-group.tsx';
import { LeadCharts, useEmptyX, useEntries } from '../charts/chart-panel.tsx';
import { labels, nameOf } from './change.ts';
import { type Costs, costsOf, diffOf, ratioWords } from './config-diff.ts';
import { leadOf } from './lead.ts';
import { planOf } from './run-plan.ts';
import { factsOf, type Group } from './run-rows.ts';
import { Key, type Look } from './run-style.tsx';
import { scoreOf } from './score.ts';

/** A config that is compared, with its seeds. */
export interface Compared {
  readonly group: Group;
  readonly look: Look;
}

/** Columns that fit beside each other. */
const MOST = 6;

const first = ({ group }: Compared): Run => group.runs[0] as Run;

function Heads({ compared, words }: { readonly compared: readonly Compared[]; readonly words: string }) {
  return (
    <thead>
      <tr>
        <th scope="col">{words}</th>
        {compared.map((one) => (
          <th scope="col" className="number" key={one.group.key}>
            <Key slot={one.look} />
            <span className="unseen">{nameOf(first(one))}</span>
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Differences({ compared }: { readonly compared: readonly Compared[] }) {
  const { differences, same } = diffOf(compared.map((one) => first(one).config));
  return (
    <table className="compare-table">
      <Heads compared={compared} words="Differs" />
      <tbody>
        {differences.map(({ key, values }) => (
          <tr key={key}>
            <th scope="row" className="mono">
              {key}
            </th>
            {values.map((value, index) => (
              <td className="number" key={compared[index]?.group.key}>
                {value}
              </td>
            ))}
          </tr>
        ))}
        <tr>
          <td className="ink3">{differences.length === 0 ? 'all' : `${formatCount(same)} more`} settings</td>
          <td className="number ink3" colSpan={compared.length}>
            the same
          </td>
        </tr>
      </tbody>
    </table>
  );
}

interface CostRow {
  readonly words: string;
  readonly of: (costs: Costs, run: Run) => number;
  readonly format: (value: number) => string;
  /** Shown although it is the same in all. */
  readonly always?: boolean;
}

const si = (value: number): string => formatSi(value, '', 4);
const flops = (value: number): string => formatSi(value, 'FLOP');
const COSTS: readonly CostRow[] = [
  { words: 'Lift', of: ({ lift }) => lift, format: si },
  { words: 'Blocks', of: ({ blocks }) => blocks, format: si },
  { words: 'Head', of: ({ head }) => head, format: si },
  { words: 'Parameters', of: ({ total }) => total, format: si, always: true },
  { words: 'MAC per example', of: ({ macs }) => macs, format: si },
  { words: 'FLOPs a step', of: ({ flopsPerStep }) => flopsPerStep, format: flops, always: true },
  { words: 'Whole run', of: ({ flopsPerStep }, run) => flopsPerStep * run.step, format: flops },
  { words: 'Activations', of: ({ memory }) => memory.activations, format: formatBytes },
  { words: 'Weights, gradients', of: ({ memory }) => memory.weights + memory.gradients, format: formatBytes },
  { words: 'Optimizer', of: ({ memory }) => memory.slots, format: formatBytes },
  { words: 'Data', of: ({ memory }) => memory.data, format: formatBytes },
  { words: 'Memory', of: ({ memory }) => memory.total, format: formatBytes, always: true },
];

function useCosts(compared: readonly Compared[]): readonly (Costs | null)[] {
  return compared.map((one) => {
    const run = first(one);
    const plan = planOf(run, undefined);
    return plan ? costsOf(run.config, plan) : null;
  });
}

function CostTable({ compared }: { readonly compared: readonly Compared[] }) {
  const costs = useCosts(compared);
  const rows = COSTS.map((row) => ({
    ...row,
    values: costs.map((one, index) => (one ? row.of(one, first(compared[index] as Compared)) : Number.NaN)),
  })).filter(({ always, values }) => always || new Set(values).size > 1);
  const score = scoreOf(first(compared[0] as Compared).config);
  return (
    <table className="compare-table">
      <Heads compared={compared} words="Costs" />
      <tbody>
        {rows.map(({ words, values, format, always }) => (
          <tr key={words}>
            <th scope="row" className={always ? undefined : 'ink2'}>
              {words}
            </th>
            {values.map((value, index) => (
              <td className="number" key={compared[index]?.group.key}>
                {format(value)}
              </td>
            ))}
          </tr>
        ))}
        <tr>
          <th scope="row">{score.title}</th>
          {compared.map(({ group }) => {
            const facts = factsOf(group);
            return (
              <td className="number" key={group.key}>
                {facts.score ? score.format(facts.score.mean) : '–'}
                {facts.half !== null && <div className="ink3">± {score.digits(facts.half)}</div>}
              </td>
            );
          })}
        </tr>
        <tr>
          <th scope="row" className="ink2">
            Seeds
          </th>
          {compared.map(({ group }) => (
            <td className="number" key={group.key}>
              {factsOf(group).seeds}
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

/** "isotropic has 1.02 × the parameters, the same compute and 0.9 × the memory of inverted." */
function CostSentences({
  compared,
  names,
}: {
  readonly compared: readonly Compared[];
  readonly names: readonly string[];
}) {
  const costs = useCosts(compared);
  const [base] = costs;
  if (!base) return null;
  const times = (value: number, of: number, what: string): string => {
    if (value === of) return `the same ${what}`;
    return Math.abs(value / of - 1) < 0.005
      ? `about the same ${what}`
      : `${ratioWords(value, of)} the ${what}`;
  };
  return (
    <p className="small ink2 cost-words">
      {costs.slice(1).map((one, index) => {
        if (!one) return null;
        const parts = [
          times(one.total, base.total, 'parameters'),
          times(one.flopsPerStep, base.flopsPerStep, 'compute a step'),
          times(one.memory.total, base.memory.total, 'memory'),
        ];
        const key = compared[index + 1]?.group.key;
        return (
          <span key={key}>
            <b>{names[index + 1]}</b> takes {parts[0]}, {parts[1]} and {parts[2]} of {names[0]}.{' '}
          </span>
        );
      })}
    </p>
  );
}

/** Who leads and by how much. */
function Lead({
  compared,
  names,
}: {
  readonly compared: readonly Compared[];
  readonly names: readonly string[];
}) {
  const lead = leadOf(compared.map(({ group }) => group));
  if (!lead) return null;
  const score = scoreOf(first(compared[0] as Compared).config);
  const { best, next, by, interval, seeds } = lead;
  const unit = score.isShare ? 'points' : score.unit;
  const range = interval ? ` [${interval.map(score.digits).join(', ')}]` : '';
  return (
    <p className="lead">
      <b>
        {names[best]} leads {names[next]} by {score.digits(by)}
        {range} {unit}
      </b>
      {interval && interval[0] <= 0 ? ': the interval holds 0, so no lead is shown.' : '.'}
      {seeds === 1 ? ' With one seed it is over the test images alone, not over seeds.' : ''}
    </p>
  );
}

export function ComparePanel({
  compared,
  more,
}: {
  readonly compared: readonly Compared[];
  readonly more: number;
}) {
  const entries = useEntries();
  const emptyX = useEmptyX();
  const listed = compared.slice(0, MOST);
  const runs = listed.map(first);
  const unique = labels(runs, runs);
  const names = runs.map((run) => unique.get(run.key) ?? nameOf(run));
  const configs = listed.flatMap(({ group }) => group.runs.map(({ config }) => config));
  const left = compared.length - listed.length + more;
  return (
    <>
      <section className="section">
        <div className="section-head">
          <h2>Compare {formatCount(listed.length)} configs</h2>
          {left > 0 && <span className="small ink3">{formatCount(left)} more without a colour</span>}
        </div>
        <Lead compared={listed} names={names} />
        <ul className="compare-key">
          {listed.map((one, index) => (
            <li key={one.group.key}>
              <Key slot={one.look} />
              {names[index]}
            </li>
          ))}
        </ul>
        <Differences compared={listed} />
      </section>
      <section className="section">
        <div className="section-head">
          <h2>Where it went</h2>
          <span className="small ink3">rows that are the same are left out</span>
        </div>
        <CostTable compared={listed} />
        <CostSentences compared={listed} names={names} />
      </section>
      <ChartGroup entries={entries} emptyX={emptyX} hasReadout={false}>
        {(shared) => <LeadCharts shared={shared} configs={configs} heights={[196, 196]} />}
      </ChartGroup>
    </>
  );
}

// Several seeds of one config: what each gave, their mean with its interval, and their curves.
import { formatCount } from '../../core/format.ts';
import type { Run } from '../../experiment/run.ts';
import { ChartGroup } from '../charts/chart-group.tsx';
import { LeadCharts, useEmptyX, useEntries } from '../charts/chart-panel.tsx';
import { Heads } from '../controls/heads.tsx';
import { nameOf, statusWords } from './change.ts';
import { RunActions } from './run-actions.tsx';
import { factsOf, type Group } from './run-rows.ts';
import { Key, type Look } from './run-style.tsx';
import { lastScore, scoreOf } from './score.ts';

export function SeedsPanel({ group, look }: { readonly group: Group; readonly look: Look }) {
  const entries = useEntries();
  const emptyX = useEmptyX();
  const [first] = group.runs as readonly [Run];
  const score = scoreOf(first.config);
  const facts = factsOf(group);
  const runs = group.runs.toSorted((a, b) => a.config.seed - b.config.seed);
  return (
    <>
      <section className="section">
        <div className="section-head">
          <Key slot={look} />
          <h2 className="cut">{nameOf(first)}</h2>
          <span className="small ink3">{formatCount(group.runs.length)} runs of one config</span>
        </div>
        <p className="lead">
          {facts.score === null ? (
            'None has been scored yet.'
          ) : (
            <>
              <b>
                {score.title} {score.format(facts.score.mean)}
                {facts.half === null ? '' : ` ± ${score.digits(facts.half)}`}
              </b>
              {facts.score.n > 1
                ? `, the mean of ${facts.score.n} with its 95 % bootstrap interval.`
                : ', of one run.'}
            </>
          )}
        </p>
        <table>
          <Heads columns={['Seed', [score.short, 'number'], 'Status', ['Actions', undefined, 'unseen']]} />
          <tbody>
            {runs.map((run) => {
              const status = statusWords(run);
              const reached = lastScore(run);
              return (
                <tr key={run.key}>
                  <td>{run.config.seed}</td>
                  <td className="number">{reached === null ? '–' : score.format(reached.value)}</td>
                  <td className={status.tone}>{status.text}</td>
                  <td className="more">
                    <RunActions run={run} word="⋯" />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      <ChartGroup entries={entries} emptyX={emptyX} hasReadout={false}>
        {(shared) => <LeadCharts shared={shared} configs={[first.config]} heights={[196, 196]} />}
      </ChartGroup>
    </>
  );
}

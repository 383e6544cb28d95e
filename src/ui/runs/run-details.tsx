// One run: its name, star, tags and note to be edited, its colour, what sets it apart, and its curves.
import { formatCount, formatDuration, formatPercent, formatSi } from '../../core/format.ts';
import { last } from '../../core/metrics.ts';
import { named } from '../../experiment/config.ts';
import { executionWords } from '../../experiment/execution.ts';
import { hasInside, type Run, titleOf } from '../../experiment/run.ts';
import { slots } from '../../session/colour-slots.ts';
import { ChartGroup } from '../charts/chart-group.tsx';
import { LeadCharts, useEmptyX, useEntries } from '../charts/chart-panel.tsx';
import { useActions, useLab, useSession } from '../hooks/use-lab.ts';
import { StarIcon } from '../parts/icons.tsx';
import { changeOfRun, nameOf, settingNames, statusWords, valueWords } from './change.ts';
import { RunActions } from './run-actions.tsx';
import { Key, type Look } from './run-style.tsx';

function TitleField({ run }: { readonly run: Run }) {
  const { remark } = useActions();
  return (
    <span className="field words-field">
      <input
        key={`${run.key} ${run.remarks.title}`}
        aria-label="Name"
        defaultValue={run.remarks.title}
        placeholder={nameOf({ ...run, remarks: { ...run.remarks, title: '' } })}
        maxLength={120}
        onBlur={(event) => {
          if (event.target.value !== run.remarks.title) remark(run.key, { title: event.target.value });
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
    </span>
  );
}

function Tags({ run }: { readonly run: Run }) {
  const { remark } = useActions();
  const { tags } = run.remarks;
  return (
    <div className="row wrap tags">
      {tags.map((tag) => (
        <button
          key={tag}
          type="button"
          className="tag"
          aria-label={`Take tag ${tag} off`}
          title="Take it off"
          onClick={() => remark(run.key, { tags: tags.filter((other) => other !== tag) })}
        >
          {tag} ×
        </button>
      ))}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          const tag = String(new FormData(form).get('tag') ?? '');
          if (tag.trim() !== '') remark(run.key, { tags: [...tags, tag] });
          form.reset();
        }}
      >
        <span className="field words-field">
          <input name="tag" aria-label="New tag" placeholder="add a tag" maxLength={40} />
        </span>
      </form>
    </div>
  );
}

function Note({ run }: { readonly run: Run }) {
  const { remark } = useActions();
  return (
    <textarea
      key={`${run.key} ${run.remarks.note}`}
      className="note"
      aria-label="Note"
      placeholder="A note, as plain text"
      rows={3}
      maxLength={4000}
      defaultValue={run.remarks.note}
      onBlur={(event) => {
        if (event.target.value !== run.remarks.note) remark(run.key, { note: event.target.value });
      }}
    />
  );
}

/** Six colours; one that another config has is taken over. */
function Colours({ run, look }: { readonly run: Run; readonly look: Look }) {
  const { recolour } = useActions();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a flex row in every browser
    <div className="row colours" role="group" aria-label="Colour">
      {slots.map((slot) => (
        <button
          key={slot}
          type="button"
          className="swatch"
          aria-pressed={slot === look}
          aria-label={`Colour ${slot + 1}`}
          onClick={() => recolour(run.key, slot)}
        >
          <Key slot={slot} />
        </button>
      ))}
    </div>
  );
}

/** "57.2 %, the mean of 16 an image": what test-time crops gave; null where there are none. */
function useViews({ key, config }: Run): string | null {
  const session = useSession();
  useLab((state) => state.seriesVersion[key]);
  const log = config['evaluate.tta'] > 0 ? session.log(key) : null;
  const value = log && last(log, 'test/tta-accuracy');
  return value === null ? null : `${formatPercent(value)}, the mean of ${config['evaluate.tta']} an image`;
}

function Facts({ run }: { readonly run: Run }) {
  const views = useViews(run);
  const status = statusWords(run);
  const { cost, device, data } = run;
  const spent = cost ? cost.flopsPerStep * run.step : null;
  const facts: readonly (readonly [string, string])[] = [
    ['Status', status.text],
    ['Parameters', cost ? formatCount(cost.parameters) : '–'],
    [
      'Steps',
      `${formatCount(run.step)}${run.totalSteps === null ? '' : ` of ${formatCount(run.totalSteps)}`}`,
    ],
    ...(views === null ? [] : [['Test-time crops', views] as const]),
    ['Time', `${formatDuration(run.seconds)}${spent ? `, ${formatSi(spent, 'FLOP')}` : ''}`],
    ['Device', device ? executionWords(device) : '–'],
    ['Data', data ? `${data.order}, ${data.sha256.slice(0, 8)}` : '–'],
    ['Checkpoint', run.checkpointStep === null ? 'none' : `step ${formatCount(run.checkpointStep)}`],
    ['Made', new Date(run.createdAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })],
  ];
  return (
    <dl className="facts">
      {facts.map(([words, value]) => (
        <div key={words}>
          <dt>{words}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Settings({ run }: { readonly run: Run }) {
  const keys = Object.keys(named(run.config)) as (keyof Run['config'])[];
  if (keys.length === 0) return <p className="small ink2">All settings stand at their defaults.</p>;
  return (
    <dl className="facts">
      {keys.map((key) => (
        <div key={key}>
          <dt title={key}>{settingNames[key]}</dt>
          <dd>{valueWords(key, run.config)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function RunDetails({ run, look }: { readonly run: Run; readonly look: Look }) {
  const { remark, lookInside } = useActions();
  const runs = useLab((state) => state.runs);
  const entries = useEntries();
  const emptyX = useEmptyX();
  const { isStarred } = run.remarks;
  return (
    <>
      <section className="section run-details">
        <div className="section-head">
          <Key slot={look} />
          <h2 className="cut">{titleOf(run)}</h2>
          <span className="row push">
            {hasInside(run) && (
              <button type="button" className="quiet" onClick={() => lookInside(run.key)}>
                Look inside
              </button>
            )}
            <button
              type="button"
              className="quiet"
              aria-pressed={isStarred}
              aria-label="Star"
              onClick={() => remark(run.key, { isStarred: !isStarred })}
            >
              <StarIcon isOn={isStarred} />
            </button>
            <RunActions run={run} word="More" />
          </span>
        </div>
        <p className="small ink2">{changeOfRun(runs, run)}</p>
        <TitleField run={run} />
        <Tags run={run} />
        <Note run={run} />
        {look !== null && <Colours run={run} look={look} />}
        <Facts run={run} />
      </section>
      <section className="section">
        <div className="section-head">
          <h2>Settings</h2>
          <span className="small ink3">that differ from the defaults</span>
        </div>
        <Settings run={run} />
      </section>
      <ChartGroup entries={entries} emptyX={emptyX} hasReadout={false}>
        {(shared) => <LeadCharts shared={shared} configs={[run.config]} heights={[196, 196]} />}
      </ChartGroup>
    </>
  );
}

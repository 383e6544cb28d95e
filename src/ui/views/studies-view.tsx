// The Studies view: questions and axes at the left, the grid in the middle, the chosen cell and the queue at the right.
// What is shown is the sweep of the address; nothing starts until somebody presses Start.
import { useState } from 'react';
import type { DrawnFigure } from '../../experiment/drawn-figures.ts';
import type { GridCell } from '../../experiment/sweep/grid.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { WarningIcon } from '../parts/icons.tsx';
import { settingsWords } from '../parts/settings-sentence.tsx';
import { AxesPanel } from '../studies/axes-panel.tsx';
import { CellPanel } from '../studies/cell-panel.tsx';
import { CostPanel } from '../studies/cost-panel.tsx';
import { FiguresPanel } from '../studies/figures-panel.tsx';
import { FitPanel } from '../studies/fit-panel.tsx';
import { CopyFinding, LinkedFindingBand, useLinkedFinding } from '../studies/linked-finding.tsx';
import { QuestionList } from '../studies/question-list.tsx';
import { QueuePanel } from '../studies/queue-panel.tsx';
import { shownFits } from '../studies/shown-fits.ts';
import { StartBar } from '../studies/start-bar.tsx';
import { SweepGrid } from '../studies/sweep-grid.tsx';
import { TableStudy } from '../studies/table-study.tsx';
import { studyOf, useFinding } from '../studies/use-finding.ts';
import { type SweepView, useSweep } from '../studies/use-sweep.ts';
import { useTurns } from '../studies/use-turns.ts';
import { Verdict } from '../studies/verdict.tsx';
import '../styles/findings.css';
import '../styles/studies.css';

/** Why the queue stopped by itself, with the way on. */
function QueueFailure() {
  const { resumeQueue } = useActions();
  const failure = useLab((state) => state.queue.failure);
  if (!failure) return null;
  return (
    <div className="notice error" role="alert">
      <WarningIcon tone="err" />
      <div className="body">
        <p>
          <span className="strong">The queue stopped.</span> {failure.message} What is done is kept.
        </p>
        <div className="actions">
          <button type="button" className="button primary" onClick={() => resumeQueue()}>
            Resume the queue
          </button>
        </div>
      </div>
    </div>
  );
}

/** What is asked, what was scaled down to ask it here, and the button that starts it. */
function Question({ view }: { readonly view: SweepView | null }) {
  const study = studyOf(useLab((state) => state.sweep?.study ?? null));
  return (
    <div className="question-head">
      {study ? (
        <>
          <h1 className="study-question">{study.question}</h1>
          <p className="ink2">{study.answer}</p>
          <p className="small ink3">
            <span className="strong">Smaller here.</span> {study.scaledDown} {study.source}.
          </p>
        </>
      ) : (
        <>
          <h1 className="study-question">A sweep of your own</h1>
          <p className="small ink2">
            Every combination of the values at the left is trained once; runs that are here already count.
          </p>
        </>
      )}
      {view ? <StartBar view={view} /> : null}
    </div>
  );
}

/** The config that the axes vary. */
function Around() {
  const { goTo } = useActions();
  const words = useLab((state) => settingsWords(state.draft));
  return (
    <p className="around row small ink2">
      <span className="ink3 steady">varies</span>
      <span className="cut" title={words}>
        {words}
      </span>
      <button type="button" className="quiet push" onClick={() => goTo('train')}>
        Edit in the form
      </button>
    </p>
  );
}

function Refused({ view }: { readonly view: SweepView }) {
  const messages = [...new Set(view.list.refused.map(({ failure }) => failure.message))];
  if (messages.length === 0) return null;
  const count = view.list.refused.length;
  return (
    <div className="notice">
      <WarningIcon tone="warn" />
      <div className="body">
        <p className="strong">
          {count === 1 ? 'One cell cannot be trained.' : `${count} cells cannot be trained.`}
        </p>
        <ul>
          {messages.slice(0, 3).map((message) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function Empty() {
  const { editSweep } = useActions();
  return (
    <div className="empty">
      <h1 className="empty-title">Ask a question of many runs</h1>
      <p>
        A study varies settings over a grid and answers a question with all its runs. Choose one from the
        list, or vary the settings of the form: every value of an axis is a run, a run that is here already is
        not trained again, and nothing starts until you press Start.
      </p>
      <div className="row wrap sweep-buttons">
        <button
          type="button"
          className="button"
          onClick={() => editSweep({ 'train.batchSize': '32..512*4', seeds: '2' })}
        >
          Vary the batch size
        </button>
        <button type="button" className="button" onClick={() => editSweep({ 'model.width': '32..256*2' })}>
          Vary the width
        </button>
      </div>
    </div>
  );
}

const NONE: readonly DrawnFigure[] = [];

/** The sweep of the address: what it found in the middle, its laws and the chosen cell at the right. */
function Shown({ view }: { readonly view: SweepView }) {
  const [chosen, setChosen] = useState<GridCell['cell'] | null>(null);
  const found = useFinding(view);
  const linked = useLinkedFinding(view);
  const study = studyOf(view.sweep.study);
  const told = linked && 'finding' in linked ? linked.finding.figures : NONE;
  const turns = useTurns(found.finding?.figures ?? told);
  const cells = view.grid.tables.flatMap(({ rows }) => rows.flat());
  const cell =
    cells.find((one) => chosen !== null && JSON.stringify(one.cell) === JSON.stringify(chosen)) ?? null;
  return (
    <>
      <div className="column">
        <Question view={view} />
        <LinkedFindingBand linked={linked} own={found} />
        {study ? (
          <Verdict study={study} view={found}>
            <CopyFinding view={view} found={found} />
          </Verdict>
        ) : null}
        <FiguresPanel turns={turns} />
        <Around />
        <SweepGrid view={view} chosen={chosen} onChoose={({ cell: one }) => setChosen(one)} />
      </div>
      <div className="column">
        <FitPanel fits={shownFits(turns.map(({ shown }) => shown))} />
        <CellPanel cell={cell} view={view} />
        <QueuePanel shown={view.id} />
      </div>
    </>
  );
}

/** No sweep to show: none is asked for, or its trials are being listed. */
function Nothing({ isListing }: { readonly isListing: boolean }) {
  return (
    <>
      <div className="column">
        {isListing ? (
          <>
            <Question view={null} />
            <Around />
            <p className="section small ink3">Trials are being listed.</p>
          </>
        ) : (
          <Empty />
        )}
      </div>
      <div className="column">
        <QueuePanel shown={null} />
      </div>
    </>
  );
}

export default function StudiesView() {
  const view = useSweep();
  const [isTable, setTable] = useState(false);
  const shown = view !== null && view !== 'listing' && !isTable ? view : null;
  const rest = isTable ? <TableStudy /> : <Nothing isListing={view === 'listing'} />;
  return (
    <main className="page studies">
      <QueueFailure />
      {shown ? <Refused view={shown} /> : null}
      <div className="columns">
        <div className="column">
          <QuestionList isTable={isTable} onTable={setTable} />
          {isTable ? null : <AxesPanel />}
          {shown ? <CostPanel view={shown} /> : null}
        </div>
        {shown ? <Shown key={shown.sweep.study} view={shown} /> : rest}
      </div>
    </main>
  );
}

// The questions that the lab knows how to ask, and where each of them stands.
import { useMemo } from 'react';
import { studies } from '../../catalog/studies/index.ts';
import { papers } from '../../catalog/studies/study.ts';
import { decode } from '../../experiment/address.ts';
import { isOver } from '../../experiment/run.ts';
import { totalCost, trials } from '../../experiment/sweep/trials.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { studyOf } from './use-finding.ts';
import { costWords } from './words.ts';

const costs = new Map<string, ReturnType<typeof trials>>();

function listOf(id: string): ReturnType<typeof trials> {
  const known = costs.get(id);
  if (known) return known;
  const { config, sweep } = decode(`study=${id}`);
  const list = sweep ? trials(config, sweep) : { trials: [], refused: [] };
  costs.set(id, list);
  return list;
}

interface QuestionProps {
  readonly id: string;
  readonly question: string;
  readonly isTable: boolean;
  readonly onOpen: () => void;
}

function Question({ id, question, isTable, onOpen }: QuestionProps) {
  const { openLink } = useActions();
  const speed = useLab((state) => state.speed);
  const isShown = useLab((state) => state.sweep?.study === id);
  const isQueued = useLab((state) => state.queue.sweeps.some(({ link }) => link.includes(`study=${id}`)));
  const runs = useLab((state) => state.runs);
  const { trials: all } = listOf(id);
  const cost = useMemo(() => totalCost(all, speed), [all, speed]);
  const done = useMemo(() => {
    const over = new Set(runs.filter(isOver).map((run) => run.id));
    return all.filter((trial) => over.has(trial.id)).length;
  }, [all, runs]);
  const begun = done > 0 ? `${done} of ${all.length} runs done` : '';
  const words = [begun, isQueued ? 'in the queue' : ''].filter(Boolean).join(', ');
  return (
    <li>
      <button
        type="button"
        className="study-item"
        aria-current={isShown && !isTable ? 'true' : undefined}
        onClick={() => {
          onOpen();
          openLink(`study=${id}`);
        }}
      >
        <span className="strong">{question}</span>
        <span className="small ink2">{words || `not started, ${costWords(cost)}`}</span>
      </button>
    </li>
  );
}

interface Props {
  /** A table of one's own is looked at in place of a study. */
  readonly isTable: boolean;
  readonly onTable: (isTable: boolean) => void;
}

/** Where a study is looked at, the questions of other kinds are folded: its axes and cost stand below. */
export function QuestionList({ isTable, onTable }: Props) {
  const study = useLab((state) => state.sweep?.study ?? null);
  const isAll = useLab((state) => state.sweep === null) && !isTable;
  const shown = isTable ? null : (studyOf(study)?.paper ?? null);
  return (
    <nav aria-label="Questions">
      {Object.entries(papers).map(([paper, title]) => {
        const own = Object.entries(studies).filter(([, study]) => study.paper === paper);
        if (own.length === 0) return null;
        return (
          <details key={`${paper} ${isAll} ${shown}`} open={isAll || shown === paper}>
            <summary className="section-head study-list-head">
              <h2>{title}</h2>
              <span className="push small ink3">{own.length}</span>
            </summary>
            <ul className="study-list">
              {own.map(([id, { question }]) => (
                <Question key={id} {...{ id, question, isTable }} onOpen={() => onTable(false)} />
              ))}
            </ul>
          </details>
        );
      })}
      <section aria-label="Results from elsewhere">
        <div className="section-head study-list-head">
          <h2>Results from elsewhere</h2>
        </div>
        <ul className="study-list">
          <li>
            <button
              type="button"
              className="study-item"
              aria-current={isTable ? 'true' : undefined}
              onClick={() => onTable(true)}
            >
              <span className="strong">Fit a table of your own</span>
              <span className="small ink2">CSV or JSON lines, the same laws and intervals</span>
            </button>
          </li>
        </ul>
      </section>
    </nav>
  );
}

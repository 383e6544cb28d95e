// The questions that the lab knows how to ask, and where each of them stands.
import { useMemo } from 'react';
import { studies } from '../../catalog/studies/index.ts';
import { decode } from '../../experiment/address.ts';
import { isOver } from '../../experiment/run.ts';
import { totalCost, trials } from '../../experiment/sweep/trials.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
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

function Question({ id, question }: { readonly id: string; readonly question: string }) {
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
        className="question"
        aria-current={isShown ? 'true' : undefined}
        onClick={() => openLink(`study=${id}`)}
      >
        <span className="strong">{question}</span>
        <span className="small ink2">{words || `not started, ${costWords(cost)}`}</span>
      </button>
    </li>
  );
}

export function QuestionList() {
  return (
    <nav aria-label="Questions">
      <div className="section-head questions-head">
        <h2>Questions</h2>
      </div>
      <ul className="questions">
        {Object.entries(studies).map(([id, study]) => (
          <Question key={id} id={id} question={study.question} />
        ))}
      </ul>
    </nav>
  );
}

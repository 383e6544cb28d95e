// One question: predict, let the lab train the runs, then what happened beside the prediction. Nothing is shown of an
// answer before there is a prediction, also when the runs are there already.
import { useId, useMemo } from 'react';
import type { Arm, Question } from '../../catalog/questions/index.ts';
import { formatDuration } from '../../core/format.ts';
import { decode } from '../../experiment/address.ts';
import { armOf } from '../../experiment/arm.ts';
import { isLinked, isOver, isUnderway, type Run } from '../../experiment/run.ts';
import { MOST_TOGETHER } from '../../experiment/side-by-side.ts';
import { type Trial, totalCost, trials } from '../../experiment/sweep/trials.ts';
import { Heads } from '../controls/heads.tsx';
import { useFrame } from '../hooks/use-frame.ts';
import { useActions, useLab, useSession } from '../hooks/use-lab.ts';

interface Part {
  readonly value: number;
  readonly run: Run | undefined;
}

/** The experiment's trials in the order of what they vary, each with the newest run of it. */
function useParts(list: readonly Trial[], axis: string): readonly Part[] {
  const runs = useLab((state) => state.runs);
  return list
    .map(({ id, config }) => ({
      value: Number(config[axis as keyof typeof config]),
      run: runs.find((run) => run.id === id && !isLinked(run)),
    }))
    .toSorted((a, b) => a.value - b.value);
}

/** Null until every run has ended and its measurements are here. */
function useArms(parts: readonly Part[]): readonly Arm[] | null {
  const session = useSession();
  useLab((state) => parts.map(({ run }) => (run ? (state.seriesVersion[run.key] ?? 0) : 0)).join());
  const arms = parts.map(({ value, run }) => {
    const log = run && isOver(run) ? session.log(run.key) : null;
    return run && log && log.names().length > 0 ? armOf(value, run, log) : null;
  });
  return arms.every((arm) => arm !== null) ? arms : null;
}

function Results({ question, arms }: { readonly question: Question; readonly arms: readonly Arm[] }) {
  const { label, of, format } = question.measure;
  const most = Math.max(...arms.map((arm) => of(arm) ?? 0));
  return (
    <table className="arms">
      <Heads
        columns={[
          'Run',
          ['As a bar', undefined, 'unseen'],
          [label, 'number'],
          ['Updates', 'number'],
          ['Time', 'number optional'],
        ]}
      />
      <tbody>
        {arms.map((arm) => {
          const value = of(arm);
          return (
            <tr key={arm.value}>
              <th scope="row">{question.arm(arm.value)}</th>
              <td>
                <svg width="120" height="6" aria-hidden="true">
                  <path d="M.5 0V6" stroke="var(--axis)" />
                  <rect
                    width={value !== null && most > 0 ? 120 * (value / most) : 0}
                    height="6"
                    fill="var(--ink3)"
                  />
                </svg>
              </td>
              <td className="number">{arm.diverged ? '× diverged' : value === null ? '–' : format(value)}</td>
              <td className="number">{arm.steps.toLocaleString('en-US')}</td>
              <td className="number optional">{formatDuration(arm.seconds)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** What was predicted, what happened, and why. */
function Answer({
  question,
  predicted,
  arms,
  runs,
}: {
  readonly question: Question;
  readonly predicted: string;
  readonly arms: readonly Arm[];
  readonly runs: readonly string[];
}) {
  const { show, goTo } = useActions();
  const { choice, words } = question.judge(arms);
  const labelOf = (id: string): string => question.choices.find((one) => one.id === id)?.label ?? id;
  const isRight = choice === predicted;
  return (
    <div className="answer">
      <dl>
        <div className="said">
          <dt>You said</dt>
          <dd>{labelOf(predicted)}</dd>
        </div>
        <div className="said">
          <dt>It was</dt>
          <dd>
            {labelOf(choice)}{' '}
            <span className={`chip ${isRight ? 'ok' : 'warn'}`}>
              {isRight ? '✓ as you said' : '× otherwise'}
            </span>
          </dd>
        </div>
      </dl>
      <Results question={question} arms={arms} />
      <p>{words}</p>
      <p className="ink2">{question.explanation}</p>
      <div className="foot">
        <button
          type="button"
          className="button"
          onClick={() => {
            show(runs);
            goTo('train');
          }}
        >
          Show the curves
        </button>
        <span className="small ink3">{question.source}; one seed, on this device</span>
      </div>
    </div>
  );
}

export function QuestionCard({ id, question }: { readonly id: string; readonly question: Question }) {
  const { startSweepOf, startTogether, openLink, goTo, stop, pauseQueue } = useActions();
  const { predictions, predict } = useFrame();
  const name = useId();
  const speed = useLab((state) => state.speed);
  const { list, axis } = useMemo(() => {
    const { config, sweep } = decode(question.settings);
    return { list: sweep ? trials(config, sweep).trials : [], axis: String(sweep?.axes[0]?.key) };
  }, [question]);
  const parts = useParts(list, axis);
  const arms = useArms(parts);
  const failure = useLab((state) => state.queue.failure);
  const isBusy = useLab((state) => state.active !== null || state.preparing);
  const own = parts.some(({ run }) => run && isUnderway(run));
  const prediction = predictions[id];
  const asked = prediction?.asked ?? false;
  const missing = parts.filter(({ run }) => !run || !isOver(run)).length;
  const { seconds } = totalCost(list, speed);
  const cost = `${list.length} runs${seconds === null ? '' : `, about ${formatDuration(seconds)}`}`;
  return (
    <li className="question">
      <h3>{question.label}</h3>
      <p className="asks">{question.question}</p>
      <p className="small ink2">{question.think}</p>
      <fieldset disabled={asked}>
        <legend className="small ink3">Your prediction</legend>
        {question.choices.map((choice) => (
          <label key={choice.id} className="row">
            <input
              type="radio"
              name={name}
              checked={prediction?.choice === choice.id}
              onChange={() => predict(id, { choice: choice.id, asked: false })}
            />
            {choice.label}
          </label>
        ))}
      </fieldset>
      {asked && prediction && arms ? (
        <Answer
          question={question}
          predicted={prediction.choice}
          arms={arms}
          runs={parts.flatMap(({ run }) => (run ? [run.key] : []))}
        />
      ) : (
        <div className="foot">
          {asked && own ? (
            <button
              type="button"
              className="button"
              onClick={() => {
                pauseQueue();
                stop();
              }}
            >
              Stop
            </button>
          ) : (
            <button
              type="button"
              className="button"
              disabled={!prediction || (isBusy && !asked)}
              onClick={() => {
                if (!prediction) return;
                predict(id, { ...prediction, asked: true });
                if (missing > 0) startSweepOf(question.settings);
              }}
            >
              {asked ? 'Go on' : 'Run the experiment'}
            </button>
          )}
          {!asked && list.length <= MOST_TOGETHER && (
            <button
              type="button"
              className="quiet acc"
              title="The same runs side by side in the Train view; the form takes their settings"
              disabled={!prediction || isBusy}
              onClick={() => {
                if (!prediction) return;
                predict(id, { ...prediction, asked: true });
                openLink(question.settings);
                goTo('train');
                void startTogether();
              }}
            >
              Watch them grow side by side
            </button>
          )}
          <span role="status" className="cost">
            {asked
              ? `${list.length - missing} of ${list.length} runs have ended${failure ? `. ${failure.message}` : ''}`
              : prediction
                ? cost
                : `${cost}; choose an answer first`}
          </span>
        </div>
      )}
    </li>
  );
}

// The line to the thread that analyses: which question is sent when, and whose answers are heard.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AnalysisAnswer, Question } from '../../src/experiment/analysis.ts';
import { type AnalysisThread, createAnalyse } from '../../src/session/analysis.ts';

interface Sent {
  readonly id: number;
  readonly question: Question;
}

/** A thread that answers when it is told to. */
function scripted() {
  const sent: Sent[] = [];
  let started = 0;
  const thread: AnalysisThread = {
    postMessage: (message: Sent) => sent.push(message),
    terminate: () => {},
    onmessage: null,
    onerror: null,
  };
  const say = (answer: AnalysisAnswer, id = sent.at(-1)?.id): void =>
    thread.onmessage?.call(thread as Worker, new MessageEvent('message', { data: { id, answer } }));
  const analyse = createAnalyse(() => {
    started++;
    return thread;
  });
  const breakDown = (): void => {
    const event = Object.assign(new Event('error'), { message: 'out of memory' });
    thread.onerror?.call(thread as Worker, event as ErrorEvent);
  };
  return { analyse, sent, say, breakDown, started: () => started };
}

const grown = (runs: number, more: { study?: string; counting?: 1 | 2 } = {}): Question => ({
  kind: 'finding',
  study: 'shapes',
  counting: 2,
  rows: Array.from({ length: runs }, () => ({ cell: {}, measurement: {} as never })),
  ...more,
});

const finding = (step: 'look' | 'judged' | 'final'): AnalysisAnswer => ({
  kind: 'finding',
  finding: { figures: [], verdict: { answer: 'undecided', evidence: [step] } },
  isJudged: step !== 'look',
  isFinal: step === 'final',
});

test('a question on more runs waits until the one before can be judged; the newest of those that wait is sent', () => {
  const { analyse, sent, say } = scripted();
  const heard: string[] = [];
  const ask = (runs: number) =>
    analyse(grown(runs), (answer) => {
      heard.push(`${runs} ${answer.kind === 'finding' ? answer.finding.verdict.evidence[0] : answer.kind}`);
    });
  for (const runs of [1, 2, 3]) ask(runs);
  expect(sent).toHaveLength(1);
  say(finding('look'));
  expect(sent).toHaveLength(1);
  say(finding('judged'));
  expect(sent.map(({ question }) => question.kind === 'finding' && question.rows.length)).toEqual([1, 3]);
  // What the older one says now is late.
  say(finding('final'), sent[0]?.id);
  say(finding('look'));
  say(finding('judged'));
  // That can be judged already: more runs end it.
  ask(4);
  expect(sent).toHaveLength(3);
  say(finding('final'));
  expect(heard).toEqual(['1 look', '1 judged', '3 look', '3 judged', '4 final']);
});

test('however fast runs end, a sweep is judged on the way and at its end', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), (ends) => {
      const { analyse, sent, say } = scripted();
      const judged: number[] = [];
      let runs = 0;
      let steps = 0;
      for (const isEnd of [...ends, true]) {
        if (isEnd) {
          const own = ++runs;
          analyse(grown(own), (answer) => {
            if (answer.kind === 'finding' && answer.isJudged) judged.push(own);
          });
        } else if (sent.length > 0) say(finding(steps++ % 2 === 0 ? 'look' : 'judged'));
      }
      for (let i = 0; i < 3; i++) say(finding('judged'));
      expect(judged).toEqual(judged.toSorted((a, b) => a - b));
      expect(judged.at(-1)).toBe(runs);
    }),
  );
});

test('another study, or another way to count, does not wait', () => {
  const { analyse, sent, say } = scripted();
  const heard: string[] = [];
  analyse(grown(1), () => heard.push('first'));
  analyse(grown(2), () => heard.push('second'));
  analyse(grown(2, { counting: 1 }), () => heard.push('counted'));
  expect(sent).toHaveLength(2);
  analyse(grown(9, { study: 'batch-size' }), () => heard.push('other'));
  expect(sent).toHaveLength(3);
  say(finding('final'), sent[0]?.id);
  say(finding('final'), sent[1]?.id);
  say(finding('final'));
  expect(heard).toEqual(['other']);
});

test('who stops hears nothing more, neither of what is worked at nor of what waits', () => {
  const { analyse, sent, say } = scripted();
  const heard: string[] = [];
  analyse(grown(1), () => heard.push('first'));
  const stop = analyse(grown(2), () => heard.push('second'));
  stop();
  say(finding('final'));
  expect([heard, sent.length]).toEqual([[], 1]);
  analyse(grown(3), () => heard.push('third'));
  // A reader that left long ago stops nobody else.
  stop();
  say(finding('final'));
  expect(heard).toEqual(['third']);
});

test('a thread that breaks down is told to the newest reader and started again', () => {
  const { analyse, sent, breakDown, started } = scripted();
  const heard: string[] = [];
  analyse(grown(1), () => heard.push('first'));
  analyse(grown(2), ({ kind }) => heard.push(kind));
  breakDown();
  expect(heard).toEqual(['failed']);
  analyse(grown(3), () => {});
  expect([sent.length, started()]).toEqual([2, 2]);
});

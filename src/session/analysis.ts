// Asks the thread that analyses: fits and bootstraps, beside training and never on the page's own thread. It is started at
// the first question, and anew when it broke down. The newest question is the one that is answered; one about the same
// study with more runs waits until the one before has said something to judge by, so that a sweep whose runs end faster
// than a finding is made is still seen to grow.
import type { Failure } from '../core/failure.ts';
import type { AnalysisAnswer, Question } from '../experiment/analysis.ts';

/** Asks, and hears answers until one is final or the result is called. An older question hears nothing more. */
export type Analyse = (question: Question, onAnswer: (answer: AnalysisAnswer) => void) => () => void;

/** The thread: a worker. */
export type AnalysisThread = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>;

const broken = (detail: string): Failure => ({
  code: 'internal',
  message: 'The analysis broke down. Change a setting of it, or reload the page; no run is touched.',
  detail,
});

interface Asked {
  readonly question: Question;
  readonly hear: (answer: AnalysisAnswer) => void;
}

/** The same study, counted alike, on other runs. */
function isGrown(before: Question, after: Question): boolean {
  if (before.kind !== 'finding' || after.kind !== 'finding') return false;
  return before.study === after.study && before.counting === after.counting;
}

export function createAnalyse(start: () => AnalysisThread): Analyse {
  let thread: AnalysisThread | null = null;
  let asked = 0;
  /** What the thread works at, as far as somebody hears it. */
  let current: (Asked & { readonly isJudged: boolean }) | null = null;
  let waiting: Asked | null = null;

  function open(): AnalysisThread {
    const opened = start();
    opened.onmessage = ({ data }: MessageEvent<{ id: number; answer: AnalysisAnswer }>) => {
      if (data.id !== asked || !current) return;
      const { answer } = data;
      const { hear } = current;
      const isJudged = current.isJudged || answer.isFinal || (answer.kind === 'finding' && answer.isJudged);
      current = answer.isFinal ? null : { ...current, isJudged };
      hear(answer);
      if (isJudged) goOn();
    };
    opened.onerror = (event) => {
      event.preventDefault();
      opened.terminate();
      thread = null;
      const last = waiting ?? current;
      current = null;
      waiting = null;
      last?.hear({ kind: 'failed', failure: broken(event.message), isFinal: true });
    };
    return opened;
  }

  function send(next: Asked): void {
    thread ??= open();
    asked += 1;
    current = { ...next, isJudged: false };
    thread.postMessage({ id: asked, question: next.question });
  }

  function goOn(): void {
    const next = waiting;
    waiting = null;
    if (next) send(next);
  }

  return (question, hear) => {
    const own = { question, hear };
    if (current && !current.isJudged && isGrown(current.question, question)) waiting = own;
    else {
      waiting = null;
      send(own);
    }
    return () => {
      // What it waits for was asked by the same reader: neither is heard.
      if (waiting === own || current?.hear === hear) {
        waiting = null;
        current = null;
      }
    };
  };
}

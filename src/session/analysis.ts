// Asks the thread that analyses: fits and bootstraps, beside training and never on the page's own thread. It is started at
// the first question, and anew when it broke down. The newest question is the one that is answered.
import type { Failure } from '../core/failure.ts';
import analysisUrl from '../engine/analysis-worker.ts?worker&url';
import type { AnalysisAnswer, Question } from '../experiment/analysis.ts';
import { startWorker } from './trusted-worker.ts';

/** Asks, and hears answers until one is final or the result is called. An older question hears nothing more. */
export type Analyse = (question: Question, onAnswer: (answer: AnalysisAnswer) => void) => () => void;

const broken = (detail: string): Failure => ({
  code: 'internal',
  message: 'The analysis broke down. Change a setting of it, or reload the page; no run is touched.',
  detail,
});

export function createAnalyse(): Analyse {
  let worker: Worker | null = null;
  let asked = 0;
  let hear: ((answer: AnalysisAnswer) => void) | null = null;

  function open(): Worker {
    const opened = startWorker(analysisUrl, 'analysis');
    opened.onmessage = ({ data }: MessageEvent<{ id: number; answer: AnalysisAnswer }>) => {
      if (data.id !== asked) return;
      const to = hear;
      if (data.answer.isFinal) hear = null;
      to?.(data.answer);
    };
    opened.onerror = (event) => {
      event.preventDefault();
      opened.terminate();
      worker = null;
      hear?.({ kind: 'failed', failure: broken(event.message), isFinal: true });
      hear = null;
    };
    return opened;
  }

  return (question, onAnswer) => {
    worker ??= open();
    asked += 1;
    const own = asked;
    hear = onAnswer;
    worker.postMessage({ id: own, question });
    return () => {
      if (own === asked) hear = null;
    };
  };
}

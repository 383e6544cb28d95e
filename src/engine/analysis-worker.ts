// The edge of the thread that analyses: a question in, its answers out. A newer question ends an older one between steps.
import { type AnalysisAnswer, analysing, type Question } from '../experiment/analysis.ts';

declare const self: DedicatedWorkerGlobalScope;

let newest = 0;

/** Lets a message that has arrived be heard. */
const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

async function answer(id: number, question: Question): Promise<void> {
  for await (const said of analysing(question)) {
    if (newest !== id) return;
    const message: { id: number; answer: AnalysisAnswer } = { id, answer: said };
    self.postMessage(message);
    await aMoment();
    if (newest !== id) return;
  }
}

self.addEventListener('message', ({ data }: MessageEvent<{ id: number; question: Question }>) => {
  newest = data.id;
  void answer(data.id, data.question);
});

// `lab sweep`: the trials of a sweep in headless pages, a folder each. What is finished in the folder is never run again;
// what was cut off goes on from its checkpoint.
import { studies } from '../catalog/studies/index.ts';
import { formatCount, formatSi } from '../core/format.ts';
import { encode } from '../experiment/address.ts';
import type { Lab } from '../experiment/lab-api.ts';
import { plan } from '../experiment/plan.ts';
import { type Trial, totalCost, trials } from '../experiment/sweep/trials.ts';
import { resolveBody } from './body-argument.ts';
import { readStrict } from './config-argument.ts';
import { factsAt } from './data.ts';
import { type LabPage, openBrowser } from './page.ts';
import { readRuns } from './run-folders.ts';
import {
  isSettled,
  lockFolder,
  readRecord,
  readSweepLink,
  type TrialRecord,
  trialFolder,
  writeFinding,
  writeSweep,
} from './sweep-folder.ts';
import {
  firstLine,
  Halt,
  preparePage,
  type SweepArguments,
  type SweepLine,
  trainTrial,
  type Work,
} from './sweep-trial.ts';
import { UsageError } from './usage.ts';

declare const lab: Lab;

/** Trials that one page trains before a fresh one takes its place: what a page keeps of its runs goes with it. */
const TRIALS_A_PAGE = 20;

/** Trials in a row that could not be begun, after which the reason is not the trial. */
const MOST_IN_A_ROW = 3;

interface Pages {
  open(): Promise<LabPage>;
  close(page: LabPage): Promise<void>;
}

interface Left {
  readonly work: Work;
  readonly isStopping: () => boolean;
  readonly hashOf: (trial: Trial) => string;
  readonly onOver: () => void;
}

function lineOf(folder: string, { cells, id }: Trial, record: TrialRecord): SweepLine {
  const { environment, measurement, outcome, pruned } = record;
  const { backend, runner, adapter } = environment;
  const { steps, seconds, examplesPerSecond, train, test } = measurement;
  return {
    runId: id,
    outcome: pruned ? 'pruned' : outcome,
    backend,
    runner,
    adapter,
    steps,
    seconds,
    examplesPerSecond,
    train,
    test,
    folder,
    cells,
    reused: true,
  };
}

/** The link of the argument: a study's id, a link, a file; none: the one in the folder. */
function linkOf(argument: string | undefined, out: string): string {
  if (argument === undefined) return readSweepLink(out);
  return Object.hasOwn(studies, argument) ? `study=${argument}` : argument;
}

/** Trains what is left on one page after the other, until nothing is left or `isStopping`. */
async function trainLeft(
  start: LabPage | null,
  left: Trial[],
  pages: Pages,
  { work, isStopping, hashOf, onOver }: Left,
): Promise<void> {
  let opened = start;
  let [onThisPage, inARow] = [0, 0];
  for (let trial = left.shift(); trial && !isStopping(); trial = left.shift()) {
    try {
      opened ??= await pages.open();
      if (await trainTrial(opened, trial, hashOf(trial), work)) onOver();
      onThisPage++;
      inARow = 0;
    } catch (error) {
      inARow++;
      if (error instanceof Halt || inARow >= MOST_IN_A_ROW) throw error;
      // The page is gone, or this trial cannot be begun: the others may.
      work.note(`${trial.id.slice(0, 8)}: not trained: ${firstLine(error)}`);
      onThisPage = TRIALS_A_PAGE;
    }
    if (onThisPage < TRIALS_A_PAGE) continue;
    if (opened) await pages.close(opened);
    opened = null;
    onThisPage = 0;
  }
}

async function trainAll(work: Work): Promise<boolean> {
  const { options, all, note, print } = work;
  const browser = await openBrowser(options.backend, note);
  let isStopping = false;
  const open = new Set<LabPage>();
  const pages: Pages = {
    async open() {
      const page = await browser.newPage();
      open.add(page);
      await preparePage(page, work);
      return page;
    },
    async close(page) {
      open.delete(page);
      await page.close().catch(() => {}); // It is gone already.
    },
  };
  const stop = (): void => {
    isStopping = true;
    for (const { page } of open) void page.evaluate(() => lab.stop()).catch(() => {});
  };
  const interrupt = (): void => {
    note('stopping …');
    stop();
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    const first = await browser.newPage();
    open.add(first);
    const hashes = await preparePage(first, work);
    const hashOf = ({ config }: Trial): string => hashes.get(config.data) ?? '';
    const left = all.filter((trial) => {
      const folder = trialFolder(options.out, trial);
      const record = readRecord(folder, trial, hashOf(trial));
      if (!record || !isSettled(record)) return true;
      print(lineOf(folder, trial, record));
      return false;
    });
    const cost = formatSi(totalCost(left).flops, 'FLOP');
    let over = all.length - left.length;
    note(`${all.length} trials, ${over} done before, ${left.length} to train (${cost})`);
    const onOver = (): void => note(`${++over} of ${all.length} done`);
    const around: Left = { work, hashOf, onOver, isStopping: () => isStopping };
    const jobs = Array.from({ length: Math.min(options.jobs, left.length) }, (_, index) =>
      trainLeft(index === 0 ? first : null, left, pages, around).catch((error: unknown) => {
        stop();
        throw error;
      }),
    );
    const broken = (await Promise.allSettled(jobs)).find((one) => one.status === 'rejected');
    if (broken) throw broken.reason;
    return over === all.length;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await browser.close();
  }
}

/** What the runs in the folder say to the question of a study: in words on stderr, whole in the folder. */
async function answerStudy(study: string, { all, options, note }: Work): Promise<void> {
  if (!Object.hasOwn(studies, study)) return;
  const measured = new Map(readRuns(options.out).map((measurement) => [measurement.id, measurement]));
  const rows = all.flatMap(({ id, cells }) => {
    const measurement = measured.get(id);
    return measurement ? cells.map((cell) => ({ cell, measurement })) : [];
  });
  const { question, claim, source, scaledDown, finding } = studies[study as keyof typeof studies];
  const { verdict, figures } = await finding(rows);
  const runs = all.filter(({ id }) => /^(finished|diverged)$/.test(measured.get(id)?.outcome ?? '')).length;
  const of = all.length;
  writeFinding(options.out, { study, question, claim, source, scaledDown, runs, of, verdict, figures });
  const basis = runs < of ? `Provisional, on ${formatCount(runs)} of ${formatCount(of)} runs: ` : '';
  note(`${question} "${claim}" ${basis}${verdict.answer}. ${verdict.evidence.join(' ')}`);
}

/** True when every trial is over. Throws when nothing can be trained, or a failure would meet every trial. */
export async function sweep(
  argument: string | undefined,
  options: SweepArguments,
  note: (text: string) => void,
  print: (line: SweepLine) => void,
): Promise<boolean> {
  const { argument: link, init } = resolveBody(linkOf(argument, options.out), undefined);
  const decoded = readStrict(link, note);
  const { config, sweep: asked, readOnly } = decoded;
  if (readOnly) throw new Error('This link was made by a newer lab; update the lab to train it.');
  if (!asked)
    throw new UsageError(
      'This sweeps over nothing: name axes such as sweep.train.batchSize=16,64, or a study.',
    );
  const facts = options.data === undefined ? undefined : await factsAt(config.data, options.data);
  const list = trials(config, asked, (dataset) => (dataset === config.data ? facts : undefined));
  for (const message of new Set(list.refused.map(({ failure }) => failure.message))) note(`note: ${message}`);
  if (list.trials.length === 0) {
    plan(config, facts);
    throw new Error('No trial of this sweep can be trained.');
  }
  const unlock = lockFolder(options.out);
  try {
    writeSweep(options.out, encode(config, {}, asked), list);
    const work: Work = { sweep: asked, all: list.trials, options: { ...options, init }, note, print };
    const isDone = await trainAll(work);
    if (asked.study !== null)
      await answerStudy(asked.study, work).catch((error: unknown) => note(`note: ${firstLine(error)}`));
    return isDone;
  } finally {
    unlock();
  }
}

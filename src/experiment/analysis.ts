// What can be asked of the thread that analyses: what a study's runs say, what columns a table has, what law goes through
// them. Answers come in steps, a first look and then intervals that sharpen, so that a page is never held up and a
// newer question can take the place of an older one between two steps.
import { studies } from '../catalog/studies/index.ts';
import type { Study } from '../catalog/studies/study.ts';
import { type Failure, toFailure } from '../core/failure.ts';
import type { Counting } from '../core/fits/law.ts';
import type { Observed } from '../core/measurement.ts';
import { type DrawnFinding, drawnFinding } from './drawn-figures.ts';
import {
  type ColumnView,
  columnsOf,
  fittingTable,
  type TableFile,
  type TableFit,
  type TableQuestion,
} from './table-fit.ts';

export type Question =
  | {
      readonly kind: 'finding';
      readonly study: string;
      readonly rows: readonly Observed[];
      readonly counting: Counting;
    }
  | { readonly kind: 'columns'; readonly file: TableFile }
  | { readonly kind: 'fit'; readonly file: TableFile; readonly question: TableQuestion };

/** `isFinal`: nothing follows. `isJudged`: its intervals are there, if not yet all resamples of them. */
export type AnalysisAnswer =
  | {
      readonly kind: 'finding';
      readonly finding: DrawnFinding;
      readonly isJudged: boolean;
      readonly isFinal: boolean;
    }
  | {
      readonly kind: 'columns';
      readonly columns: readonly ColumnView[];
      readonly rows: number;
      readonly isFinal: true;
    }
  | { readonly kind: 'fit'; readonly fit: TableFit; readonly isFinal: boolean }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly isFinal: true };

/** Resamples of the steps of a finding. */
const STEPS = [0, 200, 1000] as const;

async function* findings(
  study: Study,
  { rows, counting }: Extract<Question, { kind: 'finding' }>,
): AsyncGenerator<AnalysisAnswer> {
  for (const resamples of STEPS) {
    const finding = await study.finding(rows, { resamples, counting });
    const fits = finding.figures.flatMap(({ lines }) => lines.flatMap(({ fit }) => fit ?? []));
    // Nothing to sharpen: no law was fitted, or its intervals are there as they are.
    const isFinal = resamples === STEPS.at(-1) || fits.every((fit) => fit.resamples !== resamples);
    const isJudged = isFinal || resamples > 0;
    yield { kind: 'finding', finding: drawnFinding(finding, counting), isJudged, isFinal };
    if (isFinal) return;
  }
}

/** Answers a question step by step. Never throws: what fails is the last answer. */
export async function* analysing(question: Question): AsyncGenerator<AnalysisAnswer> {
  try {
    switch (question.kind) {
      case 'finding': {
        const study = Object.hasOwn(studies, question.study)
          ? studies[question.study as keyof typeof studies]
          : null;
        if (study) yield* findings(study, question);
        break;
      }
      case 'columns':
        yield { kind: 'columns', ...columnsOf(question.file), isFinal: true };
        break;
      case 'fit':
        for (const { fit, isFinal } of fittingTable(question.file, question.question)) {
          yield { kind: 'fit', fit, isFinal };
        }
        break;
      default:
        throw question satisfies never;
    }
  } catch (error) {
    yield { kind: 'failed', failure: toFailure(error), isFinal: true };
  }
}

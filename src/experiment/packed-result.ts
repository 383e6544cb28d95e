// What `r=` of a link holds, of a run or of a sweep: JSON of a strict shape, packed. Reading trusts nothing.
import type { z } from 'zod';
import { LabError } from '../core/failure.ts';
import { unpackText } from '../core/packed-text.ts';
import { plainLine } from '../core/plain-text.ts';

/** Longest `r=` that is written, and most bytes that one may unfold to when it is read. */
export const MOST_RESULT_LETTERS = 1500;
const MOST_BYTES = 64 * 1024;

/** Throws LabError `config-invalid` that says why it is not what this lab writes. */
export function readPacked<T>(schema: z.ZodType<T>, text: string): T {
  const invalid = (why: string): LabError => new LabError('config-invalid', why);
  let parsed: unknown;
  try {
    parsed = JSON.parse(unpackText(text, MOST_BYTES));
  } catch (error) {
    throw invalid(error instanceof LabError ? error.message : 'it is damaged');
  }
  const read = schema.safeParse(parsed);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw invalid(`its ${plainLine(issue?.path.join('.') || 'content', 40)} is not what this lab writes`);
}

// The one form of an error about a file: which file, where in it, what is wrong, what to do.
import { LabError } from '../failure.ts';

/**
 * A `dataset-invalid` error.
 * @param where offset, record or row, such as "byte 512" or "record 7"; empty when the whole file is meant
 * @param reason what is wrong, a clause without a full stop
 * @param next what the person can do about it, a sentence without a full stop
 */
export function invalid(
  file: string,
  where: string,
  reason: string,
  next: string,
  detail?: string,
): LabError {
  return new LabError(
    'dataset-invalid',
    `${file}${where === '' ? '' : `, ${where}`}: ${reason}. ${next}.`,
    detail,
  );
}

/** The message of whatever was thrown, for `detail`. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

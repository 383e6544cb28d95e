// What can go wrong, as data: a code decides what the user is offered, the message is for a person.
// A Failure crosses threads; a LabError is the same thing while it is thrown.

export const failureCodes = [
  'webgpu-unavailable',
  'device-lost',
  'device-error',
  'out-of-memory',
  'dataset-unavailable',
  'dataset-invalid',
  'config-invalid',
  'checkpoint-incompatible',
  'storage-full',
  'cancelled',
  'internal',
] as const;

export type FailureCode = (typeof failureCodes)[number];

export interface Failure {
  readonly code: FailureCode;
  /** For a person: names the file, field or size, and the next step. */
  readonly message: string;
  /** For a report: a stack or the message of the library below. */
  readonly detail?: string;
}

export class LabError extends Error {
  readonly code: FailureCode;
  readonly detail: string | undefined;

  constructor(code: FailureCode, message: string, detail?: string) {
    super(message);
    this.name = 'LabError';
    this.code = code;
    this.detail = detail;
  }
}

/** Any thrown value as plain data that survives structured cloning. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof LabError) {
    return {
      code: thrown.code,
      message: thrown.message,
      ...(thrown.detail ? { detail: thrown.detail } : {}),
    };
  }
  if (thrown instanceof Error) {
    return { code: 'internal', message: thrown.message, ...(thrown.stack ? { detail: thrown.stack } : {}) };
  }
  return { code: 'internal', message: String(thrown) };
}

/** The thrown form of a failure that came from another thread. */
export function toError(failure: Failure): LabError {
  return new LabError(failure.code, failure.message, failure.detail);
}

import { SourceError } from '../../../../kit/errors.ts';
import type { FailureKind } from '../../hardware/hardware-reading.ts';

/** A management controller could not be read; the message names it and the remedy. */
export class BmcError extends SourceError {
  readonly kind: FailureKind;
  /** Status of the answer, where there was one. */
  readonly status: number | undefined;

  constructor(kind: FailureKind, message: string, { status, cause }: { status?: number; cause?: unknown } = {}) {
    super(message, { cause });
    this.kind = kind;
    this.status = status;
  }
}

/** What the sender of requests rejected with, sorted. */
export function sortedError(error: unknown): BmcError {
  if (error instanceof BmcError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new BmcError(kindOf(message), message, { cause: error });
}

function kindOf(message: string): FailureKind {
  if (message.includes('certificate')) return 'certificate';
  if (message.includes('no answer within')) return 'timeout';
  if (message.includes('larger than') || message.includes('broke off')) return 'content';
  return 'unreachable';
}

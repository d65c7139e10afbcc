import { SourceError } from '../errors.ts';

export type FailureKind =
  | 'unreachable'
  | 'deadline'
  | 'too-many-requests'
  | 'server-error'
  | 'not-allowed'
  | 'not-found'
  | 'rejected'
  | 'too-large'
  | 'bad-answer';

/** Why a Prometheus API call failed, in a form that a caller can act on. */
export class PrometheusApiError extends SourceError {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** What a call was about, for messages: never holds credentials. */
export interface Asked {
  readonly url: string;
  readonly what: string;
}

const longestQuery = 200;

export function describeQuery(query: string): string {
  const oneLine = query.replaceAll(/\s+/g, ' ').trim();
  return oneLine.length <= longestQuery ? oneLine : `${oneLine.slice(0, longestQuery)}…`;
}

export function failure(kind: FailureKind, asked: Asked, problem: string, cause?: unknown): PrometheusApiError {
  return new PrometheusApiError(kind, `${asked.url}: ${asked.what}: ${problem}`, { cause });
}

import { SourceError } from '../../../../kit/errors.ts';

export type ApiFailure =
  /** What was asked for lies too far in the past. */
  | 'expired'
  | 'unauthorized'
  | 'forbidden'
  /** It may be gone the next time. */
  | 'passing'
  | 'other';

/** Why a call of the Kubernetes API failed, in a form on which the caller can act. */
export class ApiError extends SourceError {
  readonly failure: ApiFailure;
  /** When the server wants to be asked again. */
  readonly retryAfterSeconds: number;

  constructor(failure: ApiFailure, message: string, options: ErrorOptions & { retryAfterSeconds?: number } = {}) {
    super(message, options);
    this.failure = failure;
    this.retryAfterSeconds = options.retryAfterSeconds ?? 0;
  }
}

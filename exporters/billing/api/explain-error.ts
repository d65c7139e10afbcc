import { ApiError, type ErrorCode } from '../../../kit/api/api-error.ts';
import { Refusal, type RefusalKind } from '../refusal.ts';

const codes: Readonly<Record<RefusalKind, ErrorCode>> = {
  missing: 'not_found',
  conflict: 'conflict',
  invalid: 'bad_request',
  busy: 'unavailable',
};

/** What whoever asked is told of an error of billing; undefined for others. */
export function explainBillingError(error: unknown): ApiError | undefined {
  if (!(error instanceof Refusal)) return undefined;
  const { kind, message, problems } = error;
  return new ApiError(codes[kind], message, problems.length === 0 ? {} : { problems });
}

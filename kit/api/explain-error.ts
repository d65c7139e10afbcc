import { SourceError } from '../errors.ts';
import { ApiError, badField } from './api-error.ts';

/** Tells errors of a daemon's own; undefined for what it does not know. */
export type ExplainError = (error: unknown) => ApiError | undefined;

/** What whoever asked is told of an error; undefined for what is our own mistake. */
export function apiErrorOf(error: unknown, explainOwn: ExplainError = () => undefined): ApiError | undefined {
  if (error instanceof ApiError) return error;
  const own = explainOwn(error);
  if (own !== undefined) return own;
  if (error instanceof SourceError) return new ApiError('unavailable', error.message);
  if (error instanceof URIError) return badField('path', 'it is not encoded as it must be');
  return ofBodyParser(error);
}

/** Errors of the parser of bodies have a type. */
function ofBodyParser(error: unknown): ApiError | undefined {
  if (!(error instanceof Error) || !('type' in error)) return undefined;
  switch (error.type) {
    case 'entity.parse.failed':
      return badField('body', `it is no JSON: ${error.message.slice(0, 200)}`);
    case 'entity.too.large': {
      const limit = 'limit' in error ? ` of ${String(error.limit)} bytes` : '';
      return new ApiError('too_large', `the body is larger than the limit${limit}`);
    }
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new ApiError('unsupported_type', error.message);
    case 'request.aborted':
    case 'request.size.invalid':
      return badField('body', 'it did not come in whole');
    default:
      return undefined;
  }
}

import { SourceError } from '../../../kit/errors.ts';
import { FindError } from '../find/find-language.ts';
import { HardwareRefusal } from '../hardware/hardware-control.ts';
import { EditError } from '../store/edit-error.ts';
import { ApiError, badField, type ErrorCode } from './api-error.ts';
import { itemView } from './views.ts';

/** What whoever asked is told of an error; undefined for what is our own mistake. */
export function apiErrorOf(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (error instanceof EditError) return ofEdit(error);
  if (error instanceof FindError) return badField('q', error.message);
  if (error instanceof HardwareRefusal) return new ApiError(ofRefusal[error.reason], error.message);
  if (error instanceof SourceError) return new ApiError('unavailable', error.message);
  if (error instanceof URIError) return badField('path', 'it is not encoded as it must be');
  return ofBodyParser(error);
}

const ofEditKind: Readonly<Record<EditError['kind'], ErrorCode>> = {
  missing: 'not_found',
  invalid: 'bad_request',
  conflict: 'conflict',
  version: 'version_conflict',
};

const ofRefusal: Readonly<Record<HardwareRefusal['reason'], ErrorCode>> = {
  unknown: 'not_found',
  forbidden: 'forbidden',
  token: 'conflict',
  invalid: 'bad_request',
};

function ofEdit({ kind, message, field, item }: EditError): ApiError {
  return new ApiError(ofEditKind[kind], message, { field, ...(item === undefined ? {} : { item: itemView(item) }) });
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

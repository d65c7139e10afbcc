import { ApiError, badField, type ErrorCode } from '../../../kit/api/api-error.ts';
import { FindError } from '../find/find-language.ts';
import { HardwareRefusal } from '../hardware/hardware-control.ts';
import { EditError } from '../store/edit-error.ts';
import { itemView } from './views.ts';

/** What whoever asked is told of an error of the inventory; undefined for others. */
export function explainCmdbError(error: unknown): ApiError | undefined {
  if (error instanceof EditError) return ofEdit(error);
  if (error instanceof FindError) return badField('q', error.message);
  if (error instanceof HardwareRefusal) return new ApiError(ofRefusal[error.reason], error.message);
  return undefined;
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

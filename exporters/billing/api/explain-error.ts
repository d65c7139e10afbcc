import { ApiError, type ErrorCode } from '../../../kit/api/api-error.ts';
import { NoChromium } from '../../../kit/chromium/no-chromium.ts';
import { BillError, type BillErrorKind } from '../bills/bill-error.ts';
import { Refusal, type RefusalKind } from '../refusal.ts';

const ofRefusal: Readonly<Record<RefusalKind, ErrorCode>> = {
  missing: 'not_found',
  conflict: 'conflict',
  invalid: 'bad_request',
  busy: 'unavailable',
};

const ofBill: Readonly<Record<BillErrorKind, ErrorCode>> = {
  unknown_tenant: 'not_found',
  obstacles: 'conflict',
  not_closed: 'conflict',
  closed: 'conflict',
  rules_changed: 'conflict',
  overlap: 'conflict',
  busy: 'unavailable',
};

/** What whoever asked is told of an error of billing; undefined for others. */
export function explainBillingError(error: unknown): ApiError | undefined {
  if (error instanceof Refusal) return new ApiError(ofRefusal[error.kind], error.message);
  if (error instanceof NoChromium)
    return new ApiError('not_set_up', `${error.message}; HTML, CSV and JSON do without it`);
  if (!(error instanceof BillError)) return undefined;
  const { kind, message, obstacles } = error;
  return new ApiError(ofBill[kind], message, obstacles.length === 0 ? {} : { obstacles });
}

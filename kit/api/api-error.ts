/** Why a request is refused, for whoever sent it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** For programs: bad_request, not_found … */
  readonly code: ErrorCode;
  /** What is wrong: the name of a parameter, or the path in the body, such as attributes.rack_unit. */
  readonly field: string | undefined;
  /** What else belongs to the answer, such as the item as it is now. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    { field, ...more }: { readonly field?: string | undefined; readonly [key: string]: unknown } = {},
  ) {
    super(message);
    this.status = errorCodes[code].status;
    this.code = code;
    this.field = field;
    this.more = more;
  }
}

export const errorCodes = {
  several_items: { status: 300, about: 'What was asked for is more than one item.' },
  bad_request: { status: 400, about: 'A parameter or the body is not what it must be; `field` names it.' },
  unauthorized: { status: 401, about: 'A token is needed, or the one that was sent is not known.' },
  forbidden: { status: 403, about: 'The role of the token does not allow it.' },
  method_not_allowed: { status: 405, about: 'The path has other methods.' },
  not_found: { status: 404, about: 'There is no such thing.' },
  conflict: { status: 409, about: 'It contradicts what is there; `field` names what.' },
  version_conflict: { status: 412, about: 'Somebody else has changed it meanwhile; `item` is how it is now.' },
  too_large: { status: 413, about: 'The body is larger than is allowed.' },
  unsupported_type: { status: 415, about: 'The content type of the body is not taken here.' },
  version_missing: { status: 428, about: 'The header If-Match is missing.' },
  internal: { status: 500, about: 'It failed; the log of the daemon says why.' },
  not_set_up: { status: 501, about: 'The daemon is not set up for it; the message says what it needs.' },
  unavailable: { status: 503, about: 'It cannot be done now; try again later.' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly about: string }>>;

export type ErrorCode = keyof typeof errorCodes;

export function notFound(what: string): ApiError {
  return new ApiError('not_found', what);
}

export function badField(field: string, message: string): ApiError {
  return new ApiError('bad_request', message, { field });
}

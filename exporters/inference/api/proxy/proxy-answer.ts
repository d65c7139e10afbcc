import type { ServerResponse } from 'node:http';
import type { Dialect, ProxyError } from '../../dialects/dialect.ts';
import type { Refusal, Refused } from '../../policy/tenant-policy.ts';

/** An answer of the proxy itself, instead of one of an upstream. */
export interface OwnAnswer extends ProxyError {
  readonly status: number;
  readonly retryAfterSeconds?: number | undefined;
  /** The connection is of no more use: a body is still on its way that nobody reads. */
  readonly closes?: boolean;
}

const kinds: Readonly<Record<Refusal, { readonly status: number; readonly type: string }>> = {
  model_not_allowed: { status: 403, type: 'permission_error' },
  rate_limit: { status: 429, type: 'requests' },
  token_rate_limit: { status: 429, type: 'tokens' },
  concurrency: { status: 429, type: 'requests' },
  token_budget: { status: 429, type: 'insufficient_quota' },
};

/** The codes are those that OpenAI's clients know: they try again after rate_limit_exceeded. */
export function answerOfRefusal({ refusal, message, retryAfterSeconds }: Refused): OwnAnswer {
  const { status, type } = kinds[refusal];
  const code = status === 429 && refusal !== 'token_budget' ? 'rate_limit_exceeded' : refusal;
  return { status, type, code, message, retryAfterSeconds };
}

/** Sends it in the form that clients of the dialect understand, and tells how many bytes it was. */
export function sendOwnAnswer(
  response: ServerResponse,
  { errorBody }: Pick<Dialect, 'errorBody'>,
  { status, retryAfterSeconds, closes, ...error }: OwnAnswer,
): number {
  if (response.headersSent || response.destroyed) return 0;
  const body = Buffer.from(`${JSON.stringify(errorBody(error))}\n`);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) }),
    ...(closes === true ? { Connection: 'close' } : {}),
  });
  response.end(body);
  return body.length;
}

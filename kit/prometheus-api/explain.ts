import { type Asked, type FailureKind, failure, type PrometheusApiError } from './failure.ts';

const limits =
  /too many (?:samples|points)|exceeded maximum resolution|max-?samples|max-?points|max-?chunks|max-?memory|max-estimated|limit.*samples/i;

/** The error for an answer with a status other than 2xx. */
export function explainStatus(asked: Asked, response: Response, body: string): PrometheusApiError {
  const { status } = response;
  const said = serverSays(body);
  const { kind, remedy } = diagnose(status, said, response.headers.get('location'));
  const parts = [`HTTP ${status}`, said, remedy].filter((part) => part !== '');
  return failure(kind, asked, parts.join(': '));
}

interface Diagnosis {
  readonly kind: FailureKind;
  readonly remedy: string;
}

function diagnose(status: number, said: string, location: string | null): Diagnosis {
  if (status >= 300 && status < 400) return redirected(location);
  if (status === 413 || limits.test(said)) return { kind: 'too-large', remedy: askForLess };
  switch (status) {
    case 401:
    case 403:
      return { kind: 'not-allowed', remedy: 'check the bearer token file, or the basic auth user and password' };
    case 404:
    case 405:
      return { kind: 'not-found', remedy: wrongPrefix };
    case 429:
      return { kind: 'too-many-requests', remedy: 'the server limits how often it may be asked' };
    default:
      return status >= 500 ? serverError(said) : { kind: 'rejected', remedy: '' };
  }
}

const askForLess =
  'the query touches more than the server allows; ask for a shorter time or fewer series, or raise the limit (--query.max-samples)';

const wrongPrefix =
  'no Prometheus HTTP API at this path; give the address as it stands before /api/v1, with the path prefix if there is one ' +
  '(Mimir: /prometheus; VictoriaMetrics cluster: /select/0/prometheus)';

function serverError(said: string): Diagnosis {
  const isTimeout = /timed out|timeout|deadline exceeded/i.test(said);
  const remedy = 'the query takes longer than the server allows; make it cheaper, or raise the limit (--query.timeout)';
  return { kind: 'server-error', remedy: isTimeout ? remedy : '' };
}

function redirected(location: string | null): Diagnosis {
  const target = location?.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/, '') ?? 'another address';
  return { kind: 'not-found', remedy: `redirects to ${target}; a login page or a moved server, give its own address` };
}

/** The `error` of the API's JSON, or the start of whatever else a proxy put there. */
function serverSays(body: string): string {
  const text = errorField(body) ?? (looksLikeHtml(body) ? 'an HTML page' : body);
  const oneLine = text.replaceAll(/\s+/g, ' ').trim();
  return oneLine.length <= 300 ? oneLine : `${oneLine.slice(0, 300)}…`;
}

function errorField(body: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null || !('error' in parsed)) return undefined;
    return typeof parsed.error === 'string' ? parsed.error : undefined;
  } catch {
    return undefined;
  }
}

export function looksLikeHtml(body: string): boolean {
  return /^\s*<(?:!doctype|html|head|body)/i.test(body);
}

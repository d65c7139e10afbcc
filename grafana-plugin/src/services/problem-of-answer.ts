import type { Service } from './service';
import { type ProblemKind, ServiceProblem } from './service-problem';

export interface FailedAnswer {
  readonly status: number;
  readonly statusText?: string | undefined;
  /** The parsed body, or text where it is not JSON. */
  readonly data?: unknown;
}

/** At most so much of what a stranger's server says is shown. */
const longestDetail = 300;

/**
 * What an HTTP error means. Grafana's proxy answers 403 and 404 itself with a `message`, and 502 when it cannot connect; our services
 * answer `{ error: { code, message } }`.
 */
export function problemOfAnswer(service: Service, { status, data }: FailedAnswer): ServiceProblem {
  const own = ownError(data);
  const said = own ?? grafanaMessage(data);
  return new ServiceProblem(
    kindOf(status, { isOwn: own !== undefined, message: said }),
    service,
    said?.slice(0, longestDetail),
  );
}

function kindOf(status: number, said: { isOwn: boolean; message: string | undefined }): ProblemKind {
  if (isNotSetUp(said.message)) return 'not_set_up';
  return (said.isOwn ? ownKinds : grafanaKinds)[status] ?? unclearKind(status);
}

/** Grafana has no settings of the app, or no address in them. */
function isNotSetUp(message = ''): boolean {
  return /plugin settings|unsupported protocol scheme|no host in request/i.test(message);
}

const ownKinds: Readonly<Record<number, ProblemKind>> = {
  401: 'token',
  403: 'token',
  404: 'not_found',
  501: 'refused',
};
/** What else stands behind Grafana's proxy, as Alertmanager, is told apart by nothing but its status. */
const grafanaKinds: Readonly<Record<number, ProblemKind>> = { 401: 'signed_out', 403: 'forbidden', 404: 'not_set_up' };

function unclearKind(status: number): ProblemKind {
  if (status === 408 || status === 504) return 'slow';
  if (status === 502 || status <= 0) return 'unreachable';
  return status < 500 ? 'refused' : 'failed';
}

function ownError(data: unknown): string | undefined {
  if (!isRecord(data) || !isRecord(data.error)) return undefined;
  const { message } = data.error;
  return typeof message === 'string' ? message : undefined;
}

function grafanaMessage(data: unknown): string | undefined {
  if (!isRecord(data)) return undefined;
  return typeof data.message === 'string' ? data.message : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

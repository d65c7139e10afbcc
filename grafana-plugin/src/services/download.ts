import { type FetchResponse, getBackendSrv, isFetchError } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';
import { problemOfAnswer } from './problem-of-answer';
import { proxyUrl, type Service } from './service';
import { ServiceProblem } from './service-problem';

export interface Wanted {
  readonly service: Service;
  /** Begins with a slash. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string | undefined>>;
  /** Media type that the file must have; anything else, such as a login page, is refused. */
  readonly type: string;
}

/** A PDF is printed for whoever asks, one at a time. */
const limitMs = 120_000;

/** Fetches a file through Grafana's proxy, which adds the token. Rejects with a ServiceProblem and with nothing else. */
export async function download({ service, path, params, type }: Wanted): Promise<Blob> {
  const abortSignal = AbortSignal.timeout(limitMs);
  const request = {
    url: proxyUrl(service, path),
    method: 'GET',
    params: { ...params },
    responseType: 'blob' as const,
    abortSignal,
    showErrorAlert: false,
    showSuccessAlert: false,
  };
  try {
    const { data }: FetchResponse<Blob> = await lastValueFrom(getBackendSrv().fetch<Blob>(request));
    if (!data.type.startsWith(type)) throw new ServiceProblem('not_json', service, data.type);
    return data;
  } catch (error) {
    if (error instanceof ServiceProblem) throw error;
    if (abortSignal.aborted) throw new ServiceProblem('slow', service);
    if (isFetchError(error)) throw problemOfAnswer(service, { ...error, data: await parsed(error.data) });
    throw new ServiceProblem('unreachable', service, error instanceof Error ? error.message : undefined);
  }
}

/** Who asks for a file gets the error as a file, too. */
async function parsed(data: unknown): Promise<unknown> {
  if (!(data instanceof Blob)) return data;
  try {
    return JSON.parse(await data.text());
  } catch {
    return undefined;
  }
}

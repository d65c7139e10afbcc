import { type FetchResponse, getBackendSrv, isFetchError } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';
import { problemOfAnswer } from './problem-of-answer';
import { proxyUrl, type Service } from './service';
import { ServiceProblem } from './service-problem';

export interface Question<T> {
  readonly service: Service;
  /** Begins with a slash and is there in plain sight; what came from outside belongs into `params`. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** Makes what is needed out of the parsed answer; it throws where that is not what the service promises. */
  readonly read: (answer: unknown) => T;
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
}

/** Beyond it people have looked elsewhere. */
const limitMs = 30_000;

/** Asks a service through Grafana's proxy. Rejects with a ServiceProblem and with nothing else, or with AbortError once `signal` has ended. */
export async function ask<T>(question: Question<T>, signal?: AbortSignal): Promise<T> {
  const { service, read } = question;
  const data = await answerTo(question, signal);
  if (typeof data === 'string' && data !== '') throw new ServiceProblem('not_json', service, firstLineOf(data));
  try {
    return read(data);
  } catch (error) {
    throw new ServiceProblem('not_json', service, error instanceof Error ? error.message : String(error));
  }
}

async function answerTo(
  { service, path, params, method = 'GET', body }: Question<unknown>,
  signal?: AbortSignal,
): Promise<unknown> {
  const timedOut = AbortSignal.timeout(limitMs);
  const abortSignal = signal === undefined ? timedOut : AbortSignal.any([signal, timedOut]);
  const request = {
    url: proxyUrl(service, path),
    method,
    params: { ...params },
    data: body,
    abortSignal,
    showErrorAlert: false,
    showSuccessAlert: false,
  };
  try {
    const response: FetchResponse<unknown> = await lastValueFrom(getBackendSrv().fetch<unknown>(request));
    return response.data;
  } catch (error) {
    signal?.throwIfAborted();
    if (timedOut.aborted) throw new ServiceProblem('slow', service);
    if (isFetchError(error)) throw problemOfAnswer(service, error);
    throw new ServiceProblem('unreachable', service, error instanceof Error ? error.message : undefined);
  }
}

function firstLineOf(text: string): string {
  return text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 120);
}

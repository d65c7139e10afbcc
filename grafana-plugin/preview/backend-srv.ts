import type { BackendSrv, BackendSrvRequest, FetchError, FetchResponse } from '@grafana/runtime';
import { config as runtimeConfig } from '@grafana/runtime';
import { from, lastValueFrom, type Observable } from 'rxjs';

/** Grafana's HTTP client: an error status throws `{ status, statusText, data, config }`. */
export function backendSrv(): BackendSrv {
  const send =
    <T>(method: string) =>
    (url: string, data?: unknown, _requestId?: string, more?: Partial<BackendSrvRequest>) =>
      lastValueFrom(fetchOf<T>({ url, method, data, ...more })).then((response) => response.data);
  return {
    fetch: fetchOf,
    get: (url: string, params?: BackendSrvRequest['params'], _requestId?: string, more?: Partial<BackendSrvRequest>) =>
      lastValueFrom(fetchOf({ url, params, ...more })).then((response) => response.data),
    delete: send('DELETE'),
    patch: send('PATCH'),
    post: send('POST'),
    put: send('PUT'),
    request: (request: BackendSrvRequest) => lastValueFrom(fetchOf(request)).then((response) => response.data),
    datasourceRequest: (request: BackendSrvRequest) => lastValueFrom(fetchOf(request)),
    resolveCancelerIfExists: () => {},
  } as unknown as BackendSrv;
}

function fetchOf<T>(config: BackendSrvRequest): Observable<FetchResponse<T>> {
  return from(requestOf<T>(config));
}

async function requestOf<T>(config: BackendSrvRequest): Promise<FetchResponse<T>> {
  const { method = 'GET', data, headers, abortSignal, responseType } = config;
  const url = withParams(config.url, config.params);
  const response = await fetch(url, {
    method,
    headers: {
      ...(data === undefined ? {} : { 'Content-Type': 'application/json' }),
      'X-Preview-Role': runtimeConfig.bootData.user.orgRole,
      ...headers,
    },
    body: data === undefined ? undefined : typeof data === 'string' ? data : JSON.stringify(data),
    signal: abortSignal,
  }).catch((error: unknown) => {
    throw fetchError({ status: -1, statusText: String(error), data: { message: String(error) }, config });
  });
  const { ok, status, statusText } = response;
  const body = await bodyOf(response, ok ? responseType : undefined);
  if (!ok) throw fetchError({ status, statusText, data: body, config });
  return {
    data: body as T,
    ok,
    status,
    statusText,
    headers: response.headers,
    url,
    redirected: response.redirected,
    type: response.type,
    config,
  };
}

function fetchError(told: FetchError): Error {
  return Object.assign(new Error(`${told.status} ${told.statusText}`), told);
}

async function bodyOf(response: Response, type: BackendSrvRequest['responseType']): Promise<unknown> {
  if (type === 'blob') return response.blob();
  if (type === 'arraybuffer') return response.arrayBuffer();
  const text = await response.text();
  if (type === 'text') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function withParams(url: string, params: BackendSrvRequest['params'] = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined || value === null) continue;
    for (const each of Array.isArray(value) ? value : [value]) search.append(name, String(each));
  }
  const text = search.toString();
  return text === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${text}`;
}

import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from './clock.ts';
import { columnsWithin, joinColumns, parseColumns } from './prometheus-api/columns.ts';
import { type BasicAuth, parseAddress } from './prometheus-api/credentials.ts';
import { describeQuery } from './prometheus-api/failure.ts';
import { fetchPages, joinPages, maxPointsPerSeries, pagesOf, type Span, within } from './prometheus-api/paging.ts';
import { parseInstant, parseMatrix, parseSeries } from './prometheus-api/parse-data.ts';
import { parseAlerts, parseRules, parseTargets } from './prometheus-api/parse-state.ts';
import { defaultRetryPolicy, type RetryPolicy } from './prometheus-api/retry.ts';
import { scanMatrix } from './prometheus-api/scan-matrix.ts';
import { type Call, createTransport, type TransportDeps } from './prometheus-api/transport.ts';
import type {
  Alert,
  ColumnsResult,
  InstantResult,
  RangeResult,
  RuleGroup,
  SeriesResult,
  Target,
  TimeWindow,
} from './prometheus-api/types.ts';

export { PrometheusApiError } from './prometheus-api/failure.ts';
export type * from './prometheus-api/types.ts';

interface CallOptions {
  /** Ends the call early; a paged call stops between or within its pages. */
  readonly signal?: AbortSignal;
}

/** The HTTP API of Prometheus, Thanos, Mimir and VictoriaMetrics. Fails with a SourceError. */
export interface PrometheusApi {
  /** An instant vector or a scalar; the server's own time when none is given. */
  query(expr: string, options?: CallOptions & { readonly timeSeconds?: number }): Promise<InstantResult>;
  /** Any number of points: fetched in pages. Times and step are rounded to milliseconds. */
  queryRange(expr: string, options: CallOptions & TimeWindow & { readonly stepSeconds: number }): Promise<RangeResult>;
  /** As `queryRange`, in columns: for very many points. Times and step are whole milliseconds; both ends belong to it. */
  rangeColumns(
    expr: string,
    options: CallOptions & ColumnsWindow & { readonly stepMs: number },
  ): Promise<ColumnsResult>;
  /** The samples as they were scraped, after `startSeconds` up to and including `endSeconds`: fetched in pages. */
  rawSamples(selector: string, options: CallOptions & TimeWindow): Promise<RangeResult>;
  /**
   * The samples as they were scraped, from `startMs` up to, and without, `endMs`, in columns: for very many of them. Fetched in pages.
   * Times are whole milliseconds.
   */
  rawColumns(selector: string, options: CallOptions & ColumnsWindow): Promise<ColumnsResult>;
  /** The label sets that any of the selectors matches. */
  series(matchers: readonly string[], options: CallOptions & TimeWindow): Promise<SeriesResult>;
  targets(options?: CallOptions): Promise<readonly Target[]>;
  alerts(options?: CallOptions): Promise<readonly Alert[]>;
  rules(options?: CallOptions): Promise<readonly RuleGroup[]>;
}

export interface ColumnsWindow {
  readonly startMs: number;
  readonly endMs: number;
}

export interface PrometheusApiSettings extends Partial<TransportDeps> {
  /** Up to, and without, `/api/v1`. */
  readonly url: string;
  readonly basicAuth?: BasicAuth;
  readonly bearerTokenFile?: string;
  /** Such as `X-Scope-OrgID` for Mimir. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For one page of a call, with all its retries. */
  readonly timeoutMs?: number;
  readonly maxResponseBytes?: number;
  /** How much time one request for raw samples covers, unless the answer is too large. */
  readonly rawPageSeconds?: number;
  readonly retry?: RetryPolicy;
}

export function createPrometheusApi(settings: PrometheusApiSettings): PrometheusApi {
  const { timeoutMs = 30_000, rawPageSeconds = 3600 } = settings;
  const address = parseAddress(settings.url);
  const send = createTransport(
    {
      address,
      basicAuth: settings.basicAuth ?? address.basicAuth,
      bearerTokenFile: settings.bearerTokenFile,
      headers: settings.headers ?? {},
      timeoutMs,
      maxResponseBytes: settings.maxResponseBytes ?? 64 * 1024 * 1024,
      retry: settings.retry ?? defaultRetryPolicy,
    },
    { ...systemDeps, ...settings },
  );

  /** `timeout` makes the server stop working on a query that nobody waits for any more. */
  const post = <T>(path: string, call: Omit<Call<T>, 'method' | 'path'>) =>
    send({ ...call, method: 'POST', path, params: [...call.params, ['timeout', `${timeoutMs}ms`]] });
  const get = <T>(path: string, what: string, parse: Call<T>['parse'], { signal }: CallOptions = {}) =>
    send({ method: 'GET', path, params: [], what, parse, signal });

  const instant = <T>(expr: string, timeMs: number | undefined, parse: Call<T>['parse'], { signal }: CallOptions) => {
    const time: Call<T>['params'] = timeMs === undefined ? [] : [['time', seconds(timeMs)]];
    const what = `query ${describeQuery(expr)}`;
    return post(path.query, { params: [['query', expr], ...time, noCache], what, parse, signal });
  };

  return {
    query: (expr, options = {}) => {
      const timeMs = options.timeSeconds === undefined ? undefined : toMs(options.timeSeconds, 'timeSeconds');
      return instant(expr, timeMs, parseInstant, options);
    },

    queryRange: async (expr, { startSeconds, endSeconds, stepSeconds, signal }) => {
      const { startMs, endMs } = windowMs({ startSeconds, endSeconds });
      const stepMs = toMs(stepSeconds, 'stepSeconds');
      if (stepMs <= 0) throw new RangeError(`stepSeconds must be at least 0.001, got ${stepSeconds}`);
      // Pages are counted in points, so that each begins one step after the one before it ended.
      const points = { first: 0, last: Math.floor((endMs - startMs) / stepMs) };
      const fetchPage = ({ first, last }: Span) => {
        const params: Call<RangeResult>['params'] = [
          ['query', expr],
          ['start', seconds(startMs + first * stepMs)],
          ['end', seconds(startMs + last * stepMs)],
          ['step', seconds(stepMs)],
          noCache,
        ];
        return post(path.range, { params, what: `range query ${describeQuery(expr)}`, parse: parseMatrix, signal });
      };
      return joinPages(await fetchPages(pagesOf(points, maxPointsPerSeries), fetchPage));
    },

    rangeColumns: async (expr, { startMs, endMs, stepMs, signal }) => {
      checkColumns({ startMs, endMs });
      if (!Number.isInteger(stepMs) || stepMs <= 0)
        throw new RangeError(`stepMs must be a whole number above 0, got ${stepMs}`);
      const points = { first: 0, last: Math.floor((endMs - startMs) / stepMs) };
      const fetchPage = ({ first, last }: Span) =>
        post<ColumnsResult>(path.range, {
          params: [
            ['query', expr],
            ['start', seconds(startMs + first * stepMs)],
            ['end', seconds(startMs + last * stepMs)],
            ['step', seconds(stepMs)],
            noCache,
          ],
          what: `range query ${describeQuery(expr)}`,
          scan: scanMatrix,
          parse: parseColumns,
          signal,
        });
      return joinColumns(await fetchPages(pagesOf(points, maxPointsPerSeries), fetchPage));
    },

    rawSamples: async (selector, { startSeconds, endSeconds, ...options }) => {
      const { startMs, endMs } = windowMs({ startSeconds, endSeconds });
      // In whole milliseconds, (start, end] is the same as [start + 1, end].
      const pages = pagesOf({ first: startMs + 1, last: endMs }, Math.max(1, toMs(rawPageSeconds, 'rawPageSeconds')));
      const fetchPage = async ({ first, last }: Span) => {
        const result = await instant(`${selector}[${last - first + 1}ms]`, last, parseMatrix, options);
        return within(result, first - 1, last);
      };
      return joinPages(await fetchPages(pages, fetchPage));
    },

    rawColumns: async (selector, { startMs, endMs, signal }) => {
      checkColumns({ startMs, endMs });
      const pages = pagesOf({ first: startMs, last: endMs - 1 }, Math.max(1, toMs(rawPageSeconds, 'rawPageSeconds')));
      const fetchPage = async ({ first, last }: Span) => {
        const expr = `${selector}[${last - first + 1}ms]`;
        const result = await post<ColumnsResult>(path.query, {
          params: [['query', expr], ['time', seconds(last)], noCache],
          what: `query ${describeQuery(expr)}`,
          scan: scanMatrix,
          parse: parseColumns,
          signal,
        });
        return columnsWithin(result, first, last + 1);
      };
      return joinColumns(await fetchPages(pages, fetchPage));
    },

    series: (matchers, { signal, ...window }) => {
      const { startMs, endMs } = windowMs(window);
      const selectors = matchers.map((matcher): [string, string] => ['match[]', matcher]);
      const params: Call<SeriesResult>['params'] = [...selectors, ['start', seconds(startMs)], ['end', seconds(endMs)]];
      const what = `series ${describeQuery(matchers.join(', '))}`;
      return post(path.series, { params, what, parse: parseSeries, signal });
    },

    targets: (options) => get(path.targets, 'targets', parseTargets, options),
    alerts: (options) => get(path.alerts, 'alerts', parseAlerts, options),
    rules: (options) => get(path.rules, 'rules', parseRules, options),
  };
}

const path = {
  query: '/api/v1/query',
  range: '/api/v1/query_range',
  series: '/api/v1/series',
  targets: '/api/v1/targets',
  alerts: '/api/v1/alerts',
  rules: '/api/v1/rules',
};

/** VictoriaMetrics moves start and end to multiples of the step unless it is told not to cache; others ignore it. */
const noCache = ['nocache', '1'] as const;

const systemDeps: TransportDeps = {
  fetch: (url, init) => fetch(url, init),
  readFile: (file) => readFile(file, 'utf8'),
  clock: systemClock,
  random: Math.random,
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, { signal });
  },
};

function windowMs({ startSeconds, endSeconds }: TimeWindow): { startMs: number; endMs: number } {
  const startMs = toMs(startSeconds, 'startSeconds');
  const endMs = toMs(endSeconds, 'endSeconds');
  if (endMs < startMs) throw new RangeError(`endSeconds ${endSeconds} is before startSeconds ${startSeconds}`);
  return { startMs, endMs };
}

function checkColumns({ startMs, endMs }: ColumnsWindow): void {
  if (!Number.isInteger(startMs) || !Number.isInteger(endMs) || endMs < startMs)
    throw new RangeError(`the window must be whole milliseconds in order, got ${startMs} to ${endMs}`);
}

function toMs(value: number, name: string): number {
  if (!Number.isFinite(value)) throw new RangeError(`${name} must be a number of seconds, got ${value}`);
  return Math.round(value * 1000);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

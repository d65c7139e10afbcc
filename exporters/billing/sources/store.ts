import { SourceError } from '../../../kit/errors.ts';
import { saidIncomplete } from '../../../kit/prometheus-api/incomplete.ts';
import {
  createPrometheusApi,
  type InstantSample,
  type Labels,
  type PrometheusApi,
  type PrometheusApiSettings,
} from '../../../kit/prometheus-api.ts';
import type { RawSeries } from '../metering/accrual.ts';
import type { Span } from '../span.ts';
import { equals, narrowed, type ReadFile } from './config/fields.ts';
import { recordedSelector } from './config/recorded.ts';
import type { BillingSource } from './config/source.ts';

/** The series of one cluster in one replica of a store. Every answer is whole, or it is an error. */
export interface Store {
  readonly source: BillingSource;
  readonly cluster: string;
  /** For messages and evidence: name of the source, and the replica where there are several. */
  readonly shown: string;
  /** Raw samples in [startMs, endMs), NaN and infinite ones left out. `more` are further matchers. */
  readonly columns: (selector: string, span: Span, more?: readonly string[]) => Promise<readonly RawSeries[]>;
  /** At `atMs`; `expr` gets the selector with the matchers of the cluster. */
  readonly instant: (expr: (select: Select) => string, atMs: number) => Promise<readonly InstantSample[]>;
  /** Label sets that were there at some time. Stores may also give some that were there a while before or after. */
  readonly labelSets: (selector: string, span: Span) => Promise<readonly Labels[]>;
  readonly evidence: Evidence;
  readonly signal: AbortSignal | undefined;
}

export type Select = (selector: string, more?: readonly string[]) => string;

/** What was asked and how much came, for whoever audits. */
export interface Evidence {
  readonly queries: Set<string>;
  samples: number;
  /** Values that were NaN or infinite. */
  unusable: number;
}

export interface StoreDeps {
  readonly createApi: (settings: PrometheusApiSettings) => PrometheusApi;
  readonly readFile: ReadFile;
  readonly nowMs: () => number;
}

export const storeDeps = (readFile: ReadFile): StoreDeps => ({
  createApi: createPrometheusApi,
  readFile,
  nowMs: Date.now,
});

const maxQueries = 50;

export function newEvidence(): Evidence {
  return { queries: new Set(), samples: 0, unusable: 0 };
}

/** For each address one API. Thanos is told to fail rather than to leave out, and to give what was scraped rather than an average. */
export function apisOf(source: BillingSource, { createApi, readFile }: StoreDeps): readonly PrometheusApi[] {
  const { tokenFile, user, headers, limits } = source;
  return source.urls.map((address) => {
    const url = new URL(address);
    url.searchParams.set('max_source_resolution', '0s');
    url.searchParams.set('partial_response', 'false');
    return createApi({
      url: url.href,
      headers,
      timeoutMs: limits.timeoutMs,
      maxResponseBytes: limits.maxResponseBytes,
      rawPageSeconds: 6 * 3600,
      ...(tokenFile === undefined ? {} : { bearerTokenFile: tokenFile }),
      ...(user === undefined
        ? {}
        : { basicAuth: { username: user.name, password: readFile(user.passwordFile).trim() } }),
    });
  });
}

export interface StoreSpec {
  readonly source: BillingSource;
  readonly api: PrometheusApi;
  readonly cluster: string;
  readonly shown: string;
  /** Matcher of the replica in a store that holds several. */
  readonly replica: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly evidence: Evidence;
}

export function openStore({ source, api, cluster, shown, replica, signal, evidence }: StoreSpec): Store {
  const own = [
    source.match,
    source.clusters.kind === 'labelled' ? equals(source.clusters.label, cluster) : '',
    replica ?? '',
  ].filter((each) => each !== '');
  const select: Select = (selector, more = []) =>
    narrowed(source.recorded ? recordedSelector(selector) : selector, [...own, ...more]);
  const stop = signal === undefined ? {} : { signal };

  function note(query: string, samples: number): void {
    if (evidence.queries.size < maxQueries) evidence.queries.add(query);
    evidence.samples += samples;
    if (evidence.samples <= source.limits.maxSamples) return;
    throw new SourceError(
      `${shown}: more than ${source.limits.maxSamples} samples for one call; raise max_samples or read fewer windows at once`,
    );
  }

  return {
    source,
    cluster,
    shown,
    evidence,
    signal,
    columns: async (selector, { startMs, endMs }, more) => {
      const result = await api.rawColumns(select(selector, more), { startMs, endMs, ...stop });
      refuseIncomplete(result, shown, selector);
      note(
        select(selector),
        result.series.reduce((sum, { timesMs }) => sum + timesMs.length, 0),
      );
      return result.series.map((series) => usable(series, evidence)).filter(({ timesMs }) => timesMs.length > 0);
    },
    instant: async (expr, atMs) => {
      const result = await api.query(expr(select), { timeSeconds: atMs / 1000, ...stop });
      const query = expr((selector) => select(selector));
      refuseIncomplete(result, shown, query);
      note(query, result.samples.length);
      return result.samples;
    },
    labelSets: async (selector, { startMs, endMs }) => {
      const window = { startSeconds: startMs / 1000, endSeconds: endMs / 1000 };
      const result = await api.series([select(selector)], { ...window, ...stop });
      refuseIncomplete(result, shown, selector);
      note(select(selector), 0);
      return result.series;
    },
  };
}

/** Money is not made of what is known to be incomplete. */
export function refuseIncomplete(result: Parameters<typeof saidIncomplete>[0], shown: string, what: string): void {
  const said = saidIncomplete(result);
  if (said === undefined) return;
  const reason = said === '' ? '' : `: ${said}`;
  throw new SourceError(`${shown}: the answer for ${what.slice(0, 200)} is not complete, so it is not billed${reason}`);
}

/** Without NaN and infinities; the same series where there are none. */
function usable(series: RawSeries, evidence: Evidence): RawSeries {
  const bad = series.values.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
  if (bad === 0) return series;
  evidence.unusable += bad;
  const isGood = (_: number, index: number): boolean => Number.isFinite(series.values[index]);
  return { labels: series.labels, timesMs: series.timesMs.filter(isGood), values: series.values.filter(isGood) };
}

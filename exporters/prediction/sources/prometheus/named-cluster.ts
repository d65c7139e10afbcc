import type { InstantSample, Labels, PrometheusApi } from '../../../../kit/prometheus-api.ts';
import type { HistoryApi } from './history-api.ts';

/** Series that lack the label of their cluster are of this one. Undefined where all have it. */
export interface ClusterName {
  readonly label: string;
  readonly name: string | undefined;
}

export function namedHistory(api: HistoryApi, cluster: ClusterName): HistoryApi {
  if (cluster.name === undefined) return api;
  return {
    ...api,
    range: async (expr, span, signal) => (await api.range(expr, span, signal)).map((each) => named(each, cluster)),
    raw: async (selector, span, signal) => (await api.raw(selector, span, signal)).map((each) => named(each, cluster)),
  };
}

/** What is asked at a moment, and in short ranges. */
export type InstantApi = Pick<PrometheusApi, 'query' | 'queryRange'>;

export function namedInstant(api: InstantApi, cluster: ClusterName): InstantApi {
  if (cluster.name === undefined) return api;
  return {
    query: async (expr, options) => {
      const result = await api.query(expr, options);
      return { ...result, samples: result.samples.map((each): InstantSample => named(each, cluster)) };
    },
    queryRange: async (expr, options) => {
      const result = await api.queryRange(expr, options);
      return { ...result, series: result.series.map((each) => named(each, cluster)) };
    },
  };
}

function named<T extends { readonly labels: Labels }>(series: T, { label, name = '' }: ClusterName): T {
  if (series.labels[label] !== undefined && series.labels[label] !== '') return series;
  return { ...series, labels: { ...series.labels, [label]: name } };
}

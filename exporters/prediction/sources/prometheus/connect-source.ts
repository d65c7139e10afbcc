import { createPrometheusApi, type PrometheusApiSettings } from '../../../../kit/prometheus-api.ts';
import type { PredictionSource } from '../../prediction-file/source.ts';
import { createHistoryApi, type HistoryApi } from './history-api.ts';
import { type InstantApi, namedHistory, namedInstant } from './named-cluster.ts';
import { wholeInstant } from './refuse-incomplete.ts';

/** A source that can be asked. Every answer is whole, or it is a SourceError. */
export interface ConnectedSource {
  readonly history: HistoryApi;
  readonly now: InstantApi;
}

export function connectSource(source: PredictionSource, readFile: (path: string) => string): ConnectedSource {
  const { labels, cluster, tokenFile, user, headers, timeoutMs } = source;
  const url = new URL(source.url);
  // Thanos fails rather than leaves out.
  url.searchParams.set('partial_response', 'false');
  const settings: PrometheusApiSettings = {
    url: url.href,
    headers,
    timeoutMs,
    ...(tokenFile === undefined ? {} : { bearerTokenFile: tokenFile }),
    ...(user === undefined ? {} : { basicAuth: { username: user.name, password: readFile(user.passwordFile).trim() } }),
  };
  const named = { label: labels.cluster, name: cluster };
  return {
    history: namedHistory(createHistoryApi(settings), named),
    now: namedInstant(wholeInstant(createPrometheusApi(settings)), named),
  };
}

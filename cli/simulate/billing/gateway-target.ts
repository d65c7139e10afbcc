import type { Span } from '../../../exporters/billing/span.ts';
import { simulatedTenants } from '../inference/simulated-tenants.ts';
import { chancesOf } from './chances.ts';
import type { Month, MonthKey } from './month.ts';
import { headsOf, type ScrapeTarget } from './series.ts';
import { intersect, lengthMs } from './spans.ts';

const hour = 3_600_000;

/** What one tenant asked of one model. */
export interface Stream {
  readonly tenant: string;
  readonly model: string;
  readonly requestsPerSecond: number;
  readonly promptTokens: number;
  readonly answerTokens: number;
}

export const servedKinds = ['requests', 'input', 'generated'] as const;
export type ServedKind = (typeof servedKinds)[number];

/** As the traffic of the simulated tenants is on average. */
export function simulatedStreams({ seed }: Pick<MonthKey, 'seed'>): readonly Stream[] {
  return simulatedTenants({ seed, nodes: 1, gpus: 1, scenario: 'healthy' }).flatMap(({ name, traffic }) => {
    if (traffic === undefined) return [];
    const all = traffic.models.reduce((sum, { share }) => sum + share, 0);
    return traffic.models.map(({ name: model, share }) => ({
      tenant: name,
      model,
      requestsPerSecond: (traffic.requestsPerSecond * share) / all,
      promptTokens: traffic.promptTokens,
      answerTokens: traffic.answerTokens,
    }));
  });
}

/** How many there were since the month began: more by day than by night, and whole ones. */
export function servedUntil(stream: Stream, kind: ServedKind, { startMs }: Span, atMs: number): number {
  const seconds = (atMs - startMs) / 1000;
  const turn = (2 * Math.PI) / 86_400;
  const wave = (0.6 / turn) * (1 - Math.cos(turn * seconds));
  const requests = Math.floor(stream.requestsPerSecond * (seconds + wave));
  if (kind === 'requests') return requests;
  return requests * (kind === 'input' ? stream.promptTokens : stream.answerTokens);
}

/** When the gateway ran; each time it starts its counters begin anew. */
export function gatewayLives({ seed, span }: MonthKey): readonly Span[] {
  const chances = chancesOf(seed, 5);
  const mean = Math.min(96 * hour, (span.endMs - span.startMs) / 3);
  const lives: Span[] = [];
  let startMs = span.startMs;
  for (let at = startMs + chances.after(mean); at < span.endMs - 60_000; at = startMs + 60_000 + chances.after(mean)) {
    const endMs = Math.round(at / 1000) * 1000;
    lives.push({ startMs, endMs });
    startMs = endMs + Math.round(chances.between(2, 20)) * 1000;
  }
  return [...lives, { startMs, endMs: span.endMs }];
}

/** What was served while the gateway ran. */
export function served(month: Month, stream: Stream, kind: ServedKind, span: Span): number {
  const parts = intersect(gatewayLives(month.key), [span]);
  if (lengthMs(parts) === 0) return 0;
  const until = (atMs: number): number => servedUntil(stream, kind, month.key.span, atMs);
  return parts.reduce((sum, { startMs, endMs }) => sum + until(endMs) - until(startMs), 0);
}

const metricOf = {
  requests: 'inference_requests_total',
  input: 'inference_tokens_input_total',
  generated: 'inference_tokens_generated_total',
} as const;

/** The inference exporter with its proxy. */
export function gatewayTarget(month: Month, replicas: readonly string[]): ScrapeTarget {
  const { key, cluster } = month;
  const instance = 'sim-gateway:9411';
  const job = 'fleetlens-inference';
  const head = headsOf({ cluster, node: 'sim-gateway', job, instance }, replicas);
  const lives = gatewayLives(key);
  const startHead = head('process_start_time_seconds', {});
  const counters = simulatedStreams(key).flatMap((stream) =>
    servedKinds.map((kind) => {
      const status = kind === 'requests' ? { status: 'success', reason: '' } : {};
      const labels = { engine_kind: 'proxy', model_name: stream.model, tenant: stream.tenant, ...status };
      return { stream, kind, head: head(metricOf[kind], labels) };
    }),
  );
  return {
    job,
    instance,
    up: head('up', {}),
    scrape: (atMs, emit) => {
      const life = lives.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);
      if (life === undefined) return false;
      emit(startHead, life.startMs / 1000);
      for (const { stream, kind, head: each } of counters) {
        const until = (ms: number): number => servedUntil(stream, kind, key.span, ms);
        emit(each, until(atMs) - until(life.startMs));
      }
      return true;
    },
  };
}

import type { Span } from '../../exporters/billing/span.ts';
import { reasonOf } from '../../kit/errors.ts';
import { createPrometheusApi, type PrometheusApi } from '../../kit/prometheus-api.ts';
import type { Screen } from './screen.ts';

const refreshSeconds = 2;
const money = { minimumFractionDigits: 2, maximumFractionDigits: 2 } as const;

export interface Watch {
  readonly stop: () => void;
}

/** Keeps the status line up to date: time, targets, GPUs, training runs, LLM requests, how much of the history is metered, what it costs, series, alerts. */
export function startWatch(prometheusUrl: string, screen: Screen, history?: Span): Watch {
  const api = createPrometheusApi({ url: prometheusUrl, timeoutMs: 1500 });
  const started = Date.now();
  const timer = setInterval(() => void refresh(), refreshSeconds * 1000);

  async function refresh(): Promise<void> {
    const line = await statusLine(api, history).catch((error: unknown) => reasonOf(error));
    screen.status(`${clock((Date.now() - started) / 1000)}  ${line}`);
  }

  return { stop: () => clearInterval(timer) };
}

async function statusLine(api: PrometheusApi, history: Span | undefined): Promise<string> {
  const [targets, alerts, gpus, runs, requests, series, costs, meteredUntil] = await Promise.all([
    api.targets(),
    api.alerts(),
    scalar(api, 'sum(gpu_up)'),
    scalar(api, 'sum(training_runs)'),
    scalar(api, 'sum(rate(inference_requests_total{engine_kind="proxy"}[1m]))'),
    scalar(api, 'sum(scrape_samples_post_metric_relabeling{job=~"fleetlens-.+"})'),
    api.query('sum by (currency) (billing_period_cost) > 0'),
    history === undefined ? undefined : scalar(api, 'min(billing_metered_until_timestamp_seconds)'),
  ]);
  if (targets.length === 0) return 'waiting for the first scrape';
  const up = targets.filter(({ health }) => health === 'up').length;
  const shown = alerts.filter(({ labels }) => labels['severity'] !== 'none');
  const firing = shown.filter(({ state }) => state === 'firing').length;
  const pending = shown.filter(({ state }) => state === 'pending').length;
  return [
    `${up}/${targets.length} targets up`,
    `${gpus ?? 0} GPUs up`,
    `${runs ?? 0} training runs`,
    ...(requests === undefined ? [] : [`${Math.round(requests)} LLM requests/s`]),
    ...meteredPart(history, meteredUntil),
    ...costs.samples.map(
      ({ labels, value }) => `${value.toLocaleString('en', money)} ${labels['currency'] ?? ''} so far`,
    ),
    `${(series ?? 0).toLocaleString('en')} series`,
    `${firing} firing, ${pending} pending`,
    'Ctrl-C stops',
  ].join(' · ');
}

/** Nothing once all but the last windows are metered. */
export function meteredPart(history: Span | undefined, untilSeconds: number | undefined): readonly string[] {
  if (history === undefined) return [];
  const { startMs, endMs } = history;
  const done = ((untilSeconds ?? 0) * 1000 - startMs) / (endMs - startMs);
  const percent = Math.floor(100 * Math.max(0, done));
  return percent >= 99 ? [] : [`history ${percent} % metered`];
}

async function scalar(api: PrometheusApi, expr: string): Promise<number | undefined> {
  const { samples } = await api.query(expr);
  return samples[0]?.value;
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`;
}

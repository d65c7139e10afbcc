import { collectDefaultMetrics, Registry } from 'prom-client';
import { fleetlens } from '../metrics/fleetlens.ts';
import type { Clock } from './clock.ts';
import { counterOf, gaugeOf, histogramOf, registryFamilies } from './exposition/prom-client.ts';
import { createSampleWriter, type Family } from './exposition/samples.ts';

/** Statistics over a histogram of the event loop that cost as much at every scrape as all other metrics of the process together. */
const lagMetrics = ['', '_min', '_max', '_mean', '_stddev', '_p50', '_p90', '_p99'].map((part) =>
  part === '' ? 'nodejs_eventloop_lag_seconds' : `nodejs_eventloop_lag${part}_seconds`,
);

/** What a daemon says about itself: process metrics, build, configuration, HTTP. */
export interface SelfMetrics {
  readonly registry: Registry;
  readonly rejected: (reason: string) => void;
  readonly configLoaded: (successful: boolean) => void;
  readonly rendered: (seconds: number) => void;
  readonly families: () => Promise<readonly Family[]>;
}

/** Gauges of prom-client that are named like counters, and add up what others show by type. */
const sumsOfOthers = ['nodejs_active_resources_total', 'nodejs_active_handles_total', 'nodejs_active_requests_total'];

export function createSelfMetrics(
  build: { readonly daemon: string; readonly version: string },
  clock: Clock,
): SelfMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of lagMetrics) registry.removeSingleMetric(name);
  for (const name of sumsOfOthers) registry.removeSingleMetric(name);
  const rejected = counterOf(registry, fleetlens.fleetlens_http_requests_rejected_total);
  for (const reason of ['concurrency', 'unauthorized']) rejected.inc({ reason }, 0);
  const reloadSuccessful = gaugeOf(registry, fleetlens.fleetlens_config_last_reload_successful);
  const reloadTime = gaugeOf(registry, fleetlens.fleetlens_config_last_reload_success_timestamp_seconds);
  const renderSeconds = histogramOf(registry, fleetlens.fleetlens_scrape_render_seconds);
  const { emit, families } = createSampleWriter(fleetlens);
  emit('fleetlens_build_info', { ...build, nodejs: process.versions.node }, 1);
  const fixed = families();
  return {
    registry,
    rejected: (reason) => rejected.inc({ reason }),
    configLoaded: (successful) => {
      reloadSuccessful.set(successful ? 1 : 0);
      if (successful) reloadTime.set(clock.now());
    },
    rendered: (seconds) => renderSeconds.observe(seconds),
    families: async () => [...fixed, ...(await registryFamilies(registry))],
  };
}

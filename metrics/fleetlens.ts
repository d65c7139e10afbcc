import { defineMetrics } from './define.ts';

/** What every FleetLens daemon says about itself. */
export const fleetlens = defineMetrics('fleetlens', {
  fleetlens_build_info: {
    kind: 'info',
    unit: 'none',
    help: 'The running daemon and its versions.',
    labels: ['daemon', 'version', 'nodejs'],
  },
  fleetlens_collector_success: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if the last run of the collector gave everything it should, 0 if something failed.',
    labels: ['collector'],
  },
  fleetlens_collector_duration_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'Time that the last run of the collector took.',
    labels: ['collector'],
  },
  fleetlens_last_collect_timestamp_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'When the readings that this scrape shows were taken, as Unix time.',
    labels: [],
  },
  fleetlens_snapshot_age_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'Age of the readings at the time of the scrape.',
    labels: [],
  },
  fleetlens_config_last_reload_successful: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if the last load of the configuration succeeded, 0 if it failed and the old one is in force.',
    labels: [],
  },
  fleetlens_config_last_reload_success_timestamp_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'When the configuration was last loaded successfully, as Unix time.',
    labels: [],
  },
  fleetlens_config_unknown_fields: {
    kind: 'gauge',
    unit: 'none',
    help: 'Rows of the counters file of dcgm-exporter that name something that cannot be shown; absent without such a file.',
    labels: [],
  },
  fleetlens_http_requests_rejected_total: {
    kind: 'counter',
    unit: 'none',
    help: 'HTTP requests that were turned away, by reason: concurrency, unauthorized.',
    labels: ['reason'],
  },
  fleetlens_scrape_render_seconds: {
    kind: 'histogram',
    unit: 'seconds',
    help: 'Time to render one answer to a scrape, without sending it.',
    labels: [],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
  },
});

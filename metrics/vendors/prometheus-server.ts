import { defineMetrics } from '../define.ts';

/** Series of Prometheus about its storage, its scrapes and the way to Alertmanager. More of them stand in metrics/external.ts. */
export const prometheusServer = defineMetrics('external:prometheus', {
  prometheus_config_last_reload_successful: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if the last load of the configuration succeeded.',
    labels: [],
  },
  prometheus_rule_group_iterations_missed_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Evaluations of a rule group that were skipped because one before took too long.',
    labels: ['rule_group'],
  },
  prometheus_notifications_alertmanagers_discovered: {
    kind: 'gauge',
    unit: 'none',
    help: 'Alertmanagers that Prometheus knows.',
    labels: [],
  },
  prometheus_notifications_sent_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Alerts that were sent to an Alertmanager.',
    labels: ['alertmanager'],
  },
  prometheus_notifications_errors_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Alerts that an Alertmanager did not take.',
    labels: ['alertmanager'],
  },
  prometheus_notifications_dropped_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Alerts that reached no Alertmanager.',
    labels: [],
  },
  prometheus_notifications_queue_length: {
    kind: 'gauge',
    unit: 'none',
    help: 'Alerts that wait to be sent.',
    labels: [],
  },
  prometheus_notifications_queue_capacity: { kind: 'gauge', unit: 'none', help: 'Alerts that may wait.', labels: [] },
  prometheus_remote_storage_queue_highest_sent_timestamp_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'Time of the newest sample that remote storage has taken.',
    labels: ['remote_name'],
  },
  prometheus_remote_storage_samples_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Samples that were sent to remote storage.',
    labels: ['remote_name'],
  },
  prometheus_remote_storage_samples_failed_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Samples that remote storage refused for good.',
    labels: ['remote_name'],
  },
  prometheus_tsdb_head_series: { kind: 'gauge', unit: 'none', help: 'Series in memory.', labels: [] },
  prometheus_tsdb_compactions_failed_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Compactions of blocks that failed.',
    labels: [],
  },
  prometheus_tsdb_reloads_failures_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Loads of blocks from disk that failed.',
    labels: [],
  },
  prometheus_tsdb_wal_corruptions_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Damage found in the write-ahead log.',
    labels: [],
  },
  prometheus_target_scrapes_exceeded_sample_limit_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Scrapes that were thrown away for having more samples than the job allows.',
    labels: [],
  },
  prometheus_target_scrapes_exceeded_body_size_limit_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Scrapes that were thrown away for being larger than the job allows.',
    labels: [],
  },
  prometheus_target_scrape_pool_exceeded_label_limits_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Scrapes that were thrown away for labels beyond what the job allows.',
    labels: [],
  },
  prometheus_target_scrape_pool_exceeded_target_limit_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Times that a job was stopped for having more targets than it allows.',
    labels: [],
  },
  prometheus_target_scrapes_sample_out_of_order_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Samples that were refused for being older than one before.',
    labels: [],
  },
  prometheus_target_scrapes_sample_duplicate_timestamp_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Samples that were refused because another one of the same time was there.',
    labels: [],
  },
  prometheus_target_scrapes_sample_out_of_bounds_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Samples that were refused for being too old or in the future.',
    labels: [],
  },
});

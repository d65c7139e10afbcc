import { defineMetrics } from './define.ts';

/** Series of Prometheus itself and of its scrapes that our rules and boards read. */
export const prometheus = defineMetrics('external:prometheus', {
  up: { kind: 'gauge', unit: 'none', help: '1 if the last scrape of the target succeeded.', labels: [] },
  scrape_duration_seconds: { kind: 'gauge', unit: 'seconds', help: 'Duration of the last scrape.', labels: [] },
  scrape_samples_post_metric_relabeling: {
    kind: 'gauge',
    unit: 'none',
    help: 'Samples that the last scrape kept after relabelling.',
    labels: [],
  },
  prometheus_rule_evaluation_failures_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Rule evaluations that failed.',
    labels: ['rule_group'],
  },
  prometheus_rule_group_last_duration_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'Duration of the last evaluation of a rule group.',
    labels: ['rule_group'],
  },
  prometheus_rule_group_interval_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'Evaluation interval of a rule group.',
    labels: ['rule_group'],
  },
  prometheus_sd_http_failures_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Questions to service discovery over HTTP that failed.',
    labels: [],
  },
  ALERTS: {
    kind: 'gauge',
    unit: 'none',
    help: '1 for each alert that is pending or firing.',
    labels: ['alertname', 'alertstate', 'severity', 'domain', 'run', 'model_name', 'tenant'],
  },
});

/** Series about the process of a target, as most client libraries give them. */
export const processes = defineMetrics('external:process', {
  process_cpu_seconds_total: {
    kind: 'counter',
    unit: 'seconds',
    help: 'CPU time that the process has used, of user and system.',
    labels: [],
  },
  process_resident_memory_bytes: {
    kind: 'gauge',
    unit: 'bytes',
    help: 'Memory of the process that is in RAM.',
    labels: [],
  },
});

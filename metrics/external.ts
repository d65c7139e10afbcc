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
  scrape_series_added: {
    kind: 'gauge',
    unit: 'none',
    help: 'Series of the last scrape that the one before did not have.',
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
    labels: ['alertname', 'alertstate', 'severity', 'domain', 'team', 'uuid', 'run', 'model_name', 'tenant'],
  },
  ALERTS_FOR_STATE: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'Since when the condition of each alert that is pending or firing has held, as Unix time.',
    labels: ['alertname', 'severity', 'domain', 'team', 'uuid'],
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
  process_start_time_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'When the process started, in Unix time.',
    labels: [],
  },
});

/** Series of node_exporter that tell what a machine is: the source `prometheus` of the inventory reads them. */
export const nodeExporter = defineMetrics('external:node', {
  node_uname_info: {
    kind: 'info',
    unit: 'none',
    help: 'Host name and kernel of the machine.',
    labels: ['nodename', 'release', 'machine'],
  },
  node_dmi_info: {
    kind: 'info',
    unit: 'none',
    help: 'What the firmware says of the machine. Serial numbers and the UUID are there only if node_exporter may read them, as root.',
    labels: [
      'system_vendor',
      'product_name',
      'product_serial',
      'product_uuid',
      'bios_version',
      'chassis_serial',
      'chassis_asset_tag',
    ],
  },
  node_os_info: {
    kind: 'info',
    unit: 'none',
    help: 'Operating system of the machine.',
    labels: ['pretty_name', 'id', 'version_id'],
  },
  node_network_info: {
    kind: 'info',
    unit: 'none',
    help: 'Interfaces of the machine, those without hardware too.',
    labels: ['device', 'address', 'operstate', 'ifalias'],
  },
  node_infiniband_info: {
    kind: 'info',
    unit: 'none',
    help: 'Adapters of InfiniBand and RoCE.',
    labels: ['device', 'board_id', 'firmware_version', 'hca_type'],
  },
  node_memory_MemTotal_bytes: { kind: 'gauge', unit: 'bytes', help: 'Main memory of the machine.', labels: [] },
  node_cpu_seconds_total: {
    kind: 'counter',
    unit: 'seconds',
    help: 'Time of each logical CPU by mode.',
    labels: ['cpu', 'mode'],
  },
});

import { defineMetrics } from './define.ts';

/** What tells an item: its number, its class and name, and the node that it is or is in, where there is one. */
const item = ['ci', 'class', 'name', 'node'] as const;

/** The inventory, and how it is kept. */
export const cmdb = defineMetrics('cmdb', {
  cmdb_ci_info: {
    kind: 'info',
    unit: 'none',
    help: 'A configuration item of the classes of --info.classes, with its place and its owners: 1. Exactly one series for each item, so one for each node within class="server" and one for each uuid within class="gpu".',
    labels: [
      ...item,
      'cluster',
      'uuid',
      'serial',
      'model',
      'role',
      'state',
      'site',
      'room',
      'rack',
      'tenant',
      'owner',
      'team',
    ],
  },
  cmdb_relation_info: {
    kind: 'info',
    unit: 'none',
    help: 'A relation between two items that are both shown, by --info.classes: 1.',
    labels: ['relation', 'ci', 'class', 'name', 'related_ci', 'related_class', 'related_name'],
  },
  cmdb_items: {
    kind: 'gauge',
    unit: 'none',
    help: 'Items in the inventory, by class and life-cycle state.',
    labels: ['class', 'state'],
  },
  cmdb_relations: { kind: 'gauge', unit: 'none', help: 'Relations that hold now, by type.', labels: ['relation'] },
  cmdb_ci_last_seen_timestamp_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'When any source saw the item last. Absent for items that no source sees, such as those entered by hand.',
    labels: item,
  },
  cmdb_ci_missing: {
    kind: 'gauge',
    unit: 'none',
    help: '1 for an item in service that none of its sources sees any more.',
    labels: item,
  },
  cmdb_ci_drift: {
    kind: 'gauge',
    unit: 'none',
    help: '1 for an item that is not as recorded or expected, by aspect: serial, slot, gpu_count, model, state, seen (not for long), or the attribute that differs from the baseline such as driver_version.',
    labels: [...item, 'aspect'],
  },
  cmdb_node_expected_gpus: {
    kind: 'gauge',
    unit: 'none',
    help: 'GPUs that the node should have: by the expectations of its model, or the GPUs of the inventory that are meant to be in service.',
    labels: ['node'],
  },
  cmdb_baseline_items: {
    kind: 'gauge',
    unit: 'none',
    help: 'Items under a baseline, by model and attribute: current, behind (another value than the baseline), unknown (no value).',
    labels: ['model', 'attribute', 'status'],
  },
  cmdb_ci_maintenance: {
    kind: 'gauge',
    unit: 'none',
    help: '1 for an item that is under maintenance now: by a window, or by its life-cycle state.',
    labels: item,
  },
  cmdb_maintenance_windows: {
    kind: 'gauge',
    unit: 'none',
    help: 'Maintenance windows, by state: scheduled, active.',
    labels: ['state'],
  },
  cmdb_silence_sync_success: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if the silences of maintenance windows are in Alertmanager as they should be.',
    labels: [],
  },
  cmdb_findings: {
    kind: 'gauge',
    unit: 'none',
    help: 'Open entries of the work lists, by kind: unknown, conflict, invalid. What is missing is in cmdb_ci_missing.',
    labels: ['kind', 'source'],
  },
  cmdb_source_up: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if the last look of the source succeeded and was taken over.',
    labels: ['source', 'source_type'],
  },
  cmdb_source_last_success_timestamp_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'When a look of the source was last taken over.',
    labels: ['source'],
  },
  cmdb_source_interval_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'How often the source is looked at; 0 for one that is only looked at by hand.',
    labels: ['source'],
  },
  cmdb_source_duration_seconds: {
    kind: 'gauge',
    unit: 'seconds',
    help: 'How long the last look took, from asking to the last row written.',
    labels: ['source'],
  },
  cmdb_source_items: { kind: 'gauge', unit: 'none', help: 'Items that the last look saw.', labels: ['source'] },
  cmdb_source_problems: {
    kind: 'gauge',
    unit: 'none',
    help: 'What could not be read or made no sense in the last look.',
    labels: ['source'],
  },
  cmdb_source_refused: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if the last look was refused because it would have taken too large a share of the items for missing.',
    labels: ['source'],
  },
  cmdb_source_changes_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Changes that looks of the source have made, by kind: created, updated, missing, returned.',
    labels: ['source', 'change'],
  },
  cmdb_http_sd_targets: {
    kind: 'gauge',
    unit: 'none',
    help: 'Targets in the last good answer of service discovery, by list.',
    labels: ['list'],
  },
  cmdb_http_sd_refused_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Answers of service discovery that were refused because too many targets were gone at once, by list.',
    labels: ['list'],
  },
  cmdb_dropped_series: {
    kind: 'gauge',
    unit: 'none',
    help: 'Series that are left out because there would be more than --info.max-series, by metric.',
    labels: ['metric'],
  },
  cmdb_leader: {
    kind: 'gauge',
    unit: 'none',
    help: '1 if this replica runs the jobs: discovery, silences, baselines. Exactly one of several has it.',
    labels: [],
  },
  cmdb_store_up: { kind: 'gauge', unit: 'none', help: '1 if the database answers.', labels: ['store'] },
  cmdb_changes_total: {
    kind: 'counter',
    unit: 'none',
    help: 'Changes of items and relations in the history, by who made them: a source, or manual for people.',
    labels: ['source'],
  },
});

import { cmdb } from '../../metrics/cmdb.ts';
import { prometheus } from '../../metrics/external.ts';
import { promql, select } from '../../metrics/promql.ts';
import { definePanels } from '../panel.ts';
import { chosenItems, noneIsBetter, noneIsGood, ofChosenItems, onNodes, orZero } from './scope.ts';

const missing = promql`${ofChosenItems(cmdb.cmdb_ci_missing)} == 1`;
const drifts = promql`(max by (ci, class, name, node, aspect) (${cmdb.cmdb_ci_drift}) and on (ci) ${chosenItems}) == 1`;
const maintenance = promql`${ofChosenItems(cmdb.cmdb_ci_maintenance)} == 1`;
const findings = promql`max by (cluster, kind, source) (${cmdb.cmdb_findings})`;
const firing = select(prometheus.ALERTS, { ...onNodes, alertstate: 'firing', domain: 'cmdb' });
const servers = promql`max by (ci, cluster, site, rack, tenant, model, state) (${select(cmdb.cmdb_ci_info, {
  cluster: { re: '$cluster' },
  site: { re: '$site' },
  rack: { re: '$rack' },
  node: { re: '$node' },
  class: 'server',
})})`;
const baselines = promql`max by (model, attribute, status) (${cmdb.cmdb_baseline_items})`;
const current = promql`sum by (model, attribute) (max by (model, attribute, status) (${select(cmdb.cmdb_baseline_items, { status: 'current' })}))`;
const behind = promql`sum by (model, attribute) (max by (model, attribute, status) (${select(cmdb.cmdb_baseline_items, { status: 'behind' })}))`;
const unknown = promql`sum by (model, attribute) (max by (model, attribute, status) (${select(cmdb.cmdb_baseline_items, { status: 'unknown' })}))`;

const noInventory = 'No inventory';
const gpuFleet = {
  uid: 'fleetlens-gpu-fleet',
  title: 'GPU fleet',
  variables: [{ name: 'node', label: 'node' }],
} as const;

/** What is there, and what is not as it should be. */
export const cmdbPanels = definePanels('cmdb', {
  items: {
    visual: 'stat',
    metric: cmdb.cmdb_items,
    title: 'Items',
    description:
      'How many items are in the inventory? Items of all classes that are not retired. The choices above do not narrow it.',
    unit: 'count',
    queries: [
      {
        expr: promql`sum(max by (class, state) (${select(cmdb.cmdb_items, { state: { not: 'retired' } })}))`,
        legend: 'items',
      },
    ],
    noValue: noInventory,
  },
  missing: {
    visual: 'stat',
    metric: cmdb.cmdb_ci_missing,
    title: 'Missing',
    description: 'How many items are missing? Items in service that none of their sources sees any more.',
    unit: 'count',
    queries: [{ expr: orZero(promql`count(${missing})`, chosenItems), legend: 'missing' }],
    levels: noneIsGood,
    noValue: noInventory,
  },
  drifting: {
    visual: 'stat',
    metric: cmdb.cmdb_ci_drift,
    title: 'Drifting',
    description: 'How many items drift? Items that are not as recorded or expected, in one aspect or several.',
    unit: 'count',
    queries: [{ expr: orZero(promql`count(count by (ci) (${drifts}))`, chosenItems), legend: 'drifting' }],
    levels: noneIsBetter,
    noValue: noInventory,
  },
  findings: {
    visual: 'stat',
    metric: cmdb.cmdb_findings,
    title: 'Open findings',
    description: 'How many findings are open? Entries of the work lists: unknown, missing, conflicting and invalid.',
    unit: 'count',
    queries: [{ expr: promql`sum(${findings})`, legend: 'open' }],
    levels: noneIsBetter,
    noValue: 'None',
  },
  staleSources: {
    visual: 'stat',
    metric: cmdb.cmdb_source_up,
    title: 'Sources failing',
    description: 'How many sources fail? Sources whose last look failed or was not taken over.',
    unit: 'count',
    queries: [
      {
        expr: orZero(
          promql`count(max by (cluster, source) (${cmdb.cmdb_source_up}) == 0)`,
          promql`max by (cluster, source) (${cmdb.cmdb_source_up})`,
        ),
        legend: 'failing',
      },
    ],
    levels: noneIsBetter,
    noValue: 'No source',
  },
  maintenance: {
    visual: 'stat',
    metric: cmdb.cmdb_ci_maintenance,
    title: 'In maintenance',
    unit: 'count',
    queries: [{ expr: orZero(promql`count(${maintenance})`, chosenItems), legend: 'under maintenance' }],
    noValue: noInventory,
  },
  alerts: {
    visual: 'table',
    metric: prometheus.ALERTS,
    title: 'Which alerts about the inventory and its hardware fire?',
    description: 'Alerts of the domain cmdb that are firing now, with the number of their instances.',
    keys: [
      ['severity', 'Severity'],
      ['alertname', 'Alert'],
      ['cluster', 'Cluster'],
      ['node', 'Node'],
    ],
    columns: [
      { heading: 'Instances', unit: 'count', expr: promql`count by (severity, alertname, cluster, node) (${firing})` },
    ],
    sortBy: ['Instances', 'largest'],
    leadsTo: gpuFleet,
    noValue: 'No alert fires',
  },
  findingList: {
    visual: 'table',
    metric: cmdb.cmdb_findings,
    title: 'Which work lists are not empty?',
    description: 'Open findings by kind and source; the API lists each of them.',
    keys: [
      ['kind', 'Kind'],
      ['source', 'Source'],
      ['cluster', 'Cluster'],
    ],
    columns: [{ heading: 'Entries', unit: 'count', expr: promql`${findings} > 0` }],
    sortBy: ['Entries', 'largest'],
    noValue: 'Nothing to do',
  },
  driftList: {
    visual: 'table',
    metric: cmdb.cmdb_ci_drift,
    title: 'What drifts, and in what?',
    description: 'At most 200 items that are not as recorded or expected.',
    keys: [
      ['class', 'Class'],
      ['name', 'Name'],
      ['node', 'Node'],
      ['aspect', 'Aspect'],
    ],
    columns: [
      {
        heading: 'Items',
        unit: 'count',
        expr: promql`topk(200, count by (class, name, node, aspect) (${drifts}))`,
      },
    ],
    leadsTo: gpuFleet,
    noValue: 'Everything is as recorded and expected',
  },
  missingList: {
    visual: 'table',
    metric: cmdb.cmdb_ci_missing,
    title: 'What is missing, and for how long?',
    description: 'Items in service that none of their sources sees any more, and the time since they were seen last.',
    keys: [
      ['class', 'Class'],
      ['name', 'Name'],
      ['node', 'Node'],
    ],
    columns: [
      {
        heading: 'Last seen, ago',
        unit: 'seconds',
        expr: promql`(time() - max by (class, name, node, ci) (${cmdb.cmdb_ci_last_seen_timestamp_seconds})) and on (ci) (${missing})`,
      },
    ],
    sortBy: ['Last seen, ago', 'largest'],
    leadsTo: gpuFleet,
    noValue: 'Nothing is missing',
  },
  byClass: {
    visual: 'bars',
    metric: cmdb.cmdb_items,
    title: 'What is in the inventory?',
    description: 'Items by class, without retired ones. The choices above do not narrow it.',
    unit: 'count',
    queries: [
      {
        expr: promql`sum by (class) (max by (class, state) (${select(cmdb.cmdb_items, { state: { not: 'retired' } })})) > 0`,
        legend: '{{class}}',
      },
    ],
    noValue: noInventory,
  },
  byState: {
    visual: 'bars',
    metric: cmdb.cmdb_ci_info,
    title: 'In which state are the servers?',
    unit: 'count',
    queries: [{ expr: promql`count by (state) (${servers})`, legend: '{{state}}' }],
    noValue: noInventory,
  },
  byTenant: {
    visual: 'bars',
    metric: cmdb.cmdb_ci_info,
    title: 'Whose are the servers?',
    description: 'Servers by tenant, the twenty largest.',
    unit: 'count',
    queries: [{ expr: promql`topk(20, count by (tenant) (${servers}))`, legend: '{{tenant}}' }],
    noValue: noInventory,
  },
  byPlace: {
    visual: 'table',
    metric: cmdb.cmdb_ci_info,
    title: 'Where are which servers?',
    description: 'Servers by model, site and rack; at most 200 lines. The link on the rack narrows the board to it.',
    keys: [
      ['cluster', 'Cluster'],
      ['site', 'Site'],
      ['rack', 'Rack'],
      ['model', 'Model'],
    ],
    columns: [
      {
        heading: 'Servers',
        unit: 'count',
        expr: promql`topk(200, count by (cluster, site, rack, model) (${servers}))`,
      },
    ],
    noValue: noInventory,
  },
  baselineProgress: {
    visual: 'table',
    metric: cmdb.cmdb_baseline_items,
    title: 'How far are the rollouts?',
    description: 'Items of each model that are on the baseline, behind it, or of which no value is known.',
    keys: [
      ['model', 'Model'],
      ['attribute', 'Attribute'],
    ],
    columns: [
      {
        heading: 'Done',
        unit: 'ratio',
        expr: promql`${current} / (sum by (model, attribute) (${baselines}) > 0)`,
      },
      { heading: 'Current', unit: 'count', expr: current },
      { heading: 'Behind', unit: 'count', expr: behind, levels: noneIsBetter },
      { heading: 'Unknown', unit: 'count', expr: unknown },
    ],
    sortBy: ['Done', 'smallest'],
    noValue: 'No baseline',
  },
  baselineHistory: {
    visual: 'timeseries',
    metric: cmdb.cmdb_baseline_items,
    title: 'How do the rollouts go on?',
    description: 'Items behind their baseline, by model and attribute; at most 16 curves.',
    unit: 'count',
    queries: [{ expr: promql`topk(16, ${behind})`, legend: '{{model}} · {{attribute}}' }],
    noValue: 'No baseline',
  },
});

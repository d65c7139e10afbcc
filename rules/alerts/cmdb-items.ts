import { cmdb } from '../../metrics/cmdb.ts';
import { gpu } from '../../metrics/gpu.ts';
import { type Expr, promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { lookAtDrift, showItem, whichItem } from '../cmdb-texts.ts';
import {
  exampleCi,
  exampleCmdbTarget,
  exampleGpuTarget,
  exampleItem,
  exampleItemTarget,
  exampleNode,
  exampleTarget,
} from '../examples.ts';
import { thresholds } from '../thresholds.ts';
import { perItem, perNode, recent } from '../vectors.ts';

const knownGpus = select(cmdb.cmdb_ci_info, { class: 'gpu', uuid: { not: '' } });
const leftOut = select(cmdb.cmdb_dropped_series, { metric: cmdb.cmdb_ci_info.name });

const gpuInfo = {
  ...exampleGpuTarget,
  model: 'NVIDIA H200',
  serial: 'G1',
  pci_bus_id: '00000000:18:00.0',
  vbios: '96.00',
  driver: '570.124.06',
} as const;
const unknownGpu = { ...gpuInfo, uuid: 'GPU-99999999-2222-3333-4444-555555555555', gpu_id: '1' } as const;
const knownGpu = exampleCi('1x60', { class: 'gpu', ci: '13', node: 'n1', uuid: gpuInfo.uuid });

const leavesOut = { ...exampleCmdbTarget, metric: 'cmdb_ci_info' } as const;

const baseline = { model: 'DGX-H200', attribute: 'driver_version' } as const;
const behind = select(cmdb.cmdb_baseline_items, { status: 'behind' });
const behindShare = promql`max by (cluster, model, attribute) (${behind})
/
sum by (cluster, model, attribute) (max by (cluster, model, attribute, status) (${cmdb.cmdb_baseline_items}))`;
const behindBefore = promql`max by (cluster, model, attribute) (${behind} offset 2d)
/
sum by (cluster, model, attribute) (max by (cluster, model, attribute, status) (${cmdb.cmdb_baseline_items} offset 2d))`;

function itemsOf(status: 'current' | 'behind', values: string, attribute = 'driver_version'): readonly [Expr, string] {
  return [series(cmdb.cmdb_baseline_items, { ...exampleCmdbTarget, ...baseline, status, attribute }), values];
}

/** Whether what is in the inventory is there, and what is there is in the inventory and as recorded. */
export default defineAlerts({
  theme: 'cmdb-items',
  alerts: [
    {
      name: 'CmdbCiStale',
      expr: promql`time() - ${perItem(recent(select(cmdb.cmdb_ci_last_seen_timestamp_seconds, { class: { re: 'server|gpu' } })))} > ${thresholds.cmdbNotSeenSeconds}
unless on (cluster, ci)
max by (cluster, ci) (${recent(cmdb.cmdb_ci_missing)}) == 1`,
      thresholds: ['cmdbNotSeenSeconds'],
      for: '10m',
      severity: 'info',
      action: 'investigate',
      domain: 'cmdb',
      team: 'sre',
      summary: 'A server or GPU of the inventory has not been seen for a long time.',
      description: `${whichItem} was last seen {{ $value | humanizeDuration }} ago. Find out whether it is still there.`,
      runbook: {
        meaning:
          'No source has seen it lately, and none of them has looked and found it gone, which would be the alert CmdbAssetMissing.',
        firstLook: [
          showItem,
          'Do its sources work at all: the alert CmdbSourceStale, and the board Inventory and drift.',
        ],
        remedy: [
          'Gone for good: set its state to retired; its history is kept.',
          'In repair: set its state to failed or rma.',
          'There and not seen: mend the source that should see it.',
        ],
      },
      fires: {
        when: 'A server was last seen more than a day ago',
        series: [[series(cmdb.cmdb_ci_last_seen_timestamp_seconds, exampleItemTarget), '-86400x30']],
        at: '20m',
        alerts: [exampleItem],
      },
      quiet: {
        when: 'A rack that nobody looks at any more, a server that is known to be missing, and one that was seen nearly a day ago',
        series: [
          [
            series(cmdb.cmdb_ci_last_seen_timestamp_seconds, {
              ...exampleItemTarget,
              ci: '14',
              name: 'n2',
              node: 'n2',
            }),
            '-84000x30',
          ],
          [
            series(cmdb.cmdb_ci_last_seen_timestamp_seconds, {
              ...exampleItemTarget,
              class: 'rack',
              ci: '3',
              name: 'r07',
              node: '',
            }),
            '-90000x30',
          ],
          [series(cmdb.cmdb_ci_last_seen_timestamp_seconds, exampleItemTarget), '-90000x30'],
          [series(cmdb.cmdb_ci_missing, exampleItemTarget), '1x30'],
        ],
        at: '20m',
      },
    },
    {
      name: 'CmdbAssetMissing',
      expr: promql`${perItem(recent(cmdb.cmdb_ci_missing))} == 1`,
      for: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'cmdb',
      team: 'sre',
      summary: 'Something that should be in service is not found any more.',
      description: `${whichItem} is in service, and none of its sources sees it any more. Find out whether it failed, was moved or was taken out.`,
      runbook: {
        meaning: 'Every source that used to see the item has looked since and did not find it.',
        firstLook: [
          showItem,
          lookAtDrift,
          'What else is gone: items of the same rack, switch or power feed share a cause.',
        ],
        remedy: [
          'Broken or away: set its state to failed or rma, so that the alert ends and the count of the node is right.',
          'Taken out for good: set its state to retired.',
          'Exchanged: enter the serial number of the new part.',
        ],
      },
      fires: {
        when: 'A server is gone for three quarters of an hour',
        series: [[series(cmdb.cmdb_ci_missing, exampleItemTarget), '0x5 1x60']],
        at: '50m',
        alerts: [exampleItem],
      },
      quiet: {
        when: 'A server reboots and is found again by the next look',
        series: [[series(cmdb.cmdb_ci_missing, exampleItemTarget), '0x5 1x20 0x40']],
        at: '50m',
      },
    },
    {
      name: 'CmdbUnknownGpus',
      // Only where the inventory knows GPUs of the cluster at all, and shows all that it knows.
      expr: promql`count by (cluster, node) (
  (max by (cluster, node, uuid) (${gpu.gpu_info}) unless on (uuid) ${knownGpus})
  and on (cluster) ${knownGpus}
  unless on () (${leftOut} > 0)
)`,
      for: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'cmdb',
      team: 'sre',
      summary: 'A node has GPUs that the inventory does not know.',
      description:
        '{{ $labels.node }} in {{ $labels.cluster }} has {{ $value | humanize }} GPUs that the inventory does not know. Enter them, or let a source create them.',
      runbook: {
        meaning:
          'The GPU exporter sees boards whose UUID is on no item. They have no owner and are on no bill; usually a board was exchanged or a node is new.',
        firstLook: [
          'Which ones: `gpu_info{node="<node>"} unless on (uuid) cmdb_ci_info{class="gpu"}`.',
          'Does a source look at the node: the findings of kind unknown, and the alert CmdbSourceStale.',
        ],
        remedy: [
          'Let the source prometheus create items, or enter the boards where your records are kept.',
          'Exchanged boards: set the old ones to rma or retired.',
        ],
      },
      fires: {
        when: 'One of two GPUs was exchanged',
        series: [
          [series(gpu.gpu_info, gpuInfo), '1x60'],
          [series(gpu.gpu_info, unknownGpu), '1x60'],
          knownGpu,
          [series(cmdb.cmdb_dropped_series, leavesOut), '0x60'],
          [series(cmdb.cmdb_dropped_series, { ...leavesOut, metric: 'cmdb_relation_info' }), '9x60'],
        ],
        at: '40m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'All GPUs of a cluster are known, and another has no inventory',
        series: [
          [series(gpu.gpu_info, gpuInfo), '1x60'],
          [series(gpu.gpu_info, { ...unknownGpu, cluster: 'c2' }), '1x60'],
          knownGpu,
        ],
        at: '40m',
      },
      edges: [
        {
          when: 'An inventory that leaves out one series',
          series: [
            [series(gpu.gpu_info, unknownGpu), '1x60'],
            knownGpu,
            [series(cmdb.cmdb_dropped_series, leavesOut), '1x60'],
          ],
          at: '40m',
        },
      ],
    },
    {
      name: 'GpuFewerThanExpected',
      expr: promql`${perNode(recent(gpu.gpu_devices))} < on (node) group_left () max by (node) (${recent(select(cmdb.cmdb_node_expected_gpus, { node: { not: '' } }))})`,
      for: '10m',
      severity: 'warning',
      action: 'drain',
      domain: 'cmdb',
      team: 'sre',
      summary: 'A node has fewer GPUs than the inventory expects.',
      description:
        '{{ $labels.node }} in {{ $labels.cluster }} has {{ $value | humanize }} GPUs, fewer than the inventory expects. Compare nvidia-smi -L with lspci on the node.',
      runbook: {
        meaning:
          'The driver enumerates fewer GPUs than the model of the server has, or than items in service are recorded in it. Unlike GpuCountDropped it also finds a node that came up short, and it does not end after a day.',
        firstLook: [
          'What is expected: `cmdb_node_expected_gpus{node="<node>"}`, and which are recorded: `cmdb_ci_info{class="gpu",node="<node>"}`.',
          'On the node: `nvidia-smi -L | wc -l` and `lspci | grep -c -i "nvidia.*\\(3D\\|VGA\\)"`.',
        ],
        remedy: [
          'In lspci but not in nvidia-smi: the driver could not start it; the kernel log says why.',
          'Missing in lspci: cut the power with `ipmitool chassis power cycle`; then have the board reseated or exchanged.',
          'Taken out on purpose: set the GPU to failed, rma or retired in the inventory, or correct `gpus` of the expectation.',
        ],
      },
      fires: {
        when: 'A node came up with seven GPUs, and two replicas expect eight',
        series: [
          [series(gpu.gpu_devices, exampleTarget), '7x30'],
          [series(cmdb.cmdb_node_expected_gpus, { ...exampleCmdbTarget, node: 'n1' }), '8x30'],
          [series(cmdb.cmdb_node_expected_gpus, { ...exampleCmdbTarget, instance: 'm2:9412', node: 'n1' }), '8x30'],
        ],
        at: '20m',
        alerts: [exampleNode],
      },
      quiet: {
        when: 'All GPUs are there, and another node is not in the inventory',
        series: [
          [series(gpu.gpu_devices, exampleTarget), '8x30'],
          [series(gpu.gpu_devices, { ...exampleTarget, node: 'n2', instance: 'n2:9400' }), '7x30'],
          [series(cmdb.cmdb_node_expected_gpus, { ...exampleCmdbTarget, node: 'n1' }), '8x30'],
        ],
        at: '20m',
      },
    },
    {
      name: 'CmdbDrift',
      expr: promql`max by (cluster, ci, class, name, node, aspect) (${recent(cmdb.cmdb_ci_drift)}) == 1`,
      for: '30m',
      severity: 'info',
      action: 'investigate',
      domain: 'cmdb',
      team: 'sre',
      summary: 'An item is not as recorded or expected.',
      description: `${whichItem} is not as recorded or expected in {{ $labels.aspect }}. Correct the record or the machine.`,
      runbook: {
        meaning:
          'Aspects: serial (another board than recorded), slot (another place than recorded), gpu_count, state (retired and seen, or in service and gone), seen (not seen for the configured time), or an attribute that differs from the baseline of its model.',
        firstLook: [showItem, lookAtDrift],
        remedy: [
          'serial, slot: a part was exchanged or moved. Correct the record, and note the case with the maker.',
          'An attribute of a baseline: update the machine; the rollout plan says in which batch it is.',
          'gpu_count: as in the runbook of GpuFewerThanExpected.',
          'state: set the state that is true.',
        ],
      },
      fires: {
        when: 'A server runs another driver than its baseline',
        series: [[series(cmdb.cmdb_ci_drift, { ...exampleItemTarget, aspect: 'driver_version' }), '1x60']],
        at: '40m',
        alerts: [{ ...exampleItem, aspect: 'driver_version' }],
      },
      quiet: {
        when: 'A server is updated within half an hour',
        series: [[series(cmdb.cmdb_ci_drift, { ...exampleItemTarget, aspect: 'driver_version' }), '1x20 0x40']],
        at: '40m',
      },
    },
    {
      name: 'CmdbBaselineBehind',
      // Two looks two days apart, because a wait of days would begin anew with every restart of Prometheus.
      expr: promql`${behindShare} > ${thresholds.cmdbBaselineBehindRatio}
and
${behindBefore} > ${thresholds.cmdbBaselineBehindRatio}`,
      thresholds: ['cmdbBaselineBehindRatio'],
      for: '1h',
      severity: 'info',
      action: 'investigate',
      domain: 'cmdb',
      team: 'sre',
      summary: 'A rollout of a firmware or driver does not come to its end.',
      description:
        '{{ $value | humanizePercentage }} of {{ $labels.model }} in {{ $labels.cluster }} have been behind the baseline of {{ $labels.attribute }} for days. Look at the rollout plan.',
      runbook: {
        meaning:
          'Machines of one model run different versions for longer than a rollout takes. Faults are then hard to compare, and a security fix may be missing on some.',
        firstLook: [
          'How many are how far: `cmdb_baseline_items{status!="current"}`. Which ones, and in which batch: the rollout plan in the API.',
          'Which are skipped and why: servers under maintenance or failed are left out of the plan.',
        ],
        remedy: [
          'Go on with the next batch of the plan.',
          'The baseline is wrong or too early: correct it in the configuration.',
        ],
      },
      fires: {
        when: 'Twelve of a hundred servers have been behind for more than two days',
        interval: '5m',
        series: [itemsOf('current', '88x600'), itemsOf('behind', '12x600')],
        at: '50h',
        alerts: [{ cluster: 'c1', ...baseline }],
      },
      quiet: {
        when: 'Of two rollouts one has come down from a fifth to a tenth within two days, and of the other only a tenth was behind two days ago',
        interval: '5m',
        series: [
          itemsOf('current', '80x500 90x100'),
          itemsOf('behind', '20x500 10x100'),
          itemsOf('current', '90x500 60x100', 'bios_version'),
          itemsOf('behind', '10x500 20x100', 'bios_version'),
        ],
        at: '50h',
      },
    },
  ],
});

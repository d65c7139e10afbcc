import { gpu } from '../../metrics/gpu.ts';
import { promql, select } from '../../metrics/promql.ts';
import { gpuRecordings } from '../../rules/recording/gpu.ts';
import { definePanels } from '../panel.ts';
import { toGpuDetail } from './board-links.ts';
import { eventsOf } from './recorded-increase.ts';
import { noneIsGood, onClusters, onGpus, onNodes, orZero } from './scope.ts';

const up = select(gpu.gpu_up, onGpus);
const xidAge = promql`bottomk(200, (time() - max by (cluster, node, gpu_id, uuid, xid) (${select(gpu.gpu_xid_last_timestamp_seconds, onGpus)})) < 3600)`;
/** Recorded, since each GPU has a counter for each code that calls for action. */
const xidErrors = gpuRecordings.series['cluster_xid:gpu_xid_errors:increase1h'];
/** Recorded for those GPUs alone that have errors. */
const eccErrors = gpuRecordings.series['gpu_severity:gpu_ecc_errors:increase10m'];
const replays = gpuRecordings.series['gpu:gpu_pcie_replays:increase10m'];
/** What holds clocks down without anybody having asked for it. */
const unwantedReasons = 'sw_power_cap|hw_slowdown|sw_thermal|hw_thermal|hw_power_brake|board_limit|reliability|unknown';
const hardwareReasons = 'hw_slowdown|hw_thermal|hw_power_brake';
const heldBack = select(gpuRecordings.series['node_reason:gpu_clock_event_active:sum'], {
  ...onNodes,
  reason: { re: unwantedReasons },
});
const heldBackByHardware = select(gpu.gpu_clock_event_active, { ...onGpus, reason: { re: hardwareReasons } });

/** What goes wrong on GPUs: XID errors, memory errors, clocks held down, failures. */
export const gpuFaultPanels = definePanels('gpu-faults', {
  slowed: {
    visual: 'stat',
    metric: gpu.gpu_clock_event_active,
    title: 'Slowed down',
    description:
      'How many GPUs are slowed by their hardware? GPUs whose clocks are held down by a hardware slow-down, heat or the power brake.',
    unit: 'count',
    queries: [
      {
        expr: orZero(promql`count(count by (cluster, node, uuid) (${heldBackByHardware} == 1))`, up),
        legend: 'slowed',
      },
    ],
    levels: noneIsGood,
    noValue: 'No reading',
  },
  uncorrectable: {
    visual: 'stat',
    metric: gpu.gpu_ecc_errors_total,
    title: 'Memory errors',
    description: 'How many memory errors could not be corrected? Uncorrectable ECC errors in the time range shown.',
    unit: 'count',
    queries: [
      {
        expr: orZero(
          promql`sum(${eventsOf(select(eccErrors, { ...onGpus, severity: 'uncorrectable' }), '$__range')})`,
          select(gpu.gpu_ecc_enabled, onGpus),
        ),
        legend: 'uncorrectable',
      },
    ],
    levels: noneIsGood,
    noValue: 'No ECC',
  },
  xidList: {
    visual: 'table',
    metric: gpu.gpu_xid_last_timestamp_seconds,
    title: 'Which XID errors happened in the last hour?',
    description: 'GPUs and codes that the driver reported in the last hour, and how long ago; the 200 newest.',
    keys: [
      ['xid', 'XID'],
      ['cluster', 'Cluster'],
      ['node', 'Node'],
      ['gpu_id', 'GPU'],
      ['uuid', 'UUID'],
    ],
    columns: [{ heading: 'Last seen, ago', unit: 'seconds', expr: xidAge }],
    sortBy: ['Last seen, ago', 'smallest'],
    leadsTo: toGpuDetail,
    noValue: 'No XID errors in the last hour',
  },
  xidByCode: {
    visual: 'timeseries',
    metric: xidErrors,
    title: 'Which XID codes were reported?',
    description: `${xidErrors.help} The choice of nodes does not narrow it.`,
    unit: 'count',
    queries: [{ expr: promql`sum by (xid) (${select(xidErrors, onClusters)}) > 0`, legend: 'XID {{xid}}' }],
    stacked: true,
    decimals: 0,
    noValue: 'No XID errors',
  },
  heldBack: {
    visual: 'timeseries',
    metric: gpu.gpu_clock_event_active,
    title: 'What holds the clocks down?',
    description:
      'GPUs whose clocks are held down, by reason. A power cap is normal under full load; heat, slow-down and power brake are not.',
    unit: 'count',
    queries: [{ expr: promql`sum by (reason) (${heldBack})`, legend: '{{reason}}' }],
    stacked: true,
    noValue: 'No reading',
  },
  ecc: {
    visual: 'timeseries',
    metric: gpu.gpu_ecc_errors_total,
    title: 'When did memory errors happen?',
    description: 'Errors that ECC found in the ten minutes before each moment, by severity.',
    unit: 'count',
    queries: [{ expr: promql`sum by (severity) (${select(eccErrors, onGpus)})`, legend: '{{severity}}' }],
    stacked: true,
    decimals: 0,
    noValue: 'No memory errors',
  },
  pcieReplays: {
    visual: 'bars',
    metric: gpu.gpu_pcie_replays_total,
    title: 'Which GPUs repeat PCIe packets?',
    description: 'The ten GPUs with the most PCIe packets sent again in the last hour; none is normal.',
    unit: 'count',
    queries: [
      {
        expr: promql`topk(10, max by (cluster, node, gpu_id, uuid) (${eventsOf(select(replays, onGpus), '1h')}))`,
        legend: '{{node}} · {{gpu_id}}',
      },
    ],
    levels: { base: 'notice', steps: [[480, 'warning']] },
    decimals: 0,
    leadsTo: toGpuDetail,
    noValue: 'No PCIe replays',
  },
  downList: {
    visual: 'table',
    metric: gpu.gpu_failure_info,
    title: 'Which GPUs are down, and why?',
    description: `${gpu.gpu_failure_info.help} At most 200.`,
    keys: [
      ['cluster', 'Cluster'],
      ['node', 'Node'],
      ['gpu_id', 'GPU'],
      ['uuid', 'UUID'],
      ['error', 'Error'],
    ],
    columns: [
      {
        heading: 'GPUs',
        unit: 'count',
        expr: promql`topk(200, count by (cluster, node, gpu_id, uuid, error) (${select(gpu.gpu_failure_info, onGpus)}))`,
      },
    ],
    leadsTo: toGpuDetail,
    noValue: 'No GPU is down',
  },
});

import { type Expr, type PlainMetric, promql, select } from '../../metrics/promql.ts';
import { nodeHost } from '../../metrics/vendors/node-exporter.ts';
import { definePanels } from '../panel.ts';
import { localUsed, onLocal, onShared, perMount } from './node-series.ts';
import { diskFullness, noneIsGood, onNodes, orZero } from './scope.ts';

/** Parts of a disk, and disks that others make up, tell the same a second time. */
const disks = { ...onNodes, device: { notRe: 'dm-.*|md.*|loop.*' } } as const;

function rateOf(metric: PlainMetric): Expr {
  return promql`rate(${select(metric, disks)}[$__rate_interval])`;
}

function meanTime(time: PlainMetric, count: PlainMetric): Expr {
  const over = (metric: PlainMetric): Expr =>
    promql`sum by (cluster, node) (increase(${select(metric, disks)}[$__rate_interval]))`;
  return promql`topk(8, ${over(time)} / (${over(count)} > 0))`;
}

const available = select(nodeHost.node_filesystem_avail_bytes, onLocal);
const size = perMount(select(nodeHost.node_filesystem_size_bytes, onLocal));
const tomorrow = promql`(1 - clamp_min(${perMount(promql`predict_linear(${available}[6h], 86400)`)}, 0) / ${size})`;
const filesLeft = promql`${perMount(select(nodeHost.node_filesystem_files_free, onLocal))} / ${perMount(select(nodeHost.node_filesystem_files, onLocal))}`;
const shareLeft = promql`min by (cluster, device) (${select(nodeHost.node_filesystem_avail_bytes, onShared)})`;
const shareSize = promql`max by (cluster, device) (${select(nodeHost.node_filesystem_size_bytes, onShared)})`;
const readonly = select(nodeHost.node_filesystem_readonly, onLocal);
const hanging = select(nodeHost.node_filesystem_device_error, onShared);
const raidFailed = select(nodeHost.node_md_disks, { ...onNodes, state: 'failed' });

/** Disks of the machines, and the shares that they mount. */
export const nodeStoragePanels = definePanels('node-storage', {
  fullest: {
    visual: 'table',
    metric: nodeHost.node_filesystem_avail_bytes,
    title: 'Which disks are full, and which will be?',
    description:
      'The thirty fullest file systems on disks. Tomorrow is what a straight line through the last six hours gives: files that come and go mislead it.',
    keys: [
      ['cluster', 'Cluster'],
      ['node', 'Node'],
      ['mountpoint', 'Mounted at'],
      ['device', 'Device'],
    ],
    columns: [
      { heading: 'Full', unit: 'ratio', expr: promql`topk(30, ${localUsed})`, levels: diskFullness },
      {
        heading: 'Tomorrow',
        unit: 'ratio',
        expr: promql`${tomorrow} and topk(30, ${localUsed})`,
        levels: diskFullness,
      },
      { heading: 'Left', unit: 'bytes', expr: promql`${perMount(available)} and topk(30, ${localUsed})` },
    ],
    sortBy: ['Full', 'largest'],
  },
  shares: {
    visual: 'table',
    metric: nodeHost.node_filesystem_size_bytes,
    title: 'How full are the shares?',
    description: 'File systems that machines mount from elsewhere, once each.',
    keys: [
      ['cluster', 'Cluster'],
      ['device', 'Share'],
    ],
    columns: [
      { heading: 'Full', unit: 'ratio', expr: promql`1 - ${shareLeft} / ${shareSize}`, levels: diskFullness },
      { heading: 'Left', unit: 'bytes', expr: shareLeft },
      {
        heading: 'Machines that see it hang',
        unit: 'count',
        expr: promql`sum by (cluster, device) (max by (cluster, node, device, mountpoint) (${hanging}))`,
        levels: noneIsGood,
      },
    ],
    sortBy: ['Full', 'largest'],
    noValue: 'No shares',
  },
  readLatency: {
    visual: 'timeseries',
    metric: nodeHost.node_disk_read_time_seconds_total,
    title: 'How long do reads take?',
    description: 'Mean time of a read from a disk, of the eight machines where it is longest.',
    queries: [
      {
        expr: meanTime(nodeHost.node_disk_read_time_seconds_total, nodeHost.node_disk_reads_completed_total),
        legend: '{{node}}',
      },
    ],
  },
  writeLatency: {
    visual: 'timeseries',
    metric: nodeHost.node_disk_write_time_seconds_total,
    title: 'How long do writes take?',
    description: 'Mean time of a write to a disk, of the eight machines where it is longest.',
    queries: [
      {
        expr: meanTime(nodeHost.node_disk_write_time_seconds_total, nodeHost.node_disk_writes_completed_total),
        legend: '{{node}}',
      },
    ],
  },
  throughput: {
    visual: 'timeseries',
    metric: nodeHost.node_disk_read_bytes_total,
    title: 'How much goes to and from disks?',
    description: 'Data of all disks together.',
    unit: 'bytes_per_second',
    queries: [
      { expr: promql`sum(${rateOf(nodeHost.node_disk_read_bytes_total)})`, legend: 'read' },
      { expr: promql`sum(${rateOf(nodeHost.node_disk_written_bytes_total)})`, legend: 'written' },
    ],
  },
  busy: {
    visual: 'timeseries',
    metric: nodeHost.node_disk_io_time_seconds_total,
    title: 'Which disks are busy?',
    description: 'Share of time in which a disk had anything to do, of the eight disks where it is most.',
    unit: 'ratio',
    queries: [
      {
        expr: promql`topk(8, max by (cluster, node, device) (${rateOf(nodeHost.node_disk_io_time_seconds_total)}))`,
        legend: '{{node}} · {{device}}',
      },
    ],
    max: 1,
  },
  inodes: {
    visual: 'bars',
    metric: nodeHost.node_filesystem_files_free,
    title: 'Where do inodes run out?',
    description: 'The ten file systems with the smallest share of inodes that are free.',
    unit: 'ratio',
    queries: [{ expr: promql`bottomk(10, ${filesLeft})`, legend: '{{node}} · {{mountpoint}}' }],
    max: 1,
  },
  nfs: {
    visual: 'timeseries',
    metric: nodeHost.node_nfs_rpcs_total,
    title: 'Do shares over NFS answer?',
    description: 'Calls of all NFS clients, and those that were sent again for want of an answer.',
    unit: 'per_second',
    queries: [
      {
        expr: promql`sum(rate(${select(nodeHost.node_nfs_rpcs_total, onNodes)}[$__rate_interval]))`,
        legend: 'calls',
      },
      {
        expr: promql`sum(rate(${select(nodeHost.node_nfs_rpc_retransmissions_total, onNodes)}[$__rate_interval]))`,
        legend: 'sent again',
      },
    ],
    noValue: 'No NFS',
  },
  failedDisks: {
    visual: 'stat',
    metric: nodeHost.node_md_disks,
    title: 'RAID disks failed',
    description: 'How many disks of RAIDs have failed? Disks of software RAIDs that were thrown out.',
    unit: 'count',
    queries: [{ expr: promql`sum(max by (cluster, node, device) (${raidFailed}))`, legend: 'failed' }],
    levels: noneIsGood,
    noValue: 'No software RAID',
  },
  readonly: {
    visual: 'stat',
    metric: nodeHost.node_filesystem_readonly,
    title: 'Read-only disks',
    description:
      'How many disks are read-only? File systems on disks that are mounted read-only, which is what the kernel does after errors.',
    unit: 'count',
    queries: [{ expr: orZero(promql`count(${perMount(readonly)} == 1)`, readonly), legend: 'read-only' }],
    levels: noneIsGood,
  },
  hangingShares: {
    visual: 'stat',
    metric: nodeHost.node_filesystem_device_error,
    title: 'Hanging mounts of shares',
    description:
      'How many mounts of shares hang? Mounts of shares that do not tell their size, because they hang or fail.',
    unit: 'count',
    queries: [{ expr: orZero(promql`count(${perMount(hanging)} == 1)`, hanging), legend: 'hang' }],
    levels: noneIsGood,
    noValue: 'No shares',
  },
});

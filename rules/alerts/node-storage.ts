import { promql, select, series } from '../../metrics/promql.ts';
import { nodeHost } from '../../metrics/vendors/node-exporter.ts';
import { defineAlerts } from '../alert.ts';
import { exampleHostTarget, exampleNode } from '../examples.ts';
import { local, perMount, shared } from '../node.ts';
import { thresholds } from '../thresholds.ts';
import { perNode, recent } from '../vectors.ts';

const { node_filesystem_avail_bytes: available, node_filesystem_size_bytes: size } = nodeHost;
const { node_filesystem_files_free: filesFree, node_filesystem_files: files } = nodeHost;
const { node_filesystem_readonly: readonly, node_filesystem_device_error: failing } = nodeHost;
const { node_md_disks: raidDisks, node_disk_io_time_weighted_seconds_total: queued } = nodeHost;
const { node_nfs_rpc_retransmissions_total: sentAgain, node_nfs_rpcs_total: calls } = nodeHost;

const left = promql`${perMount(recent(select(available, { fstype: local })))}
/
${perMount(recent(select(size, { fstype: local })))}`;
const writable = promql`${perMount(recent(select(readonly, { fstype: local })))} == 0`;

const root = { ...exampleHostTarget, device: '/dev/nvme0n1p2', fstype: 'ext4', mountpoint: '/' } as const;
const onRoot = { ...exampleNode, device: '/dev/nvme0n1p2', mountpoint: '/' } as const;
const nfs = { ...exampleHostTarget, device: 'nas:/data', fstype: 'nfs4', mountpoint: '/data' } as const;
const boot = { ...root, device: '/dev/sda1', mountpoint: '/mnt/image' } as const;

const place = '{{ $labels.mountpoint }} ({{ $labels.device }}) on {{ $labels.node }} in {{ $labels.cluster }}';
const whatFills =
  'What fills it: `du -xh --max-depth=2 <mountpoint> | sort -h | tail -20`, and files that are gone and still open: `lsof +L1 | head`.';
const makeRoom = [
  'Images of containers: `crictl rmi --prune` or `docker system prune`. Logs: `journalctl --vacuum-size=1G`.',
  'Caches of models and packages of users, in `/root/.cache` or `/home`: ask their owners.',
] as const;

export default defineAlerts({
  theme: 'node-storage',
  profile: 'node',
  alerts: [
    {
      name: 'NodeFilesystemAlmostFull',
      expr: promql`${left} < ${thresholds.filesystemLeftCriticalRatio}
and
${writable}`,
      thresholds: ['filesystemLeftCriticalRatio'],
      for: '10m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A file system of a machine is full but for a little.',
      description: `${place} has {{ $value | humanizePercentage }} left. Make room.`,
      runbook: {
        meaning: 'What writes there fails soon: logs, images of containers, checkpoints, or the machine as a whole.',
        firstLook: [whatFills],
        remedy: makeRoom,
      },
      fires: {
        when: 'Less than three percent of the root file system are left',
        series: [
          [series(available, nfs), '0x20'],
          [series(size, nfs), '1000x20'],
          [series(readonly, nfs), '0x20'],
          [series(available, root), '29x20'],
          [series(size, root), '1000x20'],
          [series(readonly, root), '0x20'],
        ],
        at: '15m',
        alerts: [onRoot],
      },
      quiet: {
        when: 'Three percent are left, and less for minutes; a read-only image and a share of a server are full',
        series: [
          [series(available, root), '30x8 20x12'],
          [series(size, root), '1000x20'],
          [series(readonly, root), '0x20'],
          [series(available, boot), '0x20'],
          [series(size, boot), '1000x20'],
          [series(readonly, boot), '1x20'],
          [series(available, nfs), '0x20'],
          [series(size, nfs), '1000x20'],
          [series(readonly, nfs), '0x20'],
        ],
        at: '15m',
      },
    },
    {
      name: 'NodeFilesystemFilling',
      expr: promql`${left} < ${thresholds.filesystemLeftWarningRatio}
and
${perMount(promql`predict_linear(${select(available, { fstype: local })}[6h], ${thresholds.volumeFullWithinSeconds})`)} < 0
and
${writable}`,
      thresholds: ['filesystemLeftWarningRatio', 'volumeFullWithinSeconds'],
      for: '1h',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A file system of a machine will be full within a day.',
      description: `${place} has {{ $value | humanizePercentage }} left, and at the pace of the last six hours nothing in a day. See what grows.`,
      runbook: {
        meaning: 'There is time, but not until tomorrow evening.',
        firstLook: [whatFills],
        remedy: makeRoom,
      },
      fires: {
        when: 'A seventh of a file system is left, which for an hour has gone so fast that it lasts for less than a day',
        series: [
          [series(available, root), '147.5-0.1x110'],
          [series(size, root), '1000x110'],
          [series(readonly, root), '0x110'],
        ],
        at: '100m',
        alerts: [onRoot],
      },
      quiet: {
        when: 'It has been so for a little less than an hour; a sixth of another one is left, which goes faster; and an image is read-only',
        series: [
          [series(available, boot), '140-0.1x110'],
          [series(size, boot), '1000x110'],
          [series(readonly, boot), '1x110'],
          [series(available, root), '148.5-0.1x110'],
          [series(size, root), '1000x110'],
          [series(readonly, root), '0x110'],
          [series(available, { ...root, mountpoint: '/data' }), '330-0.3x110'],
          [series(size, { ...root, mountpoint: '/data' }), '1800x110'],
          [series(readonly, { ...root, mountpoint: '/data' }), '0x110'],
        ],
        at: '100m',
      },
    },
    {
      name: 'NodeFilesystemInodesLow',
      expr: promql`${perMount(recent(select(filesFree, { fstype: local })))}
/
${perMount(recent(select(files, { fstype: local })))}
< ${thresholds.filesystemLeftCriticalRatio}
and
${writable}`,
      thresholds: ['filesystemLeftCriticalRatio'],
      for: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A file system of a machine has hardly any inodes left.',
      description: `${place} has {{ $value | humanizePercentage }} of its inodes left. Look for folders with very many files.`,
      runbook: {
        meaning:
          'No new file can be made there although there is space: data sets as single files use up inodes first.',
        firstLook: ['Where they are: `du --inodes -x --max-depth=3 <mountpoint> | sort -n | tail -20`.'],
        remedy: [
          'Pack data sets into archives (WebDataset, tar, squashfs), or move them to a file system that has no limit, such as xfs.',
        ],
      },
      fires: {
        when: 'Less than three percent of the inodes are left',
        series: [
          [series(filesFree, root), '29x40'],
          [series(files, root), '1000x40'],
          [series(readonly, root), '0x40'],
        ],
        at: '35m',
        alerts: [onRoot],
      },
      quiet: {
        when: 'Three percent of the inodes are left, and less for minutes; another file system has no number of them, and an image has none left',
        series: [
          [series(filesFree, boot), '0x40'],
          [series(files, boot), '1000x40'],
          [series(readonly, boot), '1x40'],
          [series(filesFree, root), '30x10 10x30'],
          [series(files, root), '1000x40'],
          [series(readonly, root), '0x40'],
          [series(filesFree, { ...root, mountpoint: '/scratch' }), '0x40'],
          [series(files, { ...root, mountpoint: '/scratch' }), '0x40'],
          [series(readonly, { ...root, mountpoint: '/scratch' }), '0x40'],
        ],
        at: '35m',
      },
    },
    {
      name: 'NodeFilesystemTurnedReadOnly',
      expr: promql`${perMount(recent(select(readonly, { fstype: local })))} == 1
and
${perMount(promql`min_over_time(${select(readonly, { fstype: local })}[1d])`)} == 0`,
      for: '0s',
      severity: 'critical',
      action: 'drain',
      domain: 'platform',
      team: 'sre',
      summary: 'A file system of a machine was writable and is read-only now.',
      description: `${place} has turned read-only. Look for errors of its disk, and drain the node.`,
      runbook: {
        meaning: 'The kernel does so when a disk fails, to save what is there. Everything that writes there fails.',
        firstLook: [
          'Why: `dmesg -T | grep -iE "i/o error|remount|ext4|xfs|nvme" | tail -20`.',
          'The disk: `smartctl -a <device>` or `nvme smart-log <device>`.',
        ],
        remedy: [
          'Drain the node, have the disk exchanged, and check the file system: `fsck <device>` or `xfs_repair <device>`.',
          'Somebody has mounted it so on purpose: the alert ends within a day.',
        ],
      },
      fires: {
        when: 'The root file system turns read-only',
        series: [[series(readonly, root), '0x10 1x5']],
        at: '12m',
        alerts: [onRoot],
      },
      quiet: {
        when: 'An image has always been read-only, a share is mounted so now, and the root file system is not',
        series: [
          [series(readonly, root), '0x15'],
          [series(readonly, boot), '1x15'],
          [series(readonly, nfs), '0x10 1x5'],
        ],
        at: '12m',
      },
    },
    {
      name: 'SharedFilesystemAlmostFull',
      expr: promql`min by (cluster, device) (${recent(select(available, { fstype: shared }))})
/
max by (cluster, device) (${recent(select(size, { fstype: shared }))})
< ${thresholds.filesystemLeftCriticalRatio}`,
      thresholds: ['filesystemLeftCriticalRatio'],
      for: '10m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A file system that many machines share is full but for a little.',
      description:
        '{{ $labels.device }} in {{ $labels.cluster }} has {{ $value | humanizePercentage }} left. See who uses it before checkpoints fail.',
      runbook: {
        meaning: 'Checkpoints and data sets of many runs are there, and all of them fail together.',
        firstLook: [
          'By user: `lfs quota -u <user> <mountpoint>` (Lustre), `mmlsquota` (GPFS), or the page of the storage.',
          'What grew since last week: `node_filesystem_avail_bytes{device="<device>"}`.',
        ],
        remedy: ['Ask the largest users to remove old checkpoints.', 'Set quotas, and enlarge the storage.'],
      },
      fires: {
        when: 'A share has less than three percent left, as two machines see it',
        series: [
          [series(available, root), '0x20'],
          [series(size, root), '1000x20'],
          [series(available, nfs), '29x20'],
          [series(size, nfs), '1000x20'],
          [series(available, { ...nfs, node: 'n2', instance: 'n2:9100' }), '29x20'],
          [series(size, { ...nfs, node: 'n2', instance: 'n2:9100' }), '1000x20'],
        ],
        at: '15m',
        alerts: [{ cluster: 'c1', device: 'nas:/data' }],
      },
      quiet: {
        when: 'A share has three percent left, and less for minutes, and a local disk nothing',
        series: [
          [series(available, nfs), '30x8 20x12'],
          [series(size, nfs), '1000x20'],
          [series(available, root), '0x20'],
          [series(size, root), '1000x20'],
        ],
        at: '15m',
      },
    },
    {
      name: 'SharedFilesystemStalled',
      expr: promql`${perMount(recent(select(failing, { fstype: shared })))} == 1`,
      for: '5m',
      severity: 'critical',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A machine gets no answer from a file system on the network.',
      description: `${place} does not answer. See whether other machines have it, then look at the storage or at the network of this one.`,
      runbook: {
        meaning: 'Whatever reads or writes there hangs, often without an error: data loaders, checkpoints, logins.',
        firstLook: [
          'One machine or all: `count by (device) (node_filesystem_device_error{fstype=~"nfs.*|lustre"} == 1)`.',
          'On the machine: `timeout 5 stat -f <mountpoint>`, `dmesg -T | tail`, `nfsstat -m`, `lctl get_param osc.*.state`.',
        ],
        remedy: [
          'All machines: the storage or its network is away.',
          'One machine: its interface or route. Afterwards `umount -l <mountpoint>` and mount again, or reboot.',
        ],
      },
      fires: {
        when: 'A share has not answered for seven minutes',
        series: [[series(failing, nfs), '0 1x8']],
        at: '7m',
        alerts: [{ ...exampleNode, device: 'nas:/data', mountpoint: '/data' }],
      },
      quiet: {
        when: 'A share was away for four minutes, and a mount of a container may not be looked at',
        series: [
          [series(failing, nfs), '0 1 1 1 1 0 0 0 0'],
          [series(failing, { ...root, fstype: 'tmpfs' }), '1x9'],
        ],
        at: '4m',
      },
    },
    {
      name: 'NfsRetransmissions',
      // Of all that was sent: while a server is away there are hardly any new calls.
      expr: promql`${perNode(promql`rate(${sentAgain}[10m])`)}
/
${perNode(promql`rate(${calls}[10m]) + rate(${sentAgain}[10m])`)}
> ${thresholds.nfsRetransmissionsRatio}`,
      thresholds: ['nfsRetransmissionsRatio'],
      for: '15m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'A machine has to repeat many calls to NFS servers.',
      description: `Of the NFS calls that {{ $labels.node }} in {{ $labels.cluster }} sends, {{ $value | humanizePercentage }} are repeated. See whether the server is slow or packets are lost.`,
      runbook: {
        meaning:
          'A call is repeated after a second or a minute without an answer, so data loading and checkpoints stand still for so long.',
        firstLook: [
          'On the machine: `nfsstat -rc`, `nfsiostat 5 3`, and `mount | grep nfs`.',
          'One machine or all: `rate(node_nfs_rpc_retransmissions_total[10m]) > 0`.',
        ],
        remedy: [
          'All machines: the server is overloaded; give it more threads, or spread the load.',
          'One machine: look at the errors of its interfaces, the alert NodeNetworkErrors.',
        ],
      },
      fires: {
        when: 'Six of a hundred calls are repeated, and at another machine the one that a server does not answer',
        series: [
          [series(sentAgain, { ...exampleHostTarget, node: 'n2' }), '0+1x40'],
          [series(calls, { ...exampleHostTarget, node: 'n2' }), '7x40'],
          [series(sentAgain, exampleHostTarget), '0+36x40'],
          [series(calls, exampleHostTarget), '0+600x40'],
        ],
        at: '35m',
        alerts: [exampleNode, { ...exampleNode, node: 'n2' }],
      },
      quiet: {
        when: 'Hardly a twentieth of the calls is repeated, and more for minutes',
        series: [
          [series(sentAgain, exampleHostTarget), '0+29x26 814+60x14'],
          [series(calls, exampleHostTarget), '0+600x40'],
        ],
        at: '35m',
      },
    },
    {
      name: 'NodeRaidDegraded',
      expr: promql`max by (cluster, node, device) (${recent(select(raidDisks, { state: 'failed' }))}) > 0`,
      for: '5m',
      severity: 'warning',
      action: 'contact_support',
      domain: 'platform',
      team: 'sre',
      summary: 'A software RAID of a machine has lost a disk.',
      description:
        '{{ $labels.device }} on {{ $labels.node }} in {{ $labels.cluster }} has {{ $value | humanize }} failed disks. Have them exchanged before another one fails.',
      runbook: {
        meaning: 'The data are there, but the next disk that fails takes them along.',
        firstLook: ['Which disk: `cat /proc/mdstat`, `mdadm --detail /dev/<device>` and `smartctl -a <disk>`.'],
        remedy: ['Exchange it: `mdadm --manage /dev/<device> --remove <disk>`, and after the exchange `--add <disk>`.'],
      },
      fires: {
        when: 'One disk of a mirror has failed',
        series: [[series(raidDisks, { ...exampleHostTarget, device: 'md0', state: 'failed' }), '0 1x9']],
        at: '8m',
        alerts: [{ ...exampleNode, device: 'md0' }],
      },
      quiet: {
        when: 'A mirror has a spare disk, and lost one for minutes',
        series: [
          [series(raidDisks, { ...exampleHostTarget, device: 'md0', state: 'failed' }), '0x5 1x4'],
          [series(raidDisks, { ...exampleHostTarget, device: 'md0', state: 'spare' }), '1x9'],
        ],
        at: '8m',
      },
    },
    {
      name: 'NodeDiskQueueLong',
      expr: promql`max by (cluster, node, device) (rate(${select(queued, { device: { notRe: 'dm-.*|md.*|loop.*' } })}[5m])) > ${thresholds.diskQueueCount}`,
      thresholds: ['diskQueueCount'],
      for: '30m',
      severity: 'warning',
      action: 'investigate',
      domain: 'platform',
      team: 'sre',
      summary: 'Requests wait for a disk of a machine.',
      description:
        'On average {{ $value | humanize }} requests wait for {{ $labels.device }} on {{ $labels.node }} in {{ $labels.cluster }}. See who reads and writes there.',
      runbook: {
        meaning: 'The disk is the bottleneck of what runs there: data loading, images, or logs.',
        firstLook: [
          'Who: `iotop -obn 3` and `iostat -x 5 3`.',
          'Is it failing: `smartctl -a /dev/<device>` or `nvme smart-log /dev/<device>`.',
        ],
        remedy: [
          'Data sets on the disk of the system: move them to the local NVMe or to memory.',
          'Long times with few requests: the disk is failing; have it exchanged.',
        ],
      },
      fires: {
        when: 'Seventy requests wait all the time',
        series: [[series(queued, { ...exampleHostTarget, device: 'sda' }), '0+4200x45']],
        at: '42m',
        alerts: [{ ...exampleNode, device: 'sda' }],
      },
      quiet: {
        when: 'Sixty requests wait for one disk, and more for minutes; and a hundred for a volume that is made of others',
        series: [
          [series(queued, { ...exampleHostTarget, device: 'sda' }), '0+3600x25 96000+6000x20'],
          [series(queued, { ...exampleHostTarget, device: 'dm-0' }), '0+6000x45'],
        ],
        at: '42m',
      },
    },
  ],
});

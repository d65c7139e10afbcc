import { noise } from '../../../../exporters/gpu/sources/simulated/random.ts';
import { machine } from '../../machine.ts';
import { type Disk, diskRequest, type NodeWork } from '../node-work.ts';
import { columnsOf, familyOf, type PageFamily, singleOf } from '../page.ts';

const gib = 1024 ** 3;

interface Mount {
  readonly device: string;
  readonly fstype: string;
  readonly mountpoint: string;
  readonly sizeBytes: number;
  readonly usedRatio: number;
  readonly files: number;
}

/** File systems of a machine, and the share that all of them mount, which is as full on each. */
function mountsOf({ key: { seed, node } }: NodeWork, atSeconds: number): readonly Mount[] {
  // Files come and go, so that nothing fills.
  const breath = 0.0004 * Math.sin((2 * Math.PI * atSeconds) / 2_700);
  return [
    {
      device: '/dev/nvme0n1p2',
      fstype: 'ext4',
      mountpoint: '/',
      sizeBytes: 440 * gib,
      usedRatio: 0.18 + 0.14 * noise(seed, node, 91),
      files: 29_294_592,
    },
    {
      device: '/dev/md0',
      fstype: 'xfs',
      mountpoint: '/data',
      sizeBytes: Math.floor((machine.diskBytes * 3 * 0.998) / 4096) * 4096,
      usedRatio: 0.3 + 0.25 * noise(seed, node, 92) + breath,
      files: 1_124_000_000,
    },
    {
      device: 'sim-nas-1:/exports/shared',
      fstype: 'nfs4',
      mountpoint: '/shared',
      sizeBytes: 400 * 1024 * gib,
      usedRatio: 0.47 + breath,
      files: 4_000_000_000,
    },
  ];
}

function fileSystemFamilies(work: NodeWork, atSeconds: number): readonly PageFamily[] {
  const rows = mountsOf(work, atSeconds).map((mount) => {
    const { device, fstype, mountpoint } = mount;
    return [{ device, device_error: '', fstype, mountpoint }, mount] as const;
  });
  const left = ({ sizeBytes, usedRatio }: Mount): number => Math.floor((sizeBytes * (1 - usedRatio)) / 4096) * 4096;
  const reserved = ({ fstype, sizeBytes }: Mount): number =>
    fstype === 'ext4' ? Math.floor(sizeBytes / 20 / 4096) * 4096 : 0;
  return columnsOf(rows, [
    ['node_filesystem_size_bytes', 'gauge', ({ sizeBytes }) => sizeBytes],
    ['node_filesystem_free_bytes', 'gauge', left, 'Space of a file system that is left, for root too.'],
    ['node_filesystem_avail_bytes', 'gauge', (mount) => left(mount) - reserved(mount)],
    ['node_filesystem_files', 'gauge', ({ files }) => files],
    ['node_filesystem_files_free', 'gauge', ({ files, usedRatio }) => Math.floor(files * (1 - usedRatio / 4))],
    ['node_filesystem_readonly', 'gauge', () => 0],
    ['node_filesystem_device_error', 'gauge', () => 0],
  ]);
}

function diskFamilies({ disks, bootSeconds }: NodeWork, atSeconds: number): readonly PageFamily[] {
  const rows = disks.map((disk, number) => [{ device: `nvme${number}n1` }, disk] as const);
  const bytes = (of: 'in' | 'out') => (disk: Disk) => Math.floor(disk[of].totalAt(atSeconds, bootSeconds) / 512) * 512;
  const requests = (of: 'in' | 'out') => (disk: Disk) => Math.floor(bytes(of)(disk) / diskRequest.bytes);
  const millis = (seconds: number): number => Math.floor(seconds * 1000) / 1000;
  const time = (of: 'readTime' | 'writeTime') => (disk: Disk) => millis(disk[of].totalAt(atSeconds, bootSeconds));
  const waited = (disk: Disk): number => time('readTime')(disk) + time('writeTime')(disk);
  return columnsOf(rows, [
    ['node_disk_reads_completed_total', 'counter', requests('in')],
    ['node_disk_writes_completed_total', 'counter', requests('out')],
    ['node_disk_read_bytes_total', 'counter', bytes('in')],
    ['node_disk_written_bytes_total', 'counter', bytes('out')],
    ['node_disk_read_time_seconds_total', 'counter', time('readTime')],
    ['node_disk_write_time_seconds_total', 'counter', time('writeTime')],
    ['node_disk_io_now', 'gauge', () => 0, 'Requests to a disk that are not done.'],
    // Some are under way at once.
    ['node_disk_io_time_seconds_total', 'counter', (disk) => millis(0.8 * waited(disk))],
    ['node_disk_io_time_weighted_seconds_total', 'counter', (disk) => millis(waited(disk))],
  ]);
}

export function storageFamilies(work: NodeWork, atSeconds: number): readonly PageFamily[] {
  const states = { active: 3, failed: 0, spare: 0 };
  return [
    ...fileSystemFamilies(work, atSeconds),
    ...diskFamilies(work, atSeconds),
    familyOf(
      'node_md_disks',
      'gauge',
      Object.entries(states).map(([state, count]) => [{ device: 'md0', state }, count]),
    ),
    singleOf('node_nfs_rpcs_total', 'counter', Math.floor(work.nfsCalls.totalAt(atSeconds, work.bootSeconds))),
    singleOf('node_nfs_rpc_retransmissions_total', 'counter', 0),
  ];
}

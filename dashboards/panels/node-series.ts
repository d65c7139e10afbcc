import { type Expr, promql, select } from '../../metrics/promql.ts';
import { nodeHost } from '../../metrics/vendors/node-exporter.ts';
import { onNodes } from './scope.ts';

/** File systems on disks of the machine. Shares that many mount are told once, elsewhere. */
export const onLocal = { ...onNodes, fstype: { re: 'ext[234]|xfs|btrfs|zfs|f2fs' } } as const;
export const onShared = {
  ...onNodes,
  fstype: { re: 'nfs.*|lustre|ceph|beegfs.*|gpfs|glusterfs|fuse.glusterfs|cifs|wekafs' },
} as const;

export function perMount(readings: Expr): Expr {
  return promql`max by (cluster, node, device, mountpoint) (${readings})`;
}

const available = perMount(select(nodeHost.node_filesystem_avail_bytes, onLocal));
const size = perMount(select(nodeHost.node_filesystem_size_bytes, onLocal));
export const localUsed = promql`(1 - ${available} / ${size})`;

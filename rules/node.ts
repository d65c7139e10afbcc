import type { Expr, PlainMetric } from '../metrics/promql.ts';
import { promql } from '../metrics/promql.ts';

/** Scrape jobs of node_exporter as charts, operators and hand-written configurations call them. */
export const hostJobs = { re: '(.*/)?node([-_]exporter)?' } as const;

/** File systems that many machines mount: their fill level is told once, and they hang with the network. */
export const shared = { re: 'nfs.*|lustre|ceph|beegfs.*|gpfs|glusterfs|fuse.glusterfs|cifs|wekafs' } as const;

/** File systems on disks of the machine. */
export const local = { re: 'ext[234]|xfs|btrfs|zfs|f2fs' } as const;

/** Ports of adapters of InfiniBand and RoCE. */
export function perPort(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, node, device, port) (${vector})`;
}

/** File systems of one machine. */
export function perMount(vector: PlainMetric | Expr): Expr {
  return promql`max by (cluster, node, device, mountpoint) (${vector})`;
}

import { defineMetrics } from '../define.ts';

/** Series of the kubelet about the volumes that it mounts. Not every storage driver tells them. */
export const kubelet = defineMetrics('external:kubelet', {
  kubelet_node_name: { kind: 'gauge', unit: 'none', help: 'Name of the node, value always 1.', labels: ['node'] },
  kubelet_volume_stats_available_bytes: {
    kind: 'gauge',
    unit: 'bytes',
    help: 'Space that is left in a volume.',
    labels: ['namespace', 'persistentvolumeclaim'],
  },
  kubelet_volume_stats_capacity_bytes: {
    kind: 'gauge',
    unit: 'bytes',
    help: 'Size of a volume.',
    labels: ['namespace', 'persistentvolumeclaim'],
  },
});

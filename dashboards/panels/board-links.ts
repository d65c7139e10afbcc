import type { BoardLink } from '../panel.ts';

/** Where panels lead whose lines, bars or curves are GPUs, nodes, runs or alerts. */
export const toGpuDetail: BoardLink = {
  uid: 'fleetlens-gpu-detail',
  title: 'GPU detail',
  variables: [
    { name: 'cluster', label: 'cluster' },
    { name: 'node', label: 'node' },
    { name: 'gpu', label: 'gpu_id' },
    { name: 'uuid', label: 'uuid' },
  ],
};

export const toGpuFleet: BoardLink = {
  uid: 'fleetlens-gpu-fleet',
  title: 'GPU fleet',
  variables: [
    { name: 'cluster', label: 'cluster' },
    { name: 'node', label: 'node' },
  ],
};

export const toRun: BoardLink = {
  uid: 'fleetlens-training-runs',
  title: 'Training runs',
  variables: [
    { name: 'cluster', label: 'cluster' },
    { name: 'run', label: 'run' },
  ],
};

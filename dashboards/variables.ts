import { gpu } from '../metrics/gpu.ts';
import { select } from '../metrics/promql.ts';
import { training } from '../metrics/training.ts';
import type { Variable } from './board.ts';
import { onClusters, onNodes } from './panels/scope.ts';

/** Down to one GPU; the state of the driver is there even on nodes whose GPUs are all gone. */
export const clusterNodeGpu: readonly Variable[] = [
  {
    name: 'cluster',
    label: 'Cluster',
    description: 'Clusters with a GPU exporter.',
    values: { of: select(gpu.gpu_driver_state, {}), label: 'cluster' },
  },
  {
    name: 'node',
    label: 'Node',
    description: 'Nodes of the chosen clusters.',
    values: { of: select(gpu.gpu_driver_state, onClusters), label: 'node' },
  },
  {
    name: 'gpu',
    label: 'GPU',
    description: 'Index of the GPU on its node, as nvidia-smi counts.',
    values: { of: select(gpu.gpu_up, onNodes), label: 'gpu_id' },
  },
];

/** Down to one run; runs that have ended are still found in the time range that is shown. */
export const clusterRun: readonly Variable[] = [
  {
    name: 'cluster',
    label: 'Cluster',
    description: 'Clusters with a training exporter that sees runs.',
    values: { of: select(training.training_run_info, {}), label: 'cluster' },
  },
  {
    name: 'run',
    label: 'Run',
    description: 'Training runs of the chosen clusters.',
    values: { of: select(training.training_run_info, onClusters), label: 'run' },
  },
];

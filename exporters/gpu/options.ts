import { daemonOptions } from '../../kit/daemon-options.ts';
import { defineOptions } from '../../kit/options/define.ts';
import { scenarioNames } from './sources/simulated/scenarios.ts';
import { sourceNames } from './sources/source.ts';

export const gpuOptions = defineOptions({
  command: 'fleetlens gpu',
  about:
    'Exports the GPUs of this machine to Prometheus: health, errors, temperatures, power, clocks, memory. Reads NVML, needs no DCGM.',
  options: {
    ...daemonOptions(9400),
    source: {
      type: 'enum',
      default: 'nvml',
      values: sourceNames,
      help: 'Where readings come from: the GPUs of this machine, or a simulated fleet to try things with.',
    },
    'gpu.interval': {
      type: 'duration',
      default: '5s',
      min: '200ms',
      max: '5m',
      help: 'How often the GPUs are read. A scrape shows the last reading and never waits for the driver.',
    },
    'gpu.timeout': {
      type: 'duration',
      default: '2s',
      min: '100ms',
      max: '1m',
      help: 'A reading that takes longer counts as a driver that hangs: its values are not shown any more.',
    },
    'gpu.patience': {
      type: 'duration',
      default: '10s',
      min: '100ms',
      max: '10m',
      help: 'How long a driver call may hang before its process is ended and started again.',
    },
    'nvml.library': {
      type: 'list',
      default: [
        'libnvidia-ml.so.1',
        '/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1',
        '/run/nvidia/driver/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1',
        '/run/nvidia/driver/usr/lib/aarch64-linux-gnu/libnvidia-ml.so.1',
        '/home/kubernetes/bin/nvidia/lib64/libnvidia-ml.so.1',
        '/usr/lib/wsl/lib/libnvidia-ml.so.1',
      ],
      help: 'Names or paths of the NVML library; the first that loads is used.',
    },
    'simulated.nodes': {
      type: 'integer',
      default: 1,
      min: 1,
      max: 2000,
      help: 'Number of simulated nodes. The first is at /metrics, all are at /nodes/<name>/metrics.',
    },
    'simulated.gpus': { type: 'integer', default: 8, min: 1, max: 16, help: 'GPUs of each simulated node.' },
    'simulated.scenario': {
      type: 'enum',
      default: 'healthy',
      values: scenarioNames,
      help: 'What happens to the simulated fleet; see the guide of the GPU exporter.',
    },
    'simulated.seed': {
      type: 'integer',
      default: 1,
      min: 0,
      max: 2_147_483_647,
      help: 'The same seed gives the same simulated fleet.',
    },
  },
});

export type GpuOptions = typeof gpuOptions.options;

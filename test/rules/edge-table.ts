import { prometheus } from '../../metrics/external.ts';
import { gpu } from '../../metrics/gpu.ts';
import type { Expr } from '../../metrics/promql.ts';
import { series } from '../../metrics/promql.ts';
import { training } from '../../metrics/training.ts';
import type { Alert, Example, FiringExample } from '../../rules/alert.ts';
import {
  exampleGpu,
  exampleGpuTarget,
  exampleHostTarget,
  exampleNode,
  exampleOtherRun,
  examplePhase,
  exampleRun,
  exampleRunTarget,
  exampleTarget,
} from '../../rules/examples.ts';
import { kubernetesGroup } from '../../rules/recording/kubernetes.ts';
import { trainingGroup } from '../../rules/recording/training.ts';
import { keyOf } from './alert-key.ts';

/** What the two examples of an alert do not show: the other half of its expression, and neighbours on the same node. */
interface Edge {
  readonly name: string;
  readonly fires?: FiringExample;
  readonly quiet?: Example;
}

const neighbour = { ...exampleGpuTarget, gpu_id: '1', uuid: 'GPU-neighbour' } as const;
const uncorrectable = { severity: 'uncorrectable', lifetime: 'volatile' } as const;

const edges: readonly Edge[] = [
  {
    name: 'GpuTemperatureHigh',
    fires: {
      when: 'a GPU without a limit beside one with a limit',
      series: [
        [series(gpu.gpu_temperature_celsius, exampleGpuTarget), '85x6'],
        [series(gpu.gpu_temperature_celsius, neighbour), '85x6'],
        [series(gpu.gpu_slowdown_temperature_celsius, neighbour), '95x6'],
      ],
      at: '5m',
      alerts: [exampleGpu],
    },
    quiet: {
      when: 'one degree below the value for GPUs without a limit',
      series: [[series(gpu.gpu_temperature_celsius, exampleGpuTarget), '84x6']],
      at: '5m',
    },
  },
  {
    name: 'GpuTemperatureCritical',
    fires: {
      when: 'exactly at its own limit, beside a cooler GPU without one',
      series: [
        [series(gpu.gpu_temperature_celsius, exampleGpuTarget), '87x6'],
        [series(gpu.gpu_slowdown_temperature_celsius, exampleGpuTarget), '87x6'],
        [series(gpu.gpu_temperature_celsius, neighbour), '91x6'],
      ],
      at: '5m',
      alerts: [exampleGpu],
    },
    quiet: {
      when: 'hotter than the value for GPUs without a limit, and still below its own limit',
      series: [
        [series(gpu.gpu_temperature_celsius, exampleGpuTarget), '94x6'],
        [series(gpu.gpu_slowdown_temperature_celsius, exampleGpuTarget), '95x6'],
      ],
      at: '5m',
    },
  },
  {
    name: 'GpuMemoryTemperatureHigh',
    fires: {
      when: 'memory without a known limit',
      series: [
        [series(gpu.gpu_memory_temperature_celsius, exampleGpuTarget), '95x10'],
        [series(gpu.gpu_memory_temperature_celsius, neighbour), '96x10'],
        [series(gpu.gpu_memory_max_temperature_celsius, neighbour), '105x10'],
      ],
      at: '7m',
      alerts: [exampleGpu],
    },
    quiet: {
      when: 'six degrees below its own limit',
      series: [
        [series(gpu.gpu_memory_temperature_celsius, exampleGpuTarget), '99x10'],
        [series(gpu.gpu_memory_max_temperature_celsius, exampleGpuTarget), '105x10'],
      ],
      at: '7m',
    },
  },
  {
    name: 'GpuPcieDowngrade',
    fires: {
      when: 'an idle GPU has half of its lanes, beside an idle one that saves power',
      series: [
        ...link(exampleGpuTarget, { width: 8, generation: 5, load: 0 }),
        ...link(neighbour, { width: 16, generation: 1, load: 0 }),
      ],
      at: '10m',
      alerts: [exampleGpu],
    },
    quiet: {
      when: 'exactly at the load that counts as busy',
      series: link(exampleGpuTarget, { width: 16, generation: 4, load: 0.2 }),
      at: '10m',
    },
  },
  {
    name: 'GpuCountDropped',
    fires: {
      when: 'a GPU was lost 23 hours ago',
      series: [[series(gpu.gpu_devices, exampleTarget), '8x10 7x1500']],
      at: '1390m',
      alerts: [exampleNode],
    },
    quiet: {
      when: 'a GPU was lost more than a day ago',
      series: [[series(gpu.gpu_devices, exampleTarget), '8x10 7x1500']],
      at: '1455m',
    },
  },
  {
    name: 'GpuEccUncorrectable',
    fires: {
      when: 'an error a quarter of an hour ago is still shown',
      series: [[series(gpu.gpu_ecc_errors_total, { ...exampleGpuTarget, ...uncorrectable }), '0x1 1x40']],
      at: '18m',
      alerts: [exampleGpu],
    },
    quiet: {
      when: 'an error 23 minutes ago',
      series: [[series(gpu.gpu_ecc_errors_total, { ...exampleGpuTarget, ...uncorrectable }), '0x1 1x40']],
      at: '25m',
    },
  },
  {
    name: 'ManyExportersDown',
    quiet: { when: 'four of 44 are down', series: targets(44, 4), at: '8m' },
    fires: {
      when: 'five of forty are down',
      series: targets(40, 5),
      at: '8m',
      alerts: [{ cluster: 'c1', job: 'fleetlens-gpu' }],
    },
  },
  {
    name: 'ManyExportersDown',
    quiet: {
      when: 'all exporters of someone else are down',
      series: targets(5, 5).map(([name, values]) => [relabelled(name), values] as const),
      at: '8m',
    },
  },
  {
    name: 'TrainingLossSpike',
    fires: {
      when: 'a single loss of ten times the first hundred',
      series: [
        [series(training.training_loss_spikes_total, { ...exampleRunTarget, rule: 'mad' }), '0x5 1x10'],
        [series(training.training_loss_spikes_total, { ...exampleRunTarget, rule: 'max' }), '0x5 1x10'],
        examplePhase('training', '1x15'),
      ],
      at: '8m',
      alerts: [exampleRun],
    },
  },
  {
    name: 'TrainingStalled',
    fires: {
      when: 'steps are left, and the process is known to be gone',
      series: [
        ...silentRun(),
        [series(training.training_run_alive, exampleRunTarget), '0x30'],
        [series(training.training_max_steps, exampleRunTarget), '10000x30'],
      ],
      at: '9m',
      alerts: [exampleRun],
    },
  },
  {
    name: 'TrainingFailed',
    fires: {
      when: 'the run itself says that it failed, and there is no exit code',
      series: [examplePhase('failed', '1x10'), examplePhase('ended', '1x10', exampleOtherRun('other'))],
      at: '5m',
      alerts: [exampleRun],
    },
  },
  {
    name: 'TrainingThroughputDrop',
    fires: {
      when: 'only steps and an unchanged batch are known, and steps take a quarter longer',
      series: [
        ...slowerSteps('2x60 2.5x60'),
        [series(training.training_global_batch_size, exampleRunTarget), '512x120'],
      ],
      at: '85m',
      alerts: [exampleRun],
    },
    quiet: {
      when: 'only steps are known, and they take a tenth longer',
      series: slowerSteps('2x60 2.2x60'),
      at: '85m',
    },
  },
  {
    name: 'TrainingThroughputDrop',
    quiet: {
      when: 'steps take longer, and tokens are known since a quarter of an hour',
      series: [
        ...slowerSteps('2x60 2.5x60'),
        [series(training.training_tokens_per_second, exampleRunTarget), '_x70 100000x50'],
      ],
      at: '85m',
    },
  },
  {
    name: 'TrainingCheckpointStale',
    fires: {
      when: 'the step of the checkpoint is not known',
      series: [
        [series(training.training_last_checkpoint_timestamp_seconds, exampleRunTarget), '0x60'],
        [series(training.training_checkpoint_interval_seconds, exampleRunTarget), '600x60'],
        examplePhase('training', '1x60'),
      ],
      at: '23m',
      alerts: [exampleRun],
    },
    quiet: {
      when: 'the run evaluates',
      series: [
        [series(training.training_last_checkpoint_timestamp_seconds, exampleRunTarget), '0x60'],
        [series(training.training_checkpoint_interval_seconds, exampleRunTarget), '600x60'],
        examplePhase('training', '0x60'),
        examplePhase('evaluating', '1x60'),
      ],
      at: '23m',
    },
  },
  {
    name: 'TrainingPlateau',
    fires: {
      when: 'a loss below zero rises',
      series: [
        [series(training.training_loss_median, exampleRunTarget), '-2+0.0001x900'],
        examplePhase('training', '1x900'),
      ],
      at: '800m',
      alerts: [exampleRun],
    },
    quiet: {
      when: 'a loss below zero falls further',
      series: [
        [series(training.training_loss_median, exampleRunTarget), '-2-0.0001x900'],
        examplePhase('training', '1x900'),
      ],
      at: '800m',
    },
  },
  {
    name: 'ApiServerErrorBudgetBurn',
    fires: {
      when: 'too many requests fail for six hours, none of them in a burst',
      series: apiErrors({ '5m': '0.07x10', '30m': '0.07x10', '1h': '0.07x10', '6h': '0.061x10' }),
      at: '5m',
      alerts: [{ cluster: 'c1' }],
    },
    quiet: {
      when: 'the fast windows and the slow ones each have one half over their limit',
      series: apiErrors({ '5m': '0.2x10', '30m': '0.055x10', '1h': '0.14x10', '6h': '0.07x10' }),
      at: '5m',
    },
  },
  {
    name: 'NodeDown',
    fires: {
      when: 'only node_exporter was ever scraped there, under the name that the operator gives to its job',
      series: [[series(prometheus.up, { ...exampleHostTarget, job: 'monitoring/node-exporter' }), '1 0x6']],
      at: '4m',
      alerts: [exampleNode],
    },
    quiet: {
      when: 'a job of another name ends like that of node_exporter',
      series: [[series(prometheus.up, { ...exampleHostTarget, job: 'my-node' }), '1 0x6']],
      at: '4m',
    },
  },
];

/** The edges of an alert, each with the alerts that it expects. */
export function edgesOf(alert: Alert): readonly FiringExample[] {
  const key = keyOf(alert);
  return edges
    .filter(({ name }) => name === key)
    .flatMap(({ fires, quiet }) => [
      ...(fires === undefined ? [] : [fires]),
      ...(quiet === undefined ? [] : [{ ...quiet, alerts: [] }]),
    ]);
}

/** The last step was reported five minutes after the beginning; reports come every 20 s. */
function silentRun(): readonly (readonly [Expr, string])[] {
  return [
    [series(training.training_last_step_timestamp_seconds, exampleRunTarget), '0+60x5 300x25'],
    [series(training.training_step_duration_median_seconds, exampleRunTarget), '2x30'],
    [series(training.training_report_interval_seconds, exampleRunTarget), '20x30'],
    [series(training.training_step, exampleRunTarget), '9000x30'],
    examplePhase('training', '1x30'),
  ];
}

function slowerSteps(meanSeconds: string): readonly (readonly [Expr, string])[] {
  return [
    [series(trainingGroup.series['run:training_step_duration_seconds:mean5m'], exampleRun), meanSeconds],
    [series(training.training_steps_total, exampleRunTarget), '0+30x120'],
  ];
}

function link(
  target: typeof exampleGpuTarget | typeof neighbour,
  { width, generation, load }: { readonly width: number; readonly generation: number; readonly load: number },
): readonly (readonly [Expr, string])[] {
  return [
    [series(gpu.gpu_pcie_link_width, target), `${width}x15`],
    [series(gpu.gpu_pcie_link_width_max, target), '16x15'],
    [series(gpu.gpu_pcie_link_generation, target), `${generation}x15`],
    [series(gpu.gpu_pcie_link_generation_max, target), '5x15'],
    [series(gpu.gpu_utilization_ratio, target), `${load}x15`],
  ];
}

function targets(count: number, down: number): readonly (readonly [Expr, string])[] {
  return Array.from({ length: count }, (_, index) => {
    const target = { ...exampleTarget, node: `n${index}`, instance: `n${index}:9400` };
    return [series(prometheus.up, target), index < down ? '0x10' : '1x10'] as const;
  });
}

function relabelled(name: Expr): Expr {
  return { ...name, promql: name.promql.replace('fleetlens-gpu', 'node') };
}

/** Shares of requests to the Kubernetes API that fail, by the window that they are recorded over. */
function apiErrors(ratios: Readonly<Record<'5m' | '30m' | '1h' | '6h', string>>): readonly (readonly [Expr, string])[] {
  const { series: recorded } = kubernetesGroup;
  return [
    [series(recorded['cluster:apiserver_request_errors:ratio5m'], { cluster: 'c1' }), ratios['5m']],
    [series(recorded['cluster:apiserver_request_errors:ratio30m'], { cluster: 'c1' }), ratios['30m']],
    [series(recorded['cluster:apiserver_request_errors:ratio1h'], { cluster: 'c1' }), ratios['1h']],
    [series(recorded['cluster:apiserver_request_errors:ratio6h'], { cluster: 'c1' }), ratios['6h']],
  ];
}

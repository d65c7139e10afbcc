import { prometheus } from '../../metrics/external.ts';
import { gpu } from '../../metrics/gpu.ts';
import type { Expr } from '../../metrics/promql.ts';
import { series } from '../../metrics/promql.ts';
import type { Alert, Example, FiringExample } from '../../rules/alert.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { exampleGpu, exampleGpuTarget, exampleNode, exampleTarget } from '../../rules/examples.ts';
import { alertFile } from '../../rules/render/prometheus.ts';
import { alertTests } from '../../rules/render/promtool-tests.ts';
import { ruleFolder } from './rule-files.ts';

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
    quiet: { when: 'three of forty are down', series: targets(40, 3), at: '8m' },
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
];

const folder = ruleFolder();
afterAll(() => folder.remove());

test.each(edges)('$name at its edges', (edge) => {
  const theme = alertThemes.find(({ alerts }) => alerts.some(({ name }) => name === edge.name));
  const alert = theme?.alerts.find(({ name }) => name === edge.name);
  if (theme === undefined || alert === undefined) throw new Error(`no alert ${edge.name}`);
  const alerts: readonly Alert[] = [{ ...alert, fires: edge.fires ?? alert.fires, quiet: edge.quiet ?? alert.quiet }];
  folder.write('rules.yaml', alertFile(theme, { runbookBaseUrl: 'https://x' }));
  folder.write('edge.test.yaml', alertTests({ ...theme, alerts }, { ruleFiles: ['rules.yaml'] }));
  expect(folder.promtool('test', 'rules', 'edge.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
});

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

import { gpu } from '../../metrics/gpu.ts';
import type { Expr } from '../../metrics/promql.ts';
import { series } from '../../metrics/promql.ts';
import { compatRecordings } from '../../rules/recording/compat.ts';
import { gpuGroup, type gpuRecordings } from '../../rules/recording/gpu.ts';
import { gpuLinkSumsGroup } from '../../rules/recording/gpu-link-sums.ts';
import { gpuSlowGroup } from '../../rules/recording/gpu-slow.ts';
import { recorded } from '../../rules/recording/index.ts';
import { recordingFile } from '../../rules/render/prometheus.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

function target(node: string, id: string) {
  return { cluster: 'c1', node, job: 'fleetlens-gpu', instance: `${node}:9400`, gpu_id: id, uuid: `GPU-${node}-${id}` };
}

const first = target('n1', '0');
const second = target('n1', '1');
const third = target('n2', '0');
/** The same GPU once more, seen by a second exporter on the node. */
const thirdAgain = { ...third, instance: 'n2:9401' };

const input: readonly (readonly [Expr, string])[] = [
  ...[first, second, third, thirdAgain].map(
    (labels) => [series(gpu.gpu_up, labels), labels === second ? '0' : '1'] as const,
  ),
  [series(gpu.gpu_utilization_ratio, first), '0.5'],
  [series(gpu.gpu_utilization_ratio, second), '1'],
  [series(gpu.gpu_utilization_ratio, third), '0'],
  [series(gpu.gpu_utilization_ratio, thirdAgain), '0'],
  [series(gpu.gpu_memory_used_bytes, first), '10'],
  [series(gpu.gpu_memory_used_bytes, third), '20'],
  [series(gpu.gpu_memory_used_bytes, thirdAgain), '20'],
  [series(gpu.gpu_memory_total_bytes, first), '80'],
  [series(gpu.gpu_memory_total_bytes, third), '80'],
  [series(gpu.gpu_temperature_celsius, first), '60'],
  [series(gpu.gpu_temperature_celsius, second), '70'],
  [series(gpu.gpu_temperature_celsius, third), '50'],
  [series(gpu.gpu_power_watts, first), '300'],
  [series(gpu.gpu_power_watts, second), '400'],
  [series(gpu.gpu_power_watts, third), '100'],
  [series(gpu.gpu_nvlink_up, { ...first, link: '0' }), '1'],
  [series(gpu.gpu_nvlink_up, { ...first, link: '1' }), '1'],
  [series(gpu.gpu_nvlink_up, { ...first, link: '2' }), '0'],
  [series(gpu.gpu_nvlink_up, { ...third, link: '0' }), '1'],
  [series(gpu.gpu_nvlink_up, { ...thirdAgain, link: '0' }), '1'],
  [series(gpu.gpu_nvlink_transmit_bytes_per_second, first), '10'],
  [series(gpu.gpu_nvlink_transmit_bytes_per_second, second), '20'],
  [series(gpu.gpu_nvlink_transmit_bytes_per_second, third), '5'],
  [series(gpu.gpu_nvlink_transmit_bytes_per_second, thirdAgain), '5'],
  [series(gpu.gpu_nvlink_receive_bytes_per_second, first), '11'],
  [series(gpu.gpu_nvlink_receive_bytes_per_second, second), '21'],
  [series(gpu.gpu_pcie_transmit_bytes_per_second, first), '1'],
  [series(gpu.gpu_pcie_transmit_bytes_per_second, second), '2'],
  [series(gpu.gpu_pcie_receive_bytes_per_second, first), '3'],
  [series(gpu.gpu_pcie_receive_bytes_per_second, second), '4'],
  [series(gpu.gpu_clock_event_active, { ...first, reason: 'sw_thermal' }), '1'],
  [series(gpu.gpu_clock_event_active, { ...first, reason: 'hw_slowdown' }), '1'],
  [series(gpu.gpu_clock_event_active, { ...second, reason: 'sw_power_cap' }), '1'],
  [series(gpu.gpu_clock_event_active, { ...first, reason: 'sw_power_cap' }), '1'],
  [series(gpu.gpu_clock_event_active, { ...third, reason: 'hw_thermal' }), '0'],
  [series(gpu.gpu_clock_event_active, { ...third, reason: 'sw_power_cap' }), '1'],
  [series(gpu.gpu_clock_event_active, { ...thirdAgain, reason: 'sw_power_cap' }), '1'],
];

/** Counters with all their values: each exporter that sees the same GPU counts the same. */
const counters: readonly (readonly [Expr, string])[] = [
  [series(gpu.gpu_xid_errors_total, { ...first, xid: '79' }), '0x30 4x30'],
  [series(gpu.gpu_xid_errors_total, { ...third, xid: '79' }), '0x30 2x30'],
  ...[third, thirdAgain].map(
    (labels) => [series(gpu.gpu_xid_errors_total, { ...labels, xid: '31' }), '0x50 2+2x10'] as const,
  ),
  ...['0', '1'].map(
    (link) => [series(gpu.gpu_nvlink_errors_total, { ...first, link, kind: 'crc_flit' }), '0+2x60'] as const,
  ),
  [series(gpu.gpu_nvlink_errors_total, { ...second, link: '0', kind: 'crc_flit' }), '7x60'],
  ...[third, thirdAgain].map(
    (labels) => [series(gpu.gpu_nvlink_errors_total, { ...labels, link: '0', kind: 'replay' }), '0+1x60'] as const,
  ),
  [series(gpu.gpu_pcie_replays_total, first), '0+5x60'],
  [series(gpu.gpu_pcie_replays_total, second), '3x60'],
  ...[third, thirdAgain].map(
    (labels) =>
      [
        series(gpu.gpu_ecc_errors_total, { ...labels, severity: 'correctable', lifetime: 'volatile' }),
        '0+3x60',
      ] as const,
  ),
  [series(gpu.gpu_ecc_errors_total, { ...first, severity: 'correctable', lifetime: 'aggregate' }), '0+9x60'],
  [series(gpu.gpu_ecc_errors_total, { ...first, severity: 'uncorrectable', lifetime: 'volatile' }), '1x60'],
  [series(gpu.gpu_energy_joules_total, first), '0+60x60'],
  [series(gpu.gpu_energy_joules_total, second), '0+30x60'],
  ...[third, thirdAgain].map((labels) => [series(gpu.gpu_energy_joules_total, labels), '0+6x60'] as const),
];

/** Every recorded series of the three groups, so that a new one without a value here fails. */
const expected: { readonly [N in keyof typeof gpuRecordings.series]: Readonly<Record<string, number>> } = {
  'cluster:gpu:count': { 'cluster="c1"': 3 },
  'cluster:gpu_up:sum': { 'cluster="c1"': 2 },
  'cluster:gpu_utilization_ratio:avg': { 'cluster="c1"': 0.5 },
  'cluster:gpu_memory_used_bytes:sum': { 'cluster="c1"': 30 },
  'cluster:gpu_memory_total_bytes:sum': { 'cluster="c1"': 160 },
  'cluster:gpu_temperature_celsius:max': { 'cluster="c1"': 70 },
  'cluster:gpu_power_watts:sum': { 'cluster="c1"': 800 },
  'cluster:gpu_throttled:sum': { 'cluster="c1"': 1 },
  'cluster_xid:gpu_xid_errors:increase1h': { 'cluster="c1",xid="79"': 6, 'cluster="c1",xid="31"': 20 },
  'gpu:gpu_nvlink_up:sum': {
    'cluster="c1",node="n1",gpu_id="0",uuid="GPU-n1-0"': 2,
    'cluster="c1",node="n2",gpu_id="0",uuid="GPU-n2-0"': 1,
  },
  'gpu_kind:gpu_nvlink_errors:increase10m': {
    'cluster="c1",node="n1",gpu_id="0",uuid="GPU-n1-0",kind="crc_flit"': 40,
    'cluster="c1",node="n2",gpu_id="0",uuid="GPU-n2-0",kind="replay"': 10,
  },
  'gpu:gpu_pcie_replays:increase10m': { 'cluster="c1",node="n1",gpu_id="0",uuid="GPU-n1-0"': 50 },
  'node:gpu_nvlink_transmit_bytes_per_second:sum': { 'cluster="c1",node="n1"': 30, 'cluster="c1",node="n2"': 5 },
  'node:gpu_nvlink_receive_bytes_per_second:sum': { 'cluster="c1",node="n1"': 32 },
  'node:gpu_pcie_transmit_bytes_per_second:sum': { 'cluster="c1",node="n1"': 3 },
  'node:gpu_pcie_receive_bytes_per_second:sum': { 'cluster="c1",node="n1"': 7 },
  'gpu_severity:gpu_ecc_errors:increase10m': {
    'cluster="c1",node="n2",gpu_id="0",uuid="GPU-n2-0",severity="correctable"': 30,
  },
  'gpu_xid:gpu_xid_errors:increase10m': { 'cluster="c1",node="n2",gpu_id="0",uuid="GPU-n2-0",xid="31"': 20 },
  'node:gpu_energy_joules:increase10m': { 'cluster="c1",node="n1"': 900, 'cluster="c1",node="n2"': 60 },
  'node:gpu:count': { 'cluster="c1",node="n1"': 2, 'cluster="c1",node="n2"': 1 },
  'node:gpu_up:sum': { 'cluster="c1",node="n1"': 1, 'cluster="c1",node="n2"': 1 },
  'node:gpu_utilization_ratio:avg': { 'cluster="c1",node="n1"': 0.75, 'cluster="c1",node="n2"': 0 },
  'node:gpu_memory_used_bytes:sum': { 'cluster="c1",node="n1"': 10, 'cluster="c1",node="n2"': 20 },
  'node:gpu_memory_total_bytes:sum': { 'cluster="c1",node="n1"': 80, 'cluster="c1",node="n2"': 80 },
  'node:gpu_temperature_celsius:max': { 'cluster="c1",node="n1"': 70, 'cluster="c1",node="n2"': 50 },
  'node:gpu_power_watts:sum': { 'cluster="c1",node="n1"': 700, 'cluster="c1",node="n2"': 100 },
  'node_reason:gpu_clock_event_active:sum': {
    'cluster="c1",node="n1",reason="sw_thermal"': 1,
    'cluster="c1",node="n1",reason="hw_slowdown"': 1,
    'cluster="c1",node="n1",reason="sw_power_cap"': 2,
    'cluster="c1",node="n2",reason="hw_thermal"': 0,
    'cluster="c1",node="n2",reason="sw_power_cap"': 1,
  },
};

test('every recorded GPU series has the value and exactly the labels it promises', () => {
  folder.write('gpu.yaml', recordingFile(gpuGroup));
  folder.write('gpu-slow.yaml', recordingFile(gpuSlowGroup));
  folder.write('gpu-link-sums.yaml', recordingFile(gpuLinkSumsGroup));
  folder.write('gpu.test.yaml', {
    rule_files: ['gpu.yaml', 'gpu-slow.yaml', 'gpu-link-sums.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: [
          ...input.map(([name, value]) => ({ series: name.promql, values: `${value}x60` })),
          ...counters.map(([name, values]) => ({ series: name.promql, values })),
        ],
        promql_expr_test: Object.entries(expected).map(([name, values]) => ({
          expr: name,
          eval_time: '60m',
          exp_samples: Object.entries(values).map(([labels, value]) => ({ labels: `${name}{${labels}}`, value })),
        })),
      },
    ],
  });
  expect(folder.promtool('test', 'rules', 'gpu.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
});

test('the old name of the utilization is in percent and keeps every label', () => {
  const old = `gpu_utilization_percent{${Object.entries(first)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}}`;
  folder.write('compat.yaml', recordingFile(compatRecordings));
  folder.write('compat.test.yaml', {
    rule_files: ['compat.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: [{ series: series(gpu.gpu_utilization_ratio, first).promql, values: '0.5x3' }],
        promql_expr_test: [
          { expr: 'gpu_utilization_percent', eval_time: '2m', exp_samples: [{ labels: old, value: 50 }] },
        ],
      },
    ],
  });
  expect(folder.promtool('test', 'rules', 'compat.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
});

test('old names are loaded only on request, and every recorded series is found by name', () => {
  expect(compatRecordings.optional).toBe(true);
  expect([gpuGroup, gpuSlowGroup, gpuLinkSumsGroup].map(({ optional }) => optional)).toEqual([false, false, false]);
  expect(recorded.get('node:gpu:count')?.labels).toEqual(['cluster', 'node']);
  expect(recorded.get('gpu_utilization_percent')?.unit).toBe('percent');
});

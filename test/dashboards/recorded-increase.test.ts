import { eventsOf, increaseOf } from '../../dashboards/panels/recorded-increase.ts';
import { gpu } from '../../metrics/gpu.ts';
import { type Expr, promql, select, series } from '../../metrics/promql.ts';
import { gpuSlowGroup } from '../../rules/recording/gpu-slow.ts';
import { recordingFile } from '../../rules/render/prometheus.ts';
import { ruleFolder } from '../rules/rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

const device = { cluster: 'c1', node: 'n1', job: 'fleetlens-gpu', instance: 'n1:9400', gpu_id: '0', uuid: 'GPU-0' };
const xids = select(gpuSlowGroup.series['gpu_xid:gpu_xid_errors:increase10m'], {});
const energy = select(gpuSlowGroup.series['node:gpu_energy_joules:increase10m'], {});

function values(at: string, expr: Expr, expected: readonly number[]) {
  return { expr: expr.promql, eval_time: at, exp_samples: expected.map((value) => ({ labels: '{}', value })) };
}

test('events count once, from the moment when they are recorded until they are over an hour old', () => {
  const sum = promql`sum(${eventsOf(xids, '1h')})`;
  folder.write('gpu-slow.yaml', recordingFile(gpuSlowGroup));
  folder.write('increase.test.yaml', {
    rule_files: ['gpu-slow.yaml'],
    evaluation_interval: '2m',
    tests: [
      {
        interval: '30s',
        // Three errors and one of another kind after twenty minutes; 60 W all the time.
        input_series: [
          { series: series(gpu.gpu_xid_errors_total, { ...device, xid: '79' }).promql, values: '0x40 3x200' },
          { series: series(gpu.gpu_xid_errors_total, { ...device, xid: '31' }).promql, values: '0x40 1x200' },
          { series: series(gpu.gpu_energy_joules_total, device).promql, values: '0+1800x240' },
        ],
        promql_expr_test: [
          values('20m', sum, []),
          values('22m', sum, [2]),
          values('32m', sum, [4]),
          values('70m', sum, [4]),
          values('110m', sum, []),
          values('81m', promql`round(sum(${increaseOf(energy, '1h')}) / 3600)`, [60]),
        ],
      },
    ],
  });
  expect(folder.promtool('test', 'rules', 'increase.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
});

import { cmdb } from '../../metrics/cmdb.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { gpu } from '../../metrics/gpu.ts';
import { series } from '../../metrics/promql.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import {
  exampleCi,
  exampleCmdbReplica,
  exampleCmdbTarget,
  exampleGpuTarget,
  exampleTarget,
} from '../../rules/examples.ts';
import { contextOf } from '../../rules/render/context.ts';
import { alertFile } from '../../rules/render/prometheus.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

const gpuLost = alertThemes.find(({ theme }) => theme === 'gpu-lost');
beforeAll(() => {
  if (gpuLost === undefined) throw new Error('the theme gpu-lost is gone');
  folder.write('gpu-lost.yaml', alertFile(gpuLost, { runbookBaseUrl: 'https://x' }));
});

type Series = readonly (readonly [{ readonly promql: string }, string])[];

/** The context as Prometheus expands it: promtool prints the annotations that it got, since none are expected. */
function contextFor(alertname: string, given: Series): string | undefined {
  folder.write('context.test.yaml', {
    rule_files: ['gpu-lost.yaml'],
    tests: [
      {
        interval: '1m',
        input_series: given.map(([{ promql }, values]) => ({ series: promql, values })),
        alert_rule_test: [{ eval_time: '5m', alertname, exp_alerts: [] }],
      },
    ],
  });
  const { output } = folder.promtool('test', 'rules', 'context.test.yaml');
  expect(output).toContain(`alertname: ${alertname}`);
  expect(output).not.toContain('error expanding');
  const quoted = /context=("(?:[^"\\]|\\.)*")/.exec(output)?.[1];
  return quoted === undefined ? undefined : String(JSON.parse(quoted));
}

const lost: Series = [[series(gpu.gpu_up, exampleGpuTarget), '1 0x10']];
const hangs = (node: string): Series => [[series(gpu.gpu_driver_responsive, { ...exampleTarget, node }), '0x10']];
const inRack =
  'Server n1, rack r07, room hall-1, site berlin, tenant search, owner ml-platform, on call gpu-oncall, model DGX H200, serial S1';

function service(name: string, target: typeof exampleCmdbTarget | typeof exampleCmdbReplica): Series[number] {
  const related = { related_ci: '12', related_class: 'server', related_name: 'n1' };
  return [
    series(cmdb.cmdb_relation_info, {
      ...target,
      relation: 'runs_on',
      ci: name,
      class: 'application',
      name,
      ...related,
    }),
    '1x10',
  ];
}

test('an alert about a node says where it is, whose it is and what runs on it, each once for two replicas', () => {
  const replica = { ...exampleCmdbReplica, ci: '12', class: 'server', name: 'n1', node: 'n1', uuid: '', serial: 'S1' };
  const facts = { model: 'DGX H200', role: 'gpu', state: 'in_service', site: 'berlin', room: 'hall-1', rack: 'r07' };
  const whose = { tenant: 'search', owner: 'ml-platform', team: 'gpu-oncall' };
  const second = [series(cmdb.cmdb_ci_info, { ...replica, ...facts, ...whose }), '1x10'] as const;
  const services = ['chat', 'api', 'search', 'batch'].flatMap((name) => [
    service(name, exampleCmdbTarget),
    service(name, exampleCmdbReplica),
  ]);
  const context = contextFor('GpuDriverUnresponsive', [...hangs('n1'), exampleCi('1x10'), second, ...services]);
  expect(context).toBe(`${inRack}, runs api, batch, chat and more`);
});

test('an alert about a GPU has its serial number too, with and without a known server', () => {
  const board = exampleCi('1x10', { class: 'gpu', ci: '13', uuid: exampleGpuTarget.uuid });
  expect(contextFor('GpuLost', [...lost, exampleCi('1x10'), board])).toBe(`${inRack}; GPU n1, serial S1`);
  expect(contextFor('GpuLost', [...lost, board])).toBe('GPU n1, serial S1');
});

test('without an inventory, and for a node that it does not know, the alert is as before', () => {
  expect(contextFor('GpuLost', lost) ?? '').toBe('');
  expect(contextFor('GpuLost', [...lost, exampleCi('1x10', { node: 'n2' })]) ?? '').toBe('');
});

test('of two nodes of one name the one of the own cluster is meant, and of duplicates any one is taken', () => {
  const elsewhere = exampleCi('1x10', { ci: '99', cluster: 'a0', rack: 'other' });
  expect(contextFor('GpuDriverUnresponsive', [...hangs('n1'), elsewhere, exampleCi('1x10')])).toBe(inRack);
  const twice = exampleCi('1x10', { ci: '14', rack: 'r08' });
  expect(contextFor('GpuDriverUnresponsive', [...hangs('n1'), twice, exampleCi('1x10')])).toMatch(
    /^Server n1, rack r0[78],/,
  );
});

test.each(['n"1', 'n\\1', 'n1"} or up{x="', 'n{{ . }}', 'ñ1\u0007'])(
  'a node that is called %j cannot leave the query',
  (node) => {
    const context = contextFor('GpuDriverUnresponsive', [
      ...hangs(node),
      exampleCi('1x10', { node }),
      exampleCi('1x10', { node: 'n2', ci: '15', rack: 'wrong' }),
    ]);
    expect(context).toBe(inRack);
  },
);

test('every alert about a node or a tenant has a context, and no other', () => {
  for (const { alerts } of alertThemes) {
    for (const { name, fires } of alerts) {
      const labels = fires.alerts.flatMap((each) => Object.keys(each));
      const expected = labels.includes('node') || labels.includes('tenant');
      expect({ name, has: contextOf({ fires }) !== undefined }).toEqual({ name, has: expected });
    }
  }
});

test('an item of the inventory that is on no node asks for no server', () => {
  expect(
    contextOf({
      fires: {
        when: '',
        series: [
          [
            series(fleetlens.fleetlens_build_info, { ...exampleTarget, daemon: 'gpu', version: '1', nodejs: '20' }),
            '1',
          ],
        ],
        at: '1m',
        alerts: [{ node: '' }],
      },
    }),
  ).toContain('{{ if $labels.node }}');
});

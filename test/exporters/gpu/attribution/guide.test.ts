import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vectorSelectors } from '../../../../cli/rules/promql/syntax.ts';
import { catalogue } from '../../../../metrics/index.ts';
import { ruleFolder } from '../../../rules/rule-files.ts';

const guide = readFileSync(join(import.meta.dirname, '../../../../docs/guides/attribution.md'), 'utf8');
const [, block = ''] = /```promql\n([\s\S]*?)```/.exec(guide) ?? [];
const queries = block
  .trim()
  .split('\n\n')
  .map((text) => text.replace(/^#.*\n/, ''));

const folder = ruleFolder();
afterAll(() => folder.remove());

const node = 'cluster="c",node="n",gpu_id="0",uuid="GPU-0",gpu_instance_id=""';
const instance = node.replace('GPU-0', 'GPU-1').replace('gpu_instance_id=""', 'gpu_instance_id="7"');
const holder = (pod: string) => `${node},profile="",namespace="ml",pod="${pod}",container="main",job_id=""`;
const owner = (pod: string) => `${holder(pod).replace('profile="",', '')},owner="pod",process=""`;

/** A day in which pod a has three of four replicas and computes half of the time, and pod b has one and does nothing. */
const series: Readonly<Record<string, string>> = {
  [`gpu_allocated_seconds_total{${holder('a')}}`]: '0+60x1440',
  [`gpu_allocated_seconds_total{${holder('b')}}`]: '0+60x1440',
  [`gpu_allocated_share_seconds_total{${holder('a')}}`]: '0+45x1440',
  [`gpu_allocated_share_seconds_total{${holder('b')}}`]: '0+15x1440',
  [`gpu_attributed_sm_seconds_total{${owner('a')}}`]: '0+30x1440',
  [`gpu_attributed_sm_seconds_total{${owner('b')}}`]: '0+0x1440',
  [`gpu_attributed_memory_bytes{${owner('a')}}`]: '5+0x1440',
  [`gpu_pod_info{${node},namespace="ml",pod="a",container="main"}`]: '1+0x1440',
  [`gpu_allocated_share_seconds_total{${instance},profile="1g.10gb",namespace="mig",pod="m",container="main",job_id=""}`]:
    '0+60x1440',
  [`gpu_pod_info{${instance},namespace="mig",pod="m",container="main"}`]: '1+0x1440',
  [`gpu_mig_sm_active_ratio{${instance}}`]: '0.25+0x1440',
  'gpu_power_watts{cluster="c",node="n",gpu_id="0",uuid="GPU-0"}': '300+0x1440',
  'gpu_pod_label_info{cluster="c",node="n",namespace="ml",pod="a",label="team",value="vision"}': '1+0x1440',
  'gpu_allocatable_devices{cluster="c",node="n",resource="nvidia.com/gpu.shared"}': '10+0x1440',
  'gpu_allocated_devices{cluster="c",node="n",resource="nvidia.com/gpu.shared"}': '3+0x1440',
};

const answers: readonly (readonly { readonly labels: string; readonly value: number }[])[] = [
  [{ labels: '{namespace="ml",pod="a",owner="pod"}', value: 5 }],
  [{ labels: '{namespace="ml"}', value: 48 }],
  [{ labels: '{cluster="c",namespace="ml"}', value: 24 }],
  [{ labels: '{cluster="c",namespace="mig",profile="1g.10gb"}', value: 24 }],
  [{ labels: '{value="vision"}', value: 18 }],
  [{ labels: '{cluster="c",namespace="ml"}', value: 0.5 }],
  [{ labels: '{cluster="c",namespace="ml",pod="b"}', value: 1 }],
  [
    { labels: '{cluster="c",namespace="ml",pod="a"}', value: 225 },
    { labels: '{cluster="c",namespace="ml",pod="b"}', value: 75 },
  ],
  [{ labels: '{cluster="c",namespace="mig",pod="m"}', value: 0.25 }],
  [{ labels: '{resource="nvidia.com/gpu.shared"}', value: 7 }],
];

test('there is an answer for every query of the guide', () => {
  expect(queries).toHaveLength(answers.length);
});

test('the queries of the guide name series and labels that exist', () => {
  for (const { name = '' } of queries.flatMap(vectorSelectors)) expect([...catalogue.keys()]).toContain(name);
});

test('the queries of the guide answer what the guide says', () => {
  const tests = {
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: queries.map((expr, index) => ({
          expr,
          eval_time: '24h',
          exp_samples: answers[index] ?? [],
        })),
      },
    ],
  };
  folder.write('guide.test.yaml', tests);
  expect(folder.promtool('test', 'rules', 'guide.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
});

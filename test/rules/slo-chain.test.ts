import { inference } from '../../metrics/inference.ts';
import type { Expr } from '../../metrics/promql.ts';
import { series } from '../../metrics/promql.ts';
import inferenceSlo from '../../rules/alerts/inference-slo.ts';
import { exampleObjective, exampleProxyTarget, exampleSlo } from '../../rules/examples.ts';
import { sloGroup } from '../../rules/recording/slo.ts';
import { sloSlowGroup } from '../../rules/recording/slo-slow.ts';
import { alertFile, recordingFile } from '../../rules/render/prometheus.ts';
import { ruleFolder } from './rule-files.ts';

/**
 * From the counters of two proxies to the alert, through recorded series and alerts together: six hours of 100 requests a
 * minute for each of two tenants, and what is bad in the meantime.
 */
const folder = ruleFolder();
afterAll(() => folder.remove());

beforeAll(() => {
  folder.write('slo.yaml', recordingFile(sloGroup));
  folder.write('slo-slow.yaml', recordingFile(sloSlowGroup));
  folder.write('alerts.yaml', alertFile(inferenceSlo, { runbookBaseUrl: 'https://x' }));
});

function counters(good: string, events: string): readonly (readonly [Expr, string])[] {
  const tenants = [
    { tenant: 'search', instance: 'n1:9411' },
    { tenant: 'chat', instance: 'n2:9411' },
  ];
  return tenants.flatMap((of) => {
    const labels = { ...exampleProxyTarget, ...exampleSlo, ...of };
    return [
      [series(inference.inference_slo_events_total, labels), events],
      [series(inference.inference_slo_good_events_total, labels), good],
    ] as const;
  });
}

interface Situation {
  readonly when: string;
  readonly good: string;
  readonly events: string;
  readonly objective?: number;
  /** Alerts that fire, by the minute of looking. */
  readonly firing: Readonly<Record<number, readonly string[]>>;
}

const fast = 'InferenceErrorBudgetBurnFast';
const mid = 'InferenceErrorBudgetBurnMid';
const slow = 'InferenceErrorBudgetBurnSlow';
const verySlow = 'InferenceErrorBudgetBurnVerySlow';

const situations: readonly Situation[] = [
  {
    when: 'all is well',
    good: '0+100x360',
    events: '0+100x360',
    firing: { 350: [] },
  },
  {
    // 14.4 % of an hour are reached after 29 minutes of it; 6 % and 3 % of all before after 45 and 20, and hold for a while.
    when: 'three in ten requests are bad from the fourth hour on, and none once an hour has passed',
    good: '0+100x180 18000+70x60 22200+100x120',
    events: '0+100x360',
    firing: { 180: [], 205: [], 235: [fast], 250: [mid], 300: [slow] },
  },
  {
    when: 'all requests fail',
    good: '0+100x180 18000x180',
    events: '0+100x360',
    firing: { 180: [], 185: [], 193: [fast], 215: [fast, mid], 340: [fast, mid, slow] },
  },
  {
    when: 'one in a hundred is bad, as the objective allows',
    good: '0+99x360',
    events: '0+100x360',
    firing: { 350: [] },
  },
  {
    when: 'the same under a stricter objective',
    good: '0+98x360',
    events: '0+100x360',
    objective: 0.999,
    firing: { 90: [fast, mid, slow], 350: [fast, mid, slow, verySlow] },
  },
  {
    when: 'half of sixteen requests in an hour and a half are bad, of which nobody should hear',
    good: '0x30 1x60 2x60 3x60 4x150',
    events: '0x30 2x60 4x60 6x60 8x150',
    firing: { 100: [], 350: [] },
  },
];

test.each(situations)('$when', ({ good, events, objective = 0.99, firing }) => {
  folder.write('chain.test.yaml', {
    rule_files: ['slo.yaml', 'slo-slow.yaml', 'alerts.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: [exampleObjective(objective), ...counters(good, events)].map(([name, values]) => ({
          series: name.promql,
          values,
        })),
        promql_expr_test: Object.entries(firing).map(([minute, names]) => ({
          expr: 'count by (alertname, cluster, model_name, slo) (ALERTS{alertstate="firing"})',
          eval_time: `${minute}m`,
          exp_samples: names.map((name) => ({
            labels: `{alertname="${name}",cluster="c1",model_name="llama-8b",slo="availability"}`,
            value: 1,
          })),
        })),
      },
    ],
  });
  expect(folder.promtool('test', 'rules', 'chain.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
});

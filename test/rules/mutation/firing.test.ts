import { ruleFolder } from '../rule-files.ts';
import { firingAfter } from './firing.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

const minute = 60;
/** A value a minute: whether the expression gives the series. */
const histories = [
  '111111111111111',
  '000000000000000',
  '011100000000000',
  '011110111100000',
  '011111010000000',
  '111101011100010',
  '011110001100000',
  '100000000000001',
];
const waits = [0, 2, 3].flatMap((wait) => [0, 1, 2, 4].map((keep) => ({ wait, keep })));

test('an alert is pending, fires and is kept as rules of Prometheus are', () => {
  folder.write('rules.yaml', {
    groups: [
      {
        name: 'rules',
        rules: waits.map(({ wait, keep }) => ({
          alert: nameOf(wait, keep),
          expr: 'given == 1',
          for: `${wait}m`,
          ...(keep > 0 && { keep_firing_for: `${keep}m` }),
        })),
      },
    ],
  });
  folder.write('firing.test.yaml', {
    rule_files: ['rules.yaml'],
    tests: [
      {
        interval: '1m',
        input_series: histories.map((history) => ({ series: seriesOf(history), values: [...history].join(' ') })),
        promql_expr_test: waits.flatMap(({ wait, keep }) =>
          [...Array(15).keys()].map((at) => ({
            expr: `ALERTS{alertname="${nameOf(wait, keep)}",alertstate="firing"}`,
            eval_time: `${at}m`,
            exp_samples: histories
              .filter((history) => isFiring(history, at, { wait, keep }))
              .map((history) => ({
                labels: `ALERTS{alertname="${nameOf(wait, keep)}",alertstate="firing",history="h${history}"}`,
                value: 1,
              })),
          })),
        ),
      },
    ],
  });
  expect(folder.promtool('test', 'rules', 'firing.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
});

function isFiring(history: string, last: number, { wait, keep }: (typeof waits)[number]): boolean {
  const readings = [...history.slice(0, last + 1)].map((value, at) => ({
    at: at * minute,
    series: value === '1' ? ['it'] : [],
  }));
  return firingAfter(readings, { wait: wait * minute, keep: keep * minute }).has('it');
}

function nameOf(wait: number, keep: number): string {
  return `For${wait}Keep${keep}`;
}

function seriesOf(history: string): string {
  return `given{history="h${history}"}`;
}

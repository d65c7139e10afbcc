import { expressions, type Panel } from '../../dashboards/panel.ts';
import { sloPanels } from '../../dashboards/panels/slo.ts';
import { verbatim } from '../../metrics/promql.ts';
import { recordingFile } from '../../rules/render/prometheus.ts';
import { gpuAvailability } from '../../rules/slo/gpu-availability.ts';
import { counted } from '../../rules/slo/indicator.ts';
import type { Slo } from '../../rules/slo/objective.ts';
import { sloRecordings } from '../../rules/slo/recordings.ts';
import { ruleFolder } from '../rules/rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

const by = ['cluster', 'service'];
/** An objective of a user, with a label that no board knows. */
const checkout: Slo = {
  ...gpuAvailability,
  name: 'checkout',
  objective: 0.9,
  by,
  indicator: {
    kind: 'bad',
    bad: counted(by, verbatim('http_requests_total{code="500"}')),
    events: counted(by, verbatim('http_requests_total')),
  },
};

const requests = (service: string, code: string, values: string) => ({
  series: `http_requests_total{cluster="c1",service="${service}",code="${code}"}`,
  values,
});
const gpu = (id: string, values: string) => ({
  series: `gpu_up{cluster="c1",node="n1",gpu_id="${id}",uuid="GPU-${id}",job="fleetlens-gpu",instance="n1:9400"}`,
  values,
});

function chosen(panel: Panel, index = 0): string {
  const expr = expressions(panel)[index]?.promql ?? '';
  return `round(${expr.replaceAll('$cluster', '.*').replaceAll('$slo', '.*')}, 0.01)`;
}

const sampled = (labels: string, value: number) => ({ labels, value });
const ofCheckout = '{cluster="c1",slo="checkout"}';
const ofGpus = '{cluster="c1",slo="gpu-availability"}';

test('the panels show the worst instance of each objective, ours and those of a user', () => {
  folder.write('checkout.yaml', recordingFile(sloRecordings(checkout)));
  folder.write('gpus.yaml', recordingFile(sloRecordings(gpuAvailability)));
  const expected: readonly (readonly [expr: string, samples: readonly object[]])[] = [
    // A fifth of the requests of one service is bad, a hundredth of the other; a tenth may be.
    [chosen(sloPanels.budgets, 0), [sampled(ofCheckout, -1), sampled(ofGpus, 1)]],
    [chosen(sloPanels.budgets, 1), [sampled(ofCheckout, 2), sampled(ofGpus, 0)]],
    [chosen(sloPanels.budgets, 3), [sampled(ofCheckout, 0.9), sampled(ofGpus, 0.99)]],
    [chosen(sloPanels.budgets, 4), [sampled(ofCheckout, 2_592_000), sampled(ofGpus, 2_592_000)]],
    [chosen(sloPanels.missed), [sampled('{}', 1)]],
    [chosen(sloPanels.burning), [sampled('{}', 1)]],
    [chosen(sloPanels.least), [sampled('{}', -1)]],
    [chosen(sloPanels.left), [sampled(ofCheckout, -1), sampled(ofGpus, 1)]],
    [chosen(sloPanels.burn), [sampled(ofCheckout, 2), sampled(ofGpus, 0)]],
    [chosen(sloPanels.errors), [sampled(ofCheckout, 0.2), sampled(ofGpus, 0)]],
  ];
  folder.write('panels.test.yaml', {
    rule_files: ['checkout.yaml', 'gpus.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: [
          requests('shop', '200', '0+80x200'),
          requests('shop', '500', '0+20x200'),
          requests('cart', '200', '0+99x200'),
          requests('cart', '500', '0+1x200'),
          gpu('0', '1x200'),
          gpu('1', '1x200'),
        ],
        promql_expr_test: expected.map(([expr, exp_samples]) => ({ expr, eval_time: '180m', exp_samples })),
      },
    ],
  });
  expect(folder.promtool('test', 'rules', 'panels.test.yaml')).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
});

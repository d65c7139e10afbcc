import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { runMain } from '../../../support/run-main.ts';
import { tool } from '../../../support/tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-objectives-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const slos = file(
  'slos.yaml',
  `slos:
  - name: checkout
    description: Checkout answers.
    objective: 0.999
    by: [service]
    indicator: { ratio: { bad: 'http_requests_total{code=~"5.."}', total: http_requests_total } }
`,
);

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

async function rulesWith(overrides: string, name: string): Promise<readonly Rule[]> {
  const ran = await runMain(
    'generate',
    `--out=${folder}/out`,
    `--slo.file=${slos}`,
    `--rules.overrides=${file('overrides.yaml', overrides)}`,
  );
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  const { groups } = load(readFileSync(join(folder, 'out/rules', `${name}.yaml`), 'utf8')) as {
    readonly groups: readonly { readonly rules: readonly Rule[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
}

test('overrides reach the alerts of objectives: off, severity, labels, time, limits and named thresholds', async () => {
  const rules = await rulesWith(
    `thresholds: { sloBurnFastRatio: 20, sloEventsCount: 7 }
themes: { checkout-slo: { team: observability, labels: { pager: shop } } }
alerts:
  CheckoutErrorBudgetBurnMid: { disabled: true }
  CheckoutErrorBudgetBurnFast: { severity: warning, for: 7m, except: { service: demo } }
`,
    'checkout-slo',
  );
  expect(rules.map(({ alert }) => alert)).toEqual([
    'CheckoutErrorBudgetBurnFast',
    'CheckoutErrorBudgetBurnSlow',
    'CheckoutErrorBudgetBurnVerySlow',
    'CheckoutSloAbsent',
  ]);
  const [fast] = rules;
  expect(fast).toMatchObject({
    for: '7m',
    labels: { severity: 'warning', team: 'observability', pager: 'shop' },
  });
  expect(fast?.expr).toContain('slo:error_ratio:rate1h{slo="checkout",service!="demo"}) > 20 * (1 - 0.999)');
  expect(fast?.expr).toContain('>= 7\n');
  const page = readFileSync(join(folder, 'out/runbooks/CheckoutErrorBudgetBurnFast.md'), 'utf8');
  expect(page).toContain('| `sloBurnFastRatio` | 20 | 14.4 |');
});

test('a theme of an objective that is switched off leaves what it records', async () => {
  const recorded = await rulesWith('themes: { checkout-slo: { disabled: true } }', 'slo-checkout');
  expect(recorded.map(({ record }) => record)).toContain('slo:error_budget_ratio:remaining');
});

test('thresholds stand in what is recorded too, so that boards and alerts agree', async () => {
  const recorded = await rulesWith('thresholds: { gpuAvailabilityObjectiveRatio: 0.95 }', 'slo-gpu-availability');
  expect(recorded.find(({ record }) => record === 'slo:objective_ratio:constant')?.expr).toMatch(/\+ 0\.95$/);
  expect(recorded.find(({ record }) => record === 'slo:error_budget_ratio:remaining')?.expr).toMatch(
    / \/ \(1 - 0\.95\)$/,
  );
});

test.each([
  [
    'alerts: { CheckoutErrorBudgetBurnFats: {} }',
    [`--slo.file=${slos}`],
    `there is no alert CheckoutErrorBudgetBurnFats, neither in FleetLens nor in the objectives of ${slos}; did you mean CheckoutErrorBudgetBurnFast?`,
  ],
  [
    'themes: { something: {} }',
    [`--slo.file=${slos}`],
    `there is no theme something, neither in FleetLens nor in the objectives of ${slos}; fleetlens rules list --slo.file=${slos} lists them`,
  ],
  [
    'alerts: { CheckoutErrorBudgetBurnFast: {} }',
    [],
    'if an objective of yours has it, name the file of objectives with --slo.file',
  ],
  ['alerts: { CheckoutSlow: {} }', [], 'there is no alert CheckoutSlow; fleetlens rules list lists them\n'],
  [
    'alerts: { CheckoutErrorBudgetBurnFast: { only: { pod: a } } }',
    [`--slo.file=${slos}`],
    'CheckoutErrorBudgetBurnFast cannot be limited by pod: it has no label pod',
  ],
])('%s with %j is refused', async (text, args, message) => {
  const overrides = `--rules.overrides=${file('unknown.yaml', text)}`;
  for (const command of [
    ['generate', `--out=${folder}/refused`],
    ['rules', 'list'],
  ]) {
    const { status, stderr } = await runMain(...command, overrides, ...args);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(message) });
  }
});

test('the commands about rules know the alerts of objectives', async () => {
  const args = [
    `--slo.file=${slos}`,
    `--rules.overrides=${file('o.yaml', 'alerts: { CheckoutSloAbsent: { for: 9m } }')}`,
  ];
  expect((await runMain('rules', 'list', '--grep=checkout', ...args)).stdout).toMatch(
    /CheckoutSloAbsent +critical +sre +9m +checkout-slo/,
  );
  expect((await runMain('rules', 'explain', 'CheckoutErrorBudgetBurnFast', ...args)).stdout).toContain(
    'Checkout answers.',
  );
  expect(await runMain('rules', 'lint', ...args)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^\d+ rules: 0 errors, 0 warnings\n$/),
  });
  const promtool = `--promtool.bin=${tool('promtool')}`;
  expect(
    await runMain('rules', 'test', 'CheckoutErrorBudgetBurnFast', 'CheckoutSloAbsent', promtool, ...args),
  ).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('2 alerts with their examples: 0 failures'),
  });
}, 60_000);

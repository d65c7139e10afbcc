import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { objectiveRunbooks, prometheusRuleFiles } from '../../cli/generate/files.ts';
import { parseSlos } from '../../cli/generate/slo/slo-file.ts';
import { parseYaml } from '../../kit/yaml.ts';
import type { Expr } from '../../metrics/promql.ts';
import type { Slo } from '../../rules/slo/objective.ts';
import { ruleFolder } from '../rules/rule-files.ts';

const checkout = {
  name: 'checkout-availability',
  description: 'Checkout answers without an error of ours.',
  objective: 0.999,
  indicator: { ratio: { bad: 'http_requests_total{code=~"5.."}', total: 'http_requests_total' } },
};

function parse(...slos: readonly object[]): readonly Slo[] {
  return parseSlos({ where: 'slos.yaml', value: { slos } });
}

function faultOf(change: object): string {
  try {
    parse({ ...checkout, ...change });
  } catch (error) {
    return String(error);
  }
  return 'it was accepted';
}

function ratio(fields: object): object {
  return { indicator: { ratio: { ...checkout.indicator.ratio, ...fields } } };
}

function latency(good: string): object {
  return { indicator: { latency: { good, total: 'x_seconds_count' } } };
}

test.each([
  [
    'an objective of all',
    { objective: 1 },
    'slos.yaml: slos[0].objective must be a share above 0 and below 1, such as 0.999, got 1; an objective of all or nothing leaves no error budget',
  ],
  ['an objective of nothing', { objective: 0 }, 'got 0; an objective of all or nothing'],
  ['an objective of 100', { objective: 100 }, 'got 100; an objective of all or nothing'],
  ['an objective in percent', { objective: 99.9 }, 'got 99.9; for 99.9 % write 0.999'],
  ['a text as an objective', { objective: '0.99' }, 'objective must be a share'],
  [
    'an unknown key',
    { objektive: 0.9 },
    'slos.yaml: slos[0] has the unknown key objektive; it may have name, description,',
  ],
  [
    'an unknown kind',
    { indicator: { ratios: {} } },
    'indicator has the unknown key ratios; it may have ratio, latency, native_latency, boolean_gauge; did you mean ratio?',
  ],
  [
    'two kinds',
    { indicator: { ratio: {}, latency: {} } },
    'indicator must have one of ratio, latency, native_latency, boolean_gauge, got ratio and latency',
  ],
  ['no kind', { indicator: {} }, 'got none'],
  [
    'a period shorter than the longest window',
    { period: '2d' },
    'period must be whole days or weeks such as 30d or 4w, not shorter than the longest window of the alerts (3d)',
  ],
  ['a period in hours', { period: '720h' }, 'period must be whole days or weeks'],
  ['an upper case name', { name: 'Checkout' }, 'name must be lower case words with hyphens'],
  [
    'the name of one of ours',
    { name: 'gpu-availability' },
    'name must not be gpu-availability, which FleetLens has itself',
  ],
  ['the name of one of the proxy', { name: 'ttft' }, 'name must not be ttft'],
  ['an empty selector', ratio({ total: '{}' }), 'ratio.total must be the name of a metric'],
  ['no selector', ratio({ total: '' }), 'ratio.total must be a text'],
  ['matchers without a name', ratio({ total: '{job="api"}' }), 'ratio.total must be the name of a metric'],
  ['broken PromQL', ratio({ total: 'x{job=' }), 'ratio.total is no PromQL: syntax error at column 7 in "x{job="'],
  ['a range', ratio({ total: 'x[5m]' }), 'an expression must hold $window'],
  ['good and bad', ratio({ good: 'x' }), 'ratio must have either good or bad, and total'],
  [
    'other grouping labels',
    ratio({ total: 'sum by (cluster, pod) (increase(x[$window]))' }),
    'ratio.total must be sum by (cluster) (…), with just the labels of the objective, got by (cluster, pod)',
  ],
  ['no grouping labels', ratio({ total: 'sum(increase(x[$window]))' }), 'got no "by" around the whole of it'],
  [
    'what is left out',
    ratio({ total: 'sum without (pod) (increase(x[$window]))' }),
    'got no "by" around the whole of it',
  ],
  ['a latency without a bound', latency('x_seconds_bucket'), 'latency.good names no bucket: add le="…"'],
  [
    'a latency of all bounds',
    latency('x_seconds_bucket{le!="1"}'),
    'latency.good must name one bound above 0, such as le="0.5", got le!="1"',
  ],
  ['a latency without end', latency('x_seconds_bucket{le="+Inf"}'), 'got le="+Inf"'],
  [
    'a native histogram for an old Prometheus',
    { indicator: { native_latency: { histogram: 'x', below: 1 } } },
    'say "prometheus: 3" at the top of the file',
  ],
  ['a label of ours', { by: ['slo'] }, 'by[0] must be a label that tells instances of the service apart'],
  ['what is no label', { by: ['a b'] }, 'by[0] must be the name of a label'],
  ['a domain that there is not', { domain: 'gpus' }, 'domain must be one of gpu, training'],
])('%s is refused with its place and its remedy', (_, change, fault) => {
  expect(faultOf(change)).toContain(fault);
});

test('a name may stand once, and a file without objectives is a mistake', () => {
  expect(() => parse(checkout, { ...checkout, objective: 0.9 })).toThrow(
    'slos.yaml: slos[1].name must be unique: checkout-availability is also that of slos.yaml: slos[0]',
  );
  expect(() => parse()).toThrow('slos.yaml: slos must be a list of at least one objective');
  expect(() => parseSlos({ where: 'slos.yaml', value: undefined })).toThrow('slos.yaml must be keys and values');
});

test('what is left out has its usual value', () => {
  const [slo] = parse(checkout);
  expect(slo).toMatchObject({ periodDays: 30, by: ['cluster'], pages: true, domain: 'platform', team: 'sre' });
  expect(parse({ ...checkout, by: ['service', 'cluster'], period: '4w' })[0]).toMatchObject({
    by: ['cluster', 'service'],
    periodDays: 28,
  });
});

function textOf(slo: Slo | undefined, part: 'good' | 'events'): string {
  const indicator = slo?.indicator;
  if (indicator?.kind !== 'good') throw new Error('no good events');
  const expr: Expr = indicator[part]('1h');
  return expr.promql;
}

test.each([
  ['1', String.raw`le=~"1|1\\.0"`],
  ['1.0', String.raw`le=~"1|1\\.0"`],
  ['0.50', 'le="0.5"'],
])('a bound written as %s is looked for as %s', (written, found) => {
  const [slo] = parse({ ...checkout, ...latency(`x_seconds_bucket{job="api",le="${written}"}`) });
  expect(textOf(slo, 'good')).toBe(`sum by (cluster) (increase(x_seconds_bucket{job="api",${found}}[1h]))`);
});

test('an expression of the user is taken as it is, for each window', () => {
  const expr = 'sum by (service, cluster) (increase(x_total{code="200"}[$window])) ';
  const [slo] = parse({
    ...checkout,
    by: ['service'],
    indicator: { ratio: { good: expr, total: 'sum by (cluster, service) (increase(x_total[$window]))' } },
  });
  expect(textOf(slo, 'good')).toBe('sum by (service, cluster) (increase(x_total{code="200"}[1h])) ');
});

const everyKind = [
  checkout,
  { ...checkout, name: 'latency', by: ['service'], ...latency('x_seconds_bucket{le="1"}') },
  { ...checkout, name: 'native', indicator: { native_latency: { histogram: 'x_seconds{job="a"}', below: 0.5 } } },
  { ...checkout, name: 'storage', period: '7d', objective: 0.5, indicator: { boolean_gauge: 'up{job="storage"}' } },
];

test('rules of every kind are loaded by Prometheus, without a warning, and have runbooks', () => {
  const slos = parseSlos({ where: 'slos.yaml', value: { prometheus: '3.1', slos: everyKind } });
  const objectives = { file: 'slos.yaml', slos };
  const files = prometheusRuleFiles({ runbookBaseUrl: 'https://x', optional: [], objectives });
  const names = slos.flatMap(({ name }) => [`slo-${name}.yaml`, `${name}-slo.yaml`]);
  const folder = ruleFolder();
  for (const name of names) folder.writeText(name, files.get(name) ?? '');
  const result = folder.promtool('check', 'rules', '--lint=all', '--lint-fatal', ...names);
  folder.remove();
  expect(result).toEqual({ ok: true, output: expect.not.stringContaining('FAILED') });
  const native = files.get('slo-native.yaml');
  expect(native).toContain('histogram_fraction(0, 0.5, sum by (cluster) (increase(x_seconds{job="a"}[5m])))');
  const page = objectiveRunbooks(objectives).get('StorageErrorBudgetBurnVerySlow.md');
  expect(page).toContain('Generated from slos.yaml by "fleetlens generate"');
  expect(page).toContain(checkout.description);
});

test('the file in the guide is accepted', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/slo.md'), 'utf8');
  const [, text = ''] = /```yaml\n(.*?)```/s.exec(guide) ?? [];
  const slos = parseSlos({ where: 'slos.yaml', value: parseYaml('slos.yaml', text) });
  expect(slos.map(({ name }) => name)).toEqual(['checkout-availability', 'checkout-latency', 'storage-nodes']);
});

import { execFileSync } from 'node:child_process';
import { Histogram, Registry, Summary } from 'prom-client';
import { counterOf, gaugeOf, histogramOf, registryFamilies } from '../../../kit/exposition/prom-client.ts';
import { contentTypes, renderExposition } from '../../../kit/exposition/render.ts';
import { createSampleWriter, type Family } from '../../../kit/exposition/samples.ts';
import { createSelfMetrics } from '../../../kit/self-metrics.ts';
import { fleetlens } from '../../../metrics/fleetlens.ts';
import * as catalogues from '../../../metrics/index.ts';
import { parseExposition } from '../../support/exposition.ts';
import { tool } from '../../support/tools.ts';
import { catalogue } from './sample-catalogue.ts';

function sampleFamilies(): readonly Family[] {
  const { emit, families } = createSampleWriter(catalogue);
  emit('test_temperature_celsius', { model: 'a"b', kind: 'edge' }, 41.5);
  emit('test_errors_total', { reason: 'x' }, 3);
  emit('test_read_bytes_total', {}, 2n ** 60n);
  emit('test_ratio_of_things', {}, 0.5);
  emit('test_build_info', { version: '1' }, 1);
  return families();
}

test('text, to the letter', () => {
  expect(renderExposition('text', sampleFamilies())).toBe(
    [
      '# HELP test_temperature_celsius Temperature\\nwith "quotes" and a \\\\ backslash.',
      '# TYPE test_temperature_celsius gauge',
      'test_temperature_celsius{model="a\\"b",kind="edge"} 41.5',
      '# HELP test_errors_total Errors.',
      '# TYPE test_errors_total counter',
      'test_errors_total{reason="x"} 3',
      '# HELP test_read_bytes_total Bytes read.',
      '# TYPE test_read_bytes_total counter',
      'test_read_bytes_total 1152921504606846976',
      '# HELP test_ratio_of_things A name that does not end with its unit.',
      '# TYPE test_ratio_of_things gauge',
      'test_ratio_of_things 0.5',
      '# HELP test_build_info Facts.',
      '# TYPE test_build_info gauge',
      'test_build_info{version="1"} 1',
      '',
    ].join('\n'),
  );
});

test('OpenMetrics, to the letter', () => {
  expect(renderExposition('openmetrics', sampleFamilies())).toBe(
    [
      '# TYPE test_temperature_celsius gauge',
      '# UNIT test_temperature_celsius celsius',
      '# HELP test_temperature_celsius Temperature\\nwith \\"quotes\\" and a \\\\ backslash.',
      'test_temperature_celsius{model="a\\"b",kind="edge"} 41.5',
      '# TYPE test_errors counter',
      '# HELP test_errors Errors.',
      'test_errors_total{reason="x"} 3',
      '# TYPE test_read_bytes counter',
      '# UNIT test_read_bytes bytes',
      '# HELP test_read_bytes Bytes read.',
      'test_read_bytes_total 1152921504606846976',
      '# TYPE test_ratio_of_things gauge',
      '# HELP test_ratio_of_things A name that does not end with its unit.',
      'test_ratio_of_things 0.5',
      '# TYPE test_build info',
      '# HELP test_build Facts.',
      'test_build_info{version="1"} 1',
      '# EOF',
      '',
    ].join('\n'),
  );
});

test('a counter whose name lacks the suffix is a counter in text and of unknown type in OpenMetrics', () => {
  const foreign: Family = {
    name: 'FOREIGN_COUNT',
    kind: 'counter',
    unit: 'none',
    help: 'x',
    lines: ['FOREIGN_COUNT 1\n'],
  };
  expect(renderExposition('text', [foreign])).toContain('# TYPE FOREIGN_COUNT counter\n');
  const text = renderExposition('openmetrics', [foreign]);
  expect(text).toContain('# TYPE FOREIGN_COUNT unknown\n');
  expect(parseExposition('openmetrics', text).get('FOREIGN_COUNT')?.samples).toHaveLength(1);
});

test('nothing at all is a valid exposition', () => {
  expect(renderExposition('text', [])).toBe('');
  expect(renderExposition('openmetrics', [])).toBe('# EOF\n');
});

test.each(['text', 'openmetrics'] as const)('%s: families of one name from several places become one', (format) => {
  const [first, second] = ['a', 'b'].map((reason) => {
    const { emit, families } = createSampleWriter(catalogue);
    emit('test_errors_total', { reason }, 1);
    emit('test_read_bytes_total', {}, reason === 'a' ? 1 : undefined);
    return families();
  });
  const parsed = parseExposition(format, renderExposition(format, [...(first ?? []), ...(second ?? [])]));
  expect([...parsed.values()].map(({ samples }) => samples.length)).toEqual([2, 1]);
});

test('the formats are named as their specifications say', () => {
  expect(contentTypes).toEqual({
    text: 'text/plain; version=0.0.4; charset=utf-8',
    openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  });
});

describe('what prom-client holds', () => {
  function registry(): Registry {
    const made = new Registry();
    const counter = counterOf(made, catalogue.test_errors_total);
    counter.inc({ reason: 'a' }, 2);
    gaugeOf(made, catalogue.test_temperature_celsius).set({ model: 'm"\\\n', kind: 'k' }, -Infinity);
    const histogram = histogramOf(made, catalogue.test_wait_seconds);
    for (const [model, value] of [
      ['a', 0.05],
      ['a', 5],
      ['b', 1],
    ] as const)
      histogram.observe({ model }, value);
    new Summary({ name: 'test_summary', help: 'x', percentiles: [0.5], registers: [made] }).observe(1);
    new Histogram({ name: 'test_unlabelled', help: 'x', buckets: [1], registers: [made] });
    counterOf(made, fleetlens.fleetlens_http_requests_rejected_total);
    return made;
  }

  test('reads in text as prom-client writes it', async () => {
    const made = registry();
    const parsed = parseExposition('text', renderExposition('text', await registryFamilies(made)));
    expect([...parsed]).toEqual([...parseExposition('text', await made.metrics())]);
  });

  test('is valid OpenMetrics, with cumulative buckets and their sum', async () => {
    const parsed = parseExposition('openmetrics', renderExposition('openmetrics', await registryFamilies(registry())));
    expect(parsed.get('test_errors')?.type).toBe('counter');
    expect(parsed.get('test_wait_seconds')?.samples.filter(({ labels }) => labels['model'] === 'a')).toEqual([
      { name: 'test_wait_seconds_bucket', labels: { le: '0.1', model: 'a' }, value: '1' },
      { name: 'test_wait_seconds_bucket', labels: { le: '1', model: 'a' }, value: '1' },
      { name: 'test_wait_seconds_bucket', labels: { le: '+Inf', model: 'a' }, value: '2' },
      { name: 'test_wait_seconds_sum', labels: { model: 'a' }, value: '5.05' },
      { name: 'test_wait_seconds_count', labels: { model: 'a' }, value: '2' },
    ]);
  });
});

describe('what a daemon says about itself', () => {
  const clock = { now: () => 1_700_000_000, monotonic: () => 0 };
  const families = async (): Promise<readonly Family[]> => {
    const self = createSelfMetrics({ daemon: 'test', version: '1.2.3' }, clock);
    self.configLoaded(true);
    self.rendered(0.003);
    self.rejected('concurrency');
    return self.families();
  };

  test('passes promtool check metrics', async () => {
    expect(promtool(renderExposition('text', [...sampleFamilies().slice(0, 3), ...(await families())]))).toBe('');
  });

  test.each(['text', 'openmetrics'] as const)('is valid %s', async (format) => {
    const parsed = parseExposition(format, renderExposition(format, await families()));
    expect(parsed.get('fleetlens_config_last_reload_success_timestamp_seconds')?.samples[0]?.value).toBe('1700000000');
    const build = format === 'text' ? 'fleetlens_build_info' : 'fleetlens_build';
    expect(parsed.get(build)?.samples[0]?.labels).toEqual({
      daemon: 'test',
      version: '1.2.3',
      nodejs: process.versions.node,
    });
    const rejected = [...parsed.values()].flatMap(({ samples }) =>
      samples.filter(({ name }) => name === 'fleetlens_http_requests_rejected_total'),
    );
    expect(rejected.map(({ labels, value }) => [labels['reason'], value])).toEqual([
      ['concurrency', '1'],
      ['unauthorized', '0'],
    ]);
  });

  function promtool(text: string): string {
    try {
      return execFileSync(tool('promtool'), ['check', 'metrics'], { input: text, encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      return error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    }
  }
});

test('no two metrics of ours share an OpenMetrics family', () => {
  const names = Object.values(catalogues)
    .flatMap((exported) => metricsIn(exported))
    .filter((name) => !name.includes(':'))
    .map((name) => name.replace(/_(total|info)$/, ''));
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

function metricsIn(exported: unknown): string[] {
  if (typeof exported !== 'object' || exported === null) return [];
  if ('name' in exported && 'source' in exported) {
    return String(exported.source).startsWith('external') ? [] : [String(exported.name)];
  }
  return Object.values(exported).flatMap(metricsIn);
}

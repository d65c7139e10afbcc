import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metric } from '../../metrics/define.ts';
import { catalogue } from '../../metrics/index.ts';
import { labels } from '../../metrics/labels.ts';
import { goldenFolder } from '../support/golden.ts';

const own = [...catalogue.values()].filter(({ source }) => !source.startsWith('external:'));

const domains = [
  'gpu',
  'training',
  'inference',
  'model',
  'billing',
  'cmdb',
  'prediction',
  'audit',
  'tenancy',
  'remediation',
  'health',
  'fleetlens',
];

/** Ends of names that claim a unit, with the unit that they claim. Counts such as gpu_devices claim none. */
const suffixes: Readonly<Record<string, string>> = {
  _seconds: 'seconds',
  _bytes: 'bytes',
  _celsius: 'celsius',
  _watts: 'watts',
  _joules: 'joules',
  _ratio: 'ratio',
  _hertz: 'hertz',
  _percent: 'percent',
};

function claimedUnit({ name }: Metric): string {
  const base = name.replace(/_total$/, '');
  return Object.entries(suffixes).find(([suffix]) => base.endsWith(suffix))?.[1] ?? 'none';
}

test.each(own.map((metric) => [metric.name, metric] as const))('%s', (name, metric) => {
  expect(domains).toContain(name.split('_')[0]);
  expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)+$/);
  expect(metric.unit).toBe(claimedUnit(metric));
  expect(metric.help).toMatch(/^[A-Z0-9].*\.$/);
  expect(new Set(metric.labels).size).toBe(metric.labels.length);
  expect(metric.kind === 'counter').toBe(name.endsWith('_total'));
  expect(metric.kind === 'info').toBe(name.endsWith('_info'));
});

test('no two metrics have the same help', () => {
  const helps = own.map(({ help }) => help);
  expect(helps.filter((help, index) => helps.indexOf(help) !== index)).toEqual([]);
});

test('ratios, percent and base units: no metric of ours is in percent', () => {
  expect(own.filter(({ unit }) => unit === 'percent')).toEqual([]);
});

/** Who alone knows: the metering proxy whose request it was, the CMDB where other machines are and whose, billing what it metered, prediction what it watches. */
const knows: Readonly<Record<string, readonly string[]>> = {
  billing: ['cluster', 'tenant'],
  inference: ['tenant'],
  cmdb: ['cluster', 'node', 'rack', 'tenant'],
  'cmdb-hardware': ['node'],
  prediction: ['cluster', 'node'],
};

test('an exporter never emits what relabelling sets, but for those who alone know it', () => {
  const target = ['cluster', 'node', 'rack', 'tenant', 'job', 'instance'];
  const wrong = own.filter(({ source, labels: names }) =>
    names.some((label) => target.includes(label) && knows[source]?.includes(label) !== true),
  );
  expect(wrong).toEqual([]);
});

test('every label of the vocabulary has a sentence', () => {
  for (const help of Object.values(labels)) expect(help).toMatch(/^.{10,}\.$/);
});

/** The names of dcgm-exporter are not ours: they stand in its goldens alone, and the map of the names has its own tests. */
function withoutDcgm(file: string, text: string): string {
  return file.startsWith('dcgm/') ? text.replaceAll(/^DCGM_.*$/gm, '') : text;
}

describe('what is declared is emitted', () => {
  const golden = readdirSync(goldenFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.prom'))
    .map((file) => withoutDcgm(file, readFileSync(join(goldenFolder, file), 'utf8')))
    .join('\n');
  const samples = golden.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  test.each(own.map((metric) => [metric.name, metric] as const))('%s shows up in a golden scrape', (name, { kind }) => {
    const shown = kind === 'histogram' ? `${name}_bucket` : name;
    expect(samples.some((line) => line.startsWith(`${shown}{`) || line.startsWith(`${shown} `))).toBe(true);
  });

  test('and nothing else is', () => {
    const names = new Set(samples.map((line) => line.replace(/[{ ].*$/, '')));
    const histograms = [...catalogue.values()].filter(({ kind }) => kind === 'histogram').map(({ name }) => name);
    const isKnown = (name: string): boolean =>
      catalogue.has(name) || histograms.some((histogram) => name.replace(/_(bucket|sum|count)$/, '') === histogram);
    expect([...names].filter((name) => !isKnown(name))).toEqual([]);
  });
});

import { defaultMeters } from '../../../../exporters/billing/meters/default-meters.ts';
import { meterNames, readMeters } from '../../../../exporters/billing/meters/read-meters.ts';
import { parseSelector } from '../../../../exporters/billing/sources/config/fields.ts';
import { gpuSources } from '../../../../exporters/billing/sources/gpu/gpu-sources.ts';
import { ConfigError } from '../../../../kit/errors.ts';

const read = (value: unknown) => readMeters({ value, where: 'billing.yaml: meters' });
const named = (value: unknown, name: string) => read(value).find((meter) => meter.name === name);

test('without a word the table is taken, without what is off', () => {
  expect(read(undefined).map(({ name }) => name)).toEqual([
    'gpu_time',
    'gpu_energy',
    'cpu_time',
    'memory',
    'storage',
    'llm_tokens_input',
    'llm_tokens_output',
    'llm_requests',
  ]);
});

test.each(defaultMeters.map((meter) => [meter.name, meter] as const))('%s of the table is sound', (_name, meter) => {
  expect(meter.about).toMatch(/^[A-Z].*\.$/);
  expect(meter.unit.perPriced).toBeGreaterThan(0n);
  expect(meter.sources.length).toBeGreaterThan(0);
  for (const source of meter.sources) {
    if (meter.kind === 'gpu') expect(Object.keys(gpuSources)).toContain(source.type);
    else expect(parseSelector(source.selector ?? '')).toBeDefined();
    expect(source.scale).toBeGreaterThan(0);
    if (source.during !== undefined) expect(parseSelector(source.during.selector)).toBeDefined();
    for (const join of source.joins ?? []) expect(parseSelector(join.series)).toBeDefined();
  }
});

test('a unit is what people think it is', () => {
  const perPriced = Object.fromEntries(
    defaultMeters.map(({ name, unit }) => [`${name}: ${unit.priced}`, unit.perPriced]),
  );
  expect(perPriced).toMatchObject({
    'gpu_time: GPU hour': 3_600_000n,
    'gpu_energy: kWh': 1000n * 1000n * 3600n,
    'cpu_time: core hour': 1000n * 3_600_000n,
    'memory: GB hour': 1_000_000_000n * 3_600_000n,
    'network_sent_bytes: GB': 1_000_000_000n,
    'llm_tokens_output: million tokens': 1_000_000n,
  });
});

test('an entry adds a meter', () => {
  const seats = {
    name: 'licence_seats',
    about: 'Seats.',
    kind: 'gauge',
    unit: { base: 'seat ms', priced: 'seat hour', per_priced: 3_600_000 },
    sources: [
      {
        selector: 'licence_seats{product!=""}',
        scale: 2,
        resource: ['product'],
        sku: ['edition'],
        holder: { namespace: 'exported_namespace' },
        during: { series: 'licence_valid', on: ['product'] },
        distinct: ['product'],
        joins: [{ series: 'product_info', on: ['product'], take: { edition: 'edition' } }],
      },
    ],
  };
  expect(named([seats], 'licence_seats')).toEqual({
    name: 'licence_seats',
    about: 'Seats.',
    kind: 'gauge',
    unit: { base: 'seat ms', priced: 'seat hour', perPriced: 3_600_000n },
    sources: [
      {
        type: 'series',
        selector: 'licence_seats{product!=""}',
        scale: 2,
        resource: ['product'],
        sku: ['edition'],
        holder: { namespace: 'exported_namespace' },
        during: { selector: 'licence_valid', on: ['product'] },
        distinct: ['product'],
        startsAtZero: undefined,
        joins: [{ series: 'product_info', on: { product: 'product' }, take: { edition: 'edition' } }],
      },
    ],
  });
  expect(meterNames({ value: [seats], where: 'x' })).toContain('licence_seats');
});

test('an entry changes a meter of the table, switches it off or on', () => {
  expect(named([{ name: 'memory', enabled: false }], 'memory')).toBeUndefined();
  expect(named([{ name: 'network_sent_bytes', enabled: true }], 'network_sent_bytes')?.kind).toBe('counter');
  expect(
    named([{ name: 'gpu_time', sources: [{ type: 'dcgm' }] }], 'gpu_time')?.sources.map(({ type }) => type),
  ).toEqual(['dcgm']);
  const changed = named([{ name: 'cpu_time', sources: [{ selector: 'cores', scale: 1000 }] }], 'cpu_time');
  expect(changed?.unit.priced).toBe('core hour');
  expect(changed?.sources.map(({ selector }) => selector)).toEqual(['cores']);
});

const unit = { base: 'a', priced: 'b', per_priced: 1 };

test.each<[string, unknown, string]>([
  ['an unknown key', { name: 'x', kinds: 'gauge' }, 'meters[0] has the unknown key kinds'],
  ['a bad name', { name: 'X Y' }, 'meters[0].name must be a name of lower-case letters'],
  ['no kind', { name: 'x' }, 'meters[0].kind is missing; x must be counter or gauge'],
  ['another kind', { name: 'memory', kind: 'counter' }, 'meters[0].kind of memory is gauge and cannot be changed'],
  ['a second meter of GPUs', { name: 'x', kind: 'gpu' }, 'gpu_time is the only meter of kind gpu'],
  ['no source', { name: 'x', kind: 'gauge', unit }, 'meters[0].sources is missing'],
  ['no unit', { name: 'x', kind: 'gauge', sources: [{ selector: 'a' }] }, 'meters[0].unit is missing'],
  [
    'a unit of half',
    { name: 'x', kind: 'gauge', unit: { ...unit, per_priced: 0.5 } },
    'meters[0].unit.per_priced must be how many base units',
  ],
  [
    'a function',
    { name: 'x', kind: 'gauge', unit, sources: [{ selector: 'rate(a[5m])' }] },
    'sources[0].selector must be a selector of series',
  ],
  ['no selector', { name: 'x', kind: 'gauge', unit, sources: [{ scale: 1 }] }, 'sources[0].selector must be a text'],
  [
    'a scale of nothing',
    { name: 'x', kind: 'gauge', unit, sources: [{ selector: 'a', scale: 0 }] },
    'sources[0].scale must be a number above 0',
  ],
  [
    'a source of GPUs that is none',
    { name: 'gpu_time', sources: [{ type: 'dcmg' }] },
    'sources[0].type must be one of fleetlens, dcgm, kube_state_metrics',
  ],
  [
    'a gauge that starts at zero',
    { name: 'x', kind: 'gauge', unit, sources: [{ selector: 'a', starts_at_zero: true }] },
    'starts_at_zero is for counters',
  ],
  [
    'a counter with during',
    { name: 'x', kind: 'counter', unit, sources: [{ selector: 'a', during: { series: 'b', on: ['c'] } }] },
    'during is for gauges',
  ],
  [
    'during without labels',
    { name: 'x', kind: 'gauge', unit, sources: [{ selector: 'a', during: { series: 'b' } }] },
    'during.on must name the labels',
  ],
])('%s', (_name, entry, message) => {
  expect(() => read([entry])).toThrow(ConfigError);
  expect(() => read([entry])).toThrow(message);
});

test('a meter that is named twice', () => {
  expect(() =>
    read([
      { name: 'memory', enabled: true },
      { name: 'memory', enabled: false },
    ]),
  ).toThrow('billing.yaml: meters[1].name is memory, as billing.yaml: meters[0]; name each meter once');
});

import fc from 'fast-check';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { registryFamilies } from '../../../kit/exposition/prom-client.ts';
import { type Format, renderExposition } from '../../../kit/exposition/render.ts';
import { createSampleWriter, type Family } from '../../../kit/exposition/samples.ts';
import { parseExposition } from '../../support/exposition.ts';
import { catalogue } from './sample-catalogue.ts';

// prom-client is the oracle: the same samples through it and through our writer must read the same.

interface GaugeSample {
  readonly model: string;
  readonly kind: string;
  readonly value: number;
}
interface CounterSample {
  readonly reason: string;
  readonly value: number;
}
interface Samples {
  readonly gauges: readonly GaugeSample[];
  readonly counters: readonly CounterSample[];
}

function ours(format: Format, { gauges, counters }: Samples): string {
  const { emit, families } = createSampleWriter(catalogue);
  for (const { model, kind, value } of gauges) emit('test_temperature_celsius', { model, kind }, value);
  for (const { reason, value } of counters) emit('test_errors_total', { reason }, value);
  return throughUtf8(renderExposition(format, families()));
}

async function oracle(format: Format, { gauges, counters }: Samples): Promise<string> {
  const registry = new Registry();
  if (format === 'openmetrics') registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
  const { test_temperature_celsius: temperature, test_errors_total: errors } = catalogue;
  if (gauges.length > 0) {
    const gauge = new Gauge({
      name: temperature.name,
      help: temperature.help,
      labelNames: ['model', 'kind'],
      registers: [registry],
    });
    for (const { model, kind, value } of gauges) gauge.set({ model, kind }, value);
  }
  if (counters.length > 0) {
    const counter = new Counter({
      name: errors.name,
      help: errors.help,
      labelNames: ['reason'],
      registers: [registry],
    });
    for (const { reason, value } of counters) counter.inc({ reason }, value);
  }
  const text = await registry.metrics();
  return throughUtf8(text === '\n' || text === '\n# EOF\n' ? text.slice(1) : text);
}

/** What a client sees: lone surrogates do not survive the way. */
function throughUtf8(text: string): string {
  return Buffer.from(text).toString('utf8');
}

function comparable(format: Format, text: string): unknown {
  return [...parseExposition(format, text)].map(([name, { type, samples, help }]) => ({
    name,
    type,
    // prom-client leaves quotes in OpenMetrics help as they are, which reads the same.
    help,
    samples: samples.map((sample) => ({ ...sample, value: Number(sample.value.replace('Inf', 'Infinity')) })),
  }));
}

const hostile = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      ' ',
      '"',
      '\\',
      '\n',
      '\\n',
      '\\"',
      '"}',
      '{a="b"} 1',
      '# EOF',
      '\r\n',
      '\t',
      '\0',
      '\u2028',
      '\ufeff',
      '🦾',
    ],
    ...['\ud800', '\udfff', '\u202eabc', '\u200f', 'é', 'e\u0301', '__proto__', '%s', '</script>', 'a,b="c"', '\\\\'],
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const numbers = fc.oneof(
  fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -0, 1e300, 5e-324, 1e21, 1e-7, 2 ** 53, Number.MAX_VALUE),
  fc.double(),
  fc.integer(),
);
const gauges = fc.uniqueArray(fc.record({ model: hostile, kind: hostile, value: numbers }), {
  selector: ({ model, kind }) => JSON.stringify([throughUtf8(model), throughUtf8(kind)]),
  maxLength: 5,
});
const counters = fc.uniqueArray(
  fc.record({ reason: hostile, value: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }) }),
  { selector: ({ reason }) => throughUtf8(reason), maxLength: 5 },
);

test.each(['text', 'openmetrics'] as const)('%s reads as from prom-client', async (format) => {
  await fc.assert(
    fc.asyncProperty(fc.record({ gauges, counters }), async (samples) => {
      expect(comparable(format, ours(format, samples))).toEqual(comparable(format, await oracle(format, samples)));
    }),
    { numRuns: 400 },
  );
});

test.each(['text', 'openmetrics'] as const)('%s gives back every label value that was put in', (format) => {
  fc.assert(
    fc.property(hostile, hostile, (model, kind) => {
      const [family] = parseExposition(
        format,
        ours(format, { gauges: [{ model, kind, value: 1 }], counters: [] }),
      ).values();
      expect(family?.samples[0]?.labels).toEqual({ model: throughUtf8(model), kind: throughUtf8(kind) });
    }),
    { numRuns: 400 },
  );
});

const bounds = catalogue.test_wait_seconds.buckets ?? [];
const observation = fc.record({
  model: fc.constantFrom('a', 'b "c"'),
  value: fc.double({ min: 0, max: 5, noNaN: true }),
});

interface Observation {
  readonly model: string;
  readonly value: number;
}

function oracleHistogram(observations: readonly Observation[]): Promise<readonly Family[]> {
  const registry = new Registry();
  const { name, help } = catalogue.test_wait_seconds;
  const histogram = new Histogram({ name, help, labelNames: ['model'], buckets: [...bounds], registers: [registry] });
  for (const { model, value } of observations) histogram.observe({ model }, value);
  return registryFamilies(registry);
}

function ourHistogram(observations: readonly Observation[]): readonly Family[] {
  const { emitHistogram, families } = createSampleWriter(catalogue);
  for (const model of new Set(observations.map((each) => each.model))) {
    const own = observations.filter((each) => each.model === model).map(({ value }) => value);
    const counts = [...bounds, Number.POSITIVE_INFINITY].map((bound, index) => {
      const above = bounds[index - 1] ?? -1;
      return own.filter((value) => value > above && value <= bound).length;
    });
    emitHistogram('test_wait_seconds', { model }, { counts, sum: own.reduce((sum, value) => sum + value, 0) });
  }
  return families();
}

test.each<Format>(['text', 'openmetrics'])('a histogram reads as that of prom-client does, as %s', (format) =>
  fc.assert(
    fc.asyncProperty(fc.array(observation, { minLength: 1 }), async (observations) => {
      expect(samplesOf(format, ourHistogram(observations))).toEqual(
        samplesOf(format, await oracleHistogram(observations)),
      );
    }),
  ),
);

function samplesOf(format: Format, families: readonly Family[]): readonly string[] {
  return [...parseExposition(format, renderExposition(format, families)).values()]
    .flatMap(({ samples }) => samples)
    .map(({ name, labels, value }) => JSON.stringify([name, Object.entries(labels).sort(), Number(value)]))
    .sort();
}

import fc from 'fast-check';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { registryFamilies } from '../../../kit/exposition/prom-client.ts';
import { type Format, renderExposition } from '../../../kit/exposition/render.ts';
import { createSampleWriter } from '../../../kit/exposition/samples.ts';
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

const observation = fc.record({
  model: fc.constantFrom('a', 'b "c"'),
  value: fc.double({ min: 0, max: 5, noNaN: true }),
});

test.each<Format>(['text', 'openmetrics'])('a histogram reads as that of prom-client does, as %s', (format) =>
  fc.assert(
    fc.asyncProperty(fc.array(observation, { minLength: 1 }), async (observations) => {
      const { test_wait_seconds: metric } = catalogue;
      const registry = new Registry();
      const histogram = new Histogram({
        name: metric.name,
        help: metric.help,
        labelNames: ['model'],
        buckets: [...(metric.buckets ?? [])],
        registers: [registry],
      });
      const values = new Map<string, { counts: number[]; sum: number }>();
      for (const { model, value } of observations) {
        histogram.observe({ model }, value);
        const own = values.get(model) ?? { counts: [0, 0, 0], sum: 0 };
        values.set(model, own);
        const bucket = value <= 0.1 ? 0 : value <= 1 ? 1 : 2;
        own.counts[bucket] = (own.counts[bucket] ?? 0) + 1;
        own.sum += value;
      }
      const { emitHistogram, families } = createSampleWriter(catalogue);
      for (const [model, value] of values) emitHistogram('test_wait_seconds', { model }, value);
      expect(samplesOf(format, renderExposition(format, families()))).toEqual(
        samplesOf(format, renderExposition(format, await registryFamilies(registry))),
      );
    }),
  ),
);

function samplesOf(format: Format, text: string): readonly string[] {
  return [...parseExposition(format, text).values()]
    .flatMap(({ samples }) => samples)
    .map(({ name, labels, value }) => JSON.stringify([name, Object.entries(labels).sort(), Number(value)]))
    .sort();
}

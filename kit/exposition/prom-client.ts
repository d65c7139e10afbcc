import {
  Counter,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  type OpenMetricsContentType,
  type Registry,
} from 'prom-client';
import type { Kind, LabelsOf, Metric } from '../../metrics/define.ts';
import { formatValue } from './format-value.ts';
import { type Family, renderLabels } from './samples.ts';

/** A registry for either format; one for OpenMetrics also keeps exemplars. */
export type AnyRegistry = Registry | Registry<OpenMetricsContentType>;

/** A counter of the catalogue that keeps its value between scrapes. */
export function counterOf<M extends Metric<string, 'counter'>>(registry: AnyRegistry, metric: M): Counter<LabelsOf<M>> {
  return new Counter({
    name: metric.name,
    help: metric.help,
    labelNames: [...metric.labels] as LabelsOf<M>[],
    registers: [registry],
  });
}

/** A gauge of the catalogue that keeps its value between scrapes. */
export function gaugeOf<M extends Metric<string, 'gauge'>>(registry: AnyRegistry, metric: M): Gauge<LabelsOf<M>> {
  return new Gauge({
    name: metric.name,
    help: metric.help,
    labelNames: [...metric.labels] as LabelsOf<M>[],
    registers: [registry],
  });
}

/** A histogram of the catalogue. */
export function histogramOf<M extends Metric<string, 'histogram'>>(
  registry: AnyRegistry,
  metric: M,
): Histogram<LabelsOf<M>> {
  return new Histogram({
    name: metric.name,
    help: metric.help,
    labelNames: [...metric.labels] as LabelsOf<M>[],
    buckets: [...(metric.buckets ?? [])],
    registers: [registry],
  });
}

/** What a prom-client registry holds, in the form of our own writer, so that one renderer serves both. */
export async function registryFamilies(registry: AnyRegistry): Promise<readonly Family[]> {
  const metrics: readonly MetricObjectWithValues<Sample>[] = await registry.getMetricsAsJSON();
  return metrics.map((metric) => {
    const family = {
      name: metric.name,
      kind: kindOf(metric),
      unit: 'none',
      help: metric.help,
      lines: metric.values.map((value) => `${sampleLine(metric.name, value)}\n`),
    } as const;
    if (!metric.values.some(({ exemplar }) => isExemplar(exemplar))) return family;
    return { ...family, linesWithExemplars: metric.values.map((value) => lineWithExemplar(metric.name, value)) };
  });
}

type Sample = MetricValue<string> & { readonly metricName?: string; readonly exemplar?: unknown };

interface Exemplar {
  readonly labelSet: Readonly<Record<string, string>>;
  readonly value: number;
  /** Seconds since the epoch. */
  readonly timestamp: number;
}

function isExemplar(value: unknown): value is Exemplar {
  return typeof value === 'object' && value !== null && 'labelSet' in value;
}

function kindOf({ name, type }: MetricObjectWithValues<MetricValue<string>>): Kind | 'summary' {
  const kind = String(type);
  // OpenMetrics refuses a counter without _total, and some of prom-client's own process counters lack it.
  if (kind === 'counter') return name.endsWith('_total') ? 'counter' : 'gauge';
  return kind === 'histogram' || kind === 'summary' ? kind : 'gauge';
}

function sampleLine(name: string, sample: Sample): string {
  const labels = sample.labels as Readonly<Record<string, string | number>>;
  return `${sample.metricName ?? name}${renderLabels(Object.keys(labels), labels)} ${formatValue(sample.value)}`;
}

function lineWithExemplar(name: string, sample: Sample): string {
  const line = sampleLine(name, sample);
  if (!isExemplar(sample.exemplar)) return `${line}\n`;
  const { labelSet, value, timestamp } = sample.exemplar;
  return `${line} # ${renderLabels(Object.keys(labelSet), labelSet)} ${formatValue(value)} ${formatValue(timestamp)}\n`;
}

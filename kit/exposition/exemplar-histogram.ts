import { Histogram } from 'prom-client';
import type { LabelsOf, Metric } from '../../metrics/define.ts';
import type { AnyRegistry } from './prom-client.ts';

/** A histogram of the catalogue that keeps the last exemplar of each bucket. */
export interface ExemplarHistogram<L extends string> {
  /** `exemplar` are the labels of an exemplar, such as `trace_id`; a registry that is not made for OpenMetrics drops them. */
  readonly observe: (
    labels: Readonly<Record<L, string>>,
    value: number,
    exemplar?: Readonly<Record<string, string>>,
  ) => void;
  /** For many observations of one series, without exemplars. */
  readonly child: (labels: Readonly<Record<L, string>>) => { readonly observe: (value: number) => void };
}

/** `bounds` in place of those of the catalogue. */
export function exemplarHistogramOf<M extends Metric<string, 'histogram'>>(
  registry: AnyRegistry,
  metric: M,
  bounds: readonly number[] = metric.buckets ?? [],
): ExemplarHistogram<LabelsOf<M>> {
  // prom-client refuses exemplars in a registry that was not made for OpenMetrics.
  const enableExemplars = registry.contentType.startsWith('application/openmetrics-text');
  const histogram = new Histogram<string>({
    name: metric.name,
    help: metric.help,
    labelNames: [...metric.labels],
    buckets: [...bounds],
    registers: [registry],
    enableExemplars,
  });
  return {
    observe: (labels, value, exemplar) => {
      if (!enableExemplars) histogram.observe(labels, value);
      else histogram.observe({ labels, value, exemplarLabels: exemplar ?? {} });
    },
    child: (labels) => histogram.labels(labels),
  };
}

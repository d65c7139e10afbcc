import type { MeterSource } from '../meters/meter.ts';
import type { Span } from '../span.ts';
import { type Usage, type UsageKey, wholeShare } from '../usage.ts';
import type { Accrual } from './accrual.ts';
import { canonicalHolder, mergeUsages } from './canonical.ts';
import { withinSpan } from './within-span.ts';

export interface SeriesMeter {
  readonly meter: string;
  readonly cluster: string;
  /** Which labels tell what. Several of a resource or a SKU are joined with /; those that a series does not have are left out. */
  readonly source: Pick<MeterSource, 'resource' | 'sku' | 'holder'>;
  /** What is of holders in these namespaces is of the system. */
  readonly systemNamespaces: readonly string[];
  readonly series: readonly { readonly labels: Readonly<Record<string, string>>; readonly accrual: Accrual }[];
}

/**
 * What counters and gauges say, by whose it is: for each span its usages, sorted, one for each key. Series that differ in nothing that the meter
 * asks for are added up. The node is the label `node`.
 */
export function meterSeries(input: SeriesMeter, spans: readonly Span[]): readonly (readonly Usage[])[] {
  const keyed = input.series.map(({ labels, accrual }) => ({ key: keyOf(labels, input), accrual }));
  return spans.map((span) =>
    mergeUsages(keyed.map(({ key, accrual }) => ({ ...key, quantity: withinSpan(accrual, span) }))),
  );
}

function keyOf(
  labels: Readonly<Record<string, string>>,
  { meter, cluster, source, systemNamespaces }: SeriesMeter,
): UsageKey {
  const joined = (names: readonly string[]): string =>
    names
      .map((name) => labels[name] ?? '')
      .filter((value) => value !== '')
      .join('/');
  const holder = canonicalHolder(
    Object.fromEntries(Object.entries(source.holder).map(([name, label]) => [name, labels[label] ?? ''])),
  );
  return {
    meter,
    cluster,
    node: labels['node'] ?? '',
    resource: joined(source.resource),
    sku: joined(source.sku),
    state: systemNamespaces.includes(holder['namespace'] ?? '') ? 'system' : 'used',
    reason: '',
    holder,
    share: wholeShare,
  };
}

import type { MeterSource } from '../meters/meter.ts';
import type { Span } from '../span.ts';
import type { Usage } from '../usage.ts';
import type { Accrual } from './accrual.ts';

export interface SeriesMeter {
  readonly meter: string;
  readonly cluster: string;
  readonly source: Pick<MeterSource, 'resource' | 'sku' | 'holder'>;
  readonly systemNamespaces: readonly string[];
  readonly series: readonly { readonly labels: Readonly<Record<string, string>>; readonly accrual: Accrual }[];
}
/** Usages of each span, sorted, one for each key. Several labels of a resource or SKU are joined with /. */
export declare function meterSeries(input: SeriesMeter, spans: readonly Span[]): readonly (readonly Usage[])[];

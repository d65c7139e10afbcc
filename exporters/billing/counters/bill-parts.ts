import type { Bill } from '../bills/bill.ts';
import { decimal, decimalText } from '../pricing/decimal.ts';
import type { RatedLine } from '../pricing/rated.ts';
import { type CounterLabels, type CounterPart, labelText } from './counter-book.ts';

/** What bills say for the counter of costs: a draft and the bill that it becomes are one part, a correction is one of its own. */
export function billParts(bills: readonly Bill[]): readonly CounterPart[] {
  return bills.map((bill) => ({
    counter: 'cost',
    part: partOf(bill),
    endMs: bill.period.endMs,
    values: valuesOf(bill),
  }));
}

function partOf({ tenant, period, corrects, number, currency }: Bill): string {
  const part = JSON.stringify([tenant, new Date(period.startMs).toISOString(), currency]);
  return corrects === undefined ? part : `${part} correction ${number ?? 'draft'}`;
}

function valuesOf({ tenant, currency, lines }: Bill): CounterPart['values'] {
  const sums = new Map<string, { readonly labels: CounterLabels; readonly value: string }>();
  for (const line of lines) {
    const labels = { cluster: line.cluster, tenant, resource: resourceOf(line), currency };
    const key = labelText(labels);
    const before = sums.get(key)?.value ?? '0';
    sums.set(key, { labels, value: decimalText(decimal(before).plus(decimal(line.amount))) });
  }
  return [...sums.values()];
}

/** A discount on GPU time is of GPU time; what is of no meter is told by its kind. */
function resourceOf({ meter, kind }: Pick<RatedLine, 'meter' | 'kind'>): string {
  return meter === '' ? kind : meter;
}

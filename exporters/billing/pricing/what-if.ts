import { groupBy } from '../group-by.ts';
import { moneyText } from './currency.ts';
import { decimal, sumOf } from './decimal.ts';
import { lineId } from './line-id.ts';
import { type RateInput, ratePeriod } from './rate-period.ts';
import type { DecimalText, RatedBill, RatedLine } from './rated.ts';
import type { Pricing } from './segments.ts';

export interface Comparison {
  readonly tenant: string;
  readonly currency: string;
  readonly before: DecimalText;
  readonly after: DecimalText;
  readonly difference: DecimalText;
  readonly lines: readonly LineComparison[];
  /** Of the other prices. */
  readonly problems: readonly string[];
}

/** Lines of one kind, meter, SKU, cluster and cost centre, whatever their prices. */
export interface LineComparison extends Pick<RatedLine, 'kind' | 'meter' | 'sku' | 'cluster' | 'costCentre'> {
  readonly before: DecimalText;
  readonly after: DecimalText;
  readonly difference: DecimalText;
}

/** A period by its own prices and by others. The segments must be those of both: segmentsOf({ ..., alsoFor: [other] }). */
export function whatIf(input: RateInput, { priceBook, contracts }: Pricing): ReadonlyMap<string, Comparison> {
  const totals = [...input.totals];
  const before = ratePeriod({ ...input, totals });
  const after = ratePeriod({ ...input, priceBook, contracts, totals });
  return new Map([...before].map(([tenant, bill]) => [tenant, compareBills(bill, after.get(tenant) ?? bill)] as const));
}

export function compareBills(before: RatedBill, after: RatedBill): Comparison {
  const { tenant, currency } = before;
  const [old, next] = [groupBy(before.lines, keyOf), groupBy(after.lines, keyOf)];
  const lines = [...new Set([...old.keys(), ...next.keys()])].sort().flatMap((key) => {
    const [ofOld = [], ofNext = []] = [old.get(key), next.get(key)];
    const [line] = [...ofOld, ...ofNext];
    if (line === undefined) return [];
    const { kind, meter, sku, cluster, costCentre } = line;
    return [{ kind, meter, sku, cluster, costCentre, ...differenceOf(ofOld, ofNext, currency) }];
  });
  return { tenant, currency, ...differenceOf(before.lines, after.lines, currency), lines, problems: after.problems };
}

function keyOf({ kind, meter, sku, cluster, costCentre }: RatedLine): string {
  return lineId(kind, meter, sku, cluster, costCentre);
}

function differenceOf(before: readonly RatedLine[], after: readonly RatedLine[], currency: string) {
  const text = (lines: readonly RatedLine[]) => moneyText(sumOf(lines.map(({ amount }) => amount)), currency);
  const [old, next] = [text(before), text(after)];
  return { before: old, after: next, difference: moneyText(decimal(next).minus(decimal(old)), currency) };
}

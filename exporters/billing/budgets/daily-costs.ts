import type { Bill } from '../bills/bill.ts';
import { Decimal, decimal, decimalText, zero } from '../pricing/decimal.ts';
import type { DecimalText, LineKind, RatedLine } from '../pricing/rated.ts';
import type { Span } from '../span.ts';
import { type CalendarDay, daysOf } from './calendar.ts';

/** What a line of a bill comes to on one day. */
export interface DailyCost {
  readonly tenant: string;
  readonly costCentre: string;
  readonly cluster: string;
  readonly meter: string;
  readonly kind: LineKind;
  readonly currency: string;
  /** By its name in the time zone of the tenant. */
  readonly day: string;
  readonly amount: DecimalText;
}

export type UsageOn = (
  bill: Pick<Bill, 'tenant' | 'timeZone'>,
  line: Pick<RatedLine, 'cluster' | 'meter' | 'sku' | 'span'>,
) => ReadonlyMap<string, number> | undefined;

export interface DailyCostSettings {
  /** The ledger begins here: what is before was not charged. */
  readonly fromMs?: number | undefined;
  /** Up to here the ledger is complete: a draft has nothing later. */
  readonly untilMs: number;
  /** How much was used on each day, in any unit; without it a line is spread evenly over its time. */
  readonly usageOn?: UsageOn | undefined;
}

/** Not for use as time goes by: due in full from the first day of the period, and never forecast to grow. */
export const fixedKinds: readonly LineKind[] = ['commitment', 'minimum', 'credit'];

const decimals = 10;

/** Divides the lines of bills among their days. The days of a line add up to its amount exactly. */
export function dailyCosts(bills: readonly Bill[], settings: DailyCostSettings): readonly DailyCost[] {
  return bills.flatMap((bill) => bill.lines.flatMap((line) => costsOfLine(bill, line, settings)));
}

function costsOfLine(bill: Bill, line: RatedLine, settings: DailyCostSettings): readonly DailyCost[] {
  const { tenant, currency, timeZone } = bill;
  const days = daysOf(stretchOf(bill, line, settings), timeZone);
  const amounts = divided(decimal(line.amount), weightsOf(days, settings.usageOn?.(bill, line)));
  const { cluster, meter, kind } = line;
  const costCentre = line.costCentre === '' ? bill.costCentre : line.costCentre;
  return days.flatMap(({ day }, index) => {
    const amount = amounts[index] ?? zero;
    return amount.isZero()
      ? []
      : [{ tenant, costCentre, cluster, meter, kind, currency, day, amount: decimalText(amount) }];
  });
}

/** The time that a line is about; one moment of the first day for what is due at once. */
function stretchOf(bill: Bill, line: RatedLine, { fromMs = line.span.startMs, untilMs }: DailyCostSettings): Span {
  const firstMoment = { startMs: line.span.startMs, endMs: line.span.startMs + 1 };
  if (fixedKinds.includes(line.kind)) return firstMoment;
  const startMs = Math.max(line.span.startMs, fromMs);
  const endMs = bill.state === 'draft' ? Math.min(line.span.endMs, untilMs) : line.span.endMs;
  return endMs > startMs ? { startMs, endMs } : firstMoment;
}

function weightsOf(days: readonly CalendarDay[], usage: ReadonlyMap<string, number> | undefined): readonly number[] {
  const used = days.map(({ day }) => Math.max(0, usage?.get(day) ?? 0));
  if (used.some((each) => each > 0)) return used;
  return days.map(({ span }) => span.endMs - span.startMs);
}

/** Each part is what there is up to it without what there is before it, so that nothing is lost by rounding. */
function divided(amount: Decimal, weights: readonly number[]): readonly Decimal[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let before = zero;
  let weight = 0;
  return weights.map((each, index) => {
    weight += each;
    const isLast = index === weights.length - 1;
    const now = isLast
      ? amount
      : amount.times(weight).dividedBy(total).toDecimalPlaces(decimals, Decimal.ROUND_HALF_EVEN);
    const part = now.minus(before);
    before = now;
    return part;
  });
}

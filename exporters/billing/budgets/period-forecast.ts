import type { Bill } from '../bills/bill.ts';
import { forecastInput } from './budget-report.ts';
import { dayAt } from './calendar.ts';
import type { DailyCost } from './daily-costs.ts';
import { type Forecast, forecast } from './forecast.ts';

/** What the bill of a draft will be at the end of its period. */
export function forecastBill(
  { tenant, currency, timeZone, period }: Pick<Bill, 'tenant' | 'currency' | 'timeZone' | 'period'>,
  costs: readonly DailyCost[],
  { fromMs, untilMs }: { readonly fromMs?: number | undefined; readonly untilMs: number },
): readonly Forecast[] {
  const own = costs.filter((cost) => cost.tenant === tenant && cost.currency === currency);
  const firstDay = dayAt(period.startMs, timeZone);
  const lastDay = dayAt(period.endMs - 1, timeZone);
  const inPeriod = own.filter(({ day }) => day >= firstDay && day <= lastDay);
  return forecast(forecastInput({ own, inPeriod, span: period, timeZone, fromMs, untilMs }));
}

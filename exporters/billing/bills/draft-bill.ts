import { moneyText } from '../pricing/currency.ts';
import { decimal, sumOf } from '../pricing/decimal.ts';
import type { RatedBill } from '../pricing/rated.ts';
import type { Tenant } from '../subjects/tenant-directory.ts';
import type { Bill } from './bill.ts';

/** What a tenant owes by what was rated; nothing where nothing was. Throws where the lines do not add up to the total. */
export function draftBill(
  tenant: Tenant,
  rated: RatedBill | undefined,
  given: Pick<Bill, 'period' | 'ledgerPosition' | 'priceBookHash' | 'coverage' | 'createdAt'> &
    Partial<Pick<Bill, 'details'>>,
): Bill {
  const currency = rated?.currency ?? tenant.currency;
  const lines = rated?.lines ?? [];
  const total = rated?.total ?? moneyText(decimal('0'), currency);
  if (!sumOf(lines.map(({ amount }) => amount)).equals(decimal(total)))
    throw new Error(`the lines of the bill of ${tenant.name} do not add up to its total ${total}`);
  return {
    number: undefined,
    state: 'draft',
    corrects: undefined,
    tenant: tenant.name,
    title: tenant.title,
    costCentre: tenant.costCentre,
    currency,
    timeZone: tenant.timeZone,
    lines,
    total,
    problems: rated?.problems ?? [],
    closedBy: undefined,
    ...given,
  };
}

import type { Bill } from '../bills/bill.ts';
import { originalId } from './correction.ts';
import { decimal, decimalText } from './decimal.ts';
import type { DecimalText } from './rated.ts';

/** What bills used of credits, by tenant and id of the credit's line. Give it closed bills of other periods than the one to be rated. */
export function creditsUsedIn(
  bills: Iterable<Pick<Bill, 'tenant' | 'lines'>>,
): ReadonlyMap<string, ReadonlyMap<string, DecimalText>> {
  const used = new Map<string, Map<string, DecimalText>>();
  for (const { tenant, lines } of bills) {
    const ofTenant = used.get(tenant) ?? new Map<string, DecimalText>();
    used.set(tenant, ofTenant);
    for (const { id, amount } of lines) {
      const original = originalId(id);
      if (!original.startsWith('credit|')) continue;
      ofTenant.set(original, decimalText(decimal(ofTenant.get(original) ?? '0').minus(decimal(amount))));
    }
  }
  return used;
}

import { t } from '@grafana/i18n';
import { moneyText } from '../money';
import { periodBefore } from '../period';
import { type BillHeading, lastBill } from './bill';
import { billUrl } from './bill-ref';

export interface BillLink {
  readonly url: string;
  readonly text: string;
}

/** Last month's bill, one click away: the closed one, or what is owed for that month while it is not closed. */
export function lastMonth(
  tenant: string,
  closed: readonly BillHeading[],
  currentPeriod: string | undefined,
): BillLink | undefined {
  const before = currentPeriod === undefined ? undefined : periodBefore(currentPeriod);
  const last = lastBill(tenant, closed);
  if (last?.number !== undefined && (before === undefined || last.period_name === before))
    return {
      url: billUrl({ number: last.number }),
      text: t('cost.last.closed', "Last month's bill: {{money}}", { money: moneyText(last.total, last.currency) }),
    };
  if (before === undefined) return undefined;
  return {
    url: billUrl({ tenant, period: before }),
    text: t('cost.last.open', "Last month's bill ({{period}}, not closed yet)", { period: before }),
  };
}

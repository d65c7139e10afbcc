import { t } from '@grafana/i18n';
import { TextLink, useStyles2 } from '@grafana/ui';
import React from 'react';
import { getTableStyles } from '../get-table-styles';
import { amountText } from '../money';
import { daysText, momentText } from '../period';
import { ScrollTable } from '../ScrollTable';
import { BillStateBadge } from './BillStateBadge';
import { type BillHeading, stateOf } from './bill';
import { billUrl, refOf } from './bill-ref';

export function BillTable({ bills }: { readonly bills: readonly BillHeading[] }) {
  const styles = useStyles2(getTableStyles);
  return (
    <ScrollTable label={t('cost.bills.title', 'Bills')} testId="bills">
      <thead>
        <tr>
          <th scope="col">{t('cost.fact.number', 'Number')}</th>
          <th scope="col">{t('cost.fact.period', 'Period')}</th>
          <th scope="col">{t('cost.fact.state', 'State')}</th>
          <th scope="col" className={styles.number}>
            {t('cost.bill.sum', 'Sum')}
          </th>
          <th scope="col">{t('cost.bill.currency', 'Currency')}</th>
          <th scope="col">{t('cost.fact.closed', 'Closed')}</th>
        </tr>
      </thead>
      <tbody>
        {bills.map((bill) => (
          <Row key={bill.number ?? `${bill.tenant} ${bill.period.from}`} bill={bill} all={bills} />
        ))}
      </tbody>
    </ScrollTable>
  );
}

function Row({ bill, all }: { readonly bill: BillHeading; readonly all: readonly BillHeading[] }) {
  const styles = useStyles2(getTableStyles);
  const ref = refOf(bill);
  const name = bill.number ?? t('cost.bill.soFar', 'So far');
  return (
    <tr>
      <td>
        {ref === undefined ? (
          name
        ) : (
          <TextLink inline href={billUrl(ref)}>
            {name}
          </TextLink>
        )}
      </td>
      <td style={{ whiteSpace: 'nowrap' }}>
        {bill.period_name} <span className={styles.faint}>{daysText(bill.period, bill.time_zone)}</span>
      </td>
      <td>
        <BillStateBadge state={stateOf(bill, all)} />
      </td>
      <td className={styles.number}>{amountText(bill.total)}</td>
      <td>{bill.currency}</td>
      <td>{bill.state === 'closed' ? momentText(bill.created_at) : ''}</td>
    </tr>
  );
}

import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Badge, TextLink, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { type BillHeading, lastBill } from '../bills/bill';
import { billUrl } from '../bills/bill-ref';
import { getTableStyles } from '../get-table-styles';
import { moneyText, roundedMoneyText } from '../money';
import { changeText } from '../percent-text';
import { ScrollTable } from '../ScrollTable';
import { UsedBar } from '../UsedBar';
import { SortButton } from './SortButton';
import { type Column, sorted, type TenantRow, totals } from './tenant-rows';

/** Not 0: nobody knows. */
const unknown = '–';

interface Props {
  readonly rows: readonly TenantRow[];
  /** Closed bills, if billing may be asked. */
  readonly bills: readonly BillHeading[] | undefined;
  readonly onChoose: (tenant: string) => void;
}

interface Order {
  readonly column: Column;
  readonly isDescending: boolean;
}

export function TenantTable({ rows, bills, onChoose }: Props) {
  const styles = useStyles2(getTableStyles);
  const [order, setOrder] = useState<Order>({ column: 'cost', isDescending: true });
  const sortBy = (column: Column) =>
    setOrder({ column, isDescending: order.column === column ? !order.isDescending : column !== 'tenant' });
  return (
    <ScrollTable label={t('cost.tenants.title', 'What does each tenant owe?')} testId="tenants">
      <thead>
        <tr>
          {columns().map((each) => (
            <Heading key={each.column} {...each} order={order} onSort={() => sortBy(each.column)} />
          ))}
          {bills !== undefined && (
            <th scope="col" className={styles.number}>
              {t('cost.tenants.lastBill', 'Last bill')}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {sorted(rows, order.column, order.isDescending).map((row) => (
          <Row key={`${row.tenant} ${row.currency}`} row={row} bills={bills} onChoose={onChoose} />
        ))}
      </tbody>
      <tfoot>
        {[...totals(rows, 'cost')].map(([currency, cost]) => (
          <tr key={currency}>
            <th scope="row">{t('cost.tenants.total', 'All')}</th>
            <td className={styles.number}>{roundedMoneyText(cost, currency)}</td>
            <td className={styles.number}>{sumText(totals(rows, 'expected').get(currency), currency)}</td>
            <td className={styles.number}>{sumText(totals(rows, 'idle').get(currency), currency)}</td>
            <td colSpan={bills === undefined ? 2 : 3} />
          </tr>
        ))}
      </tfoot>
    </ScrollTable>
  );
}

interface HeadingProps {
  readonly column: Column;
  readonly name: string;
  readonly order: Order;
  readonly onSort: () => void;
}

function Heading({ column, name, order, onSort }: HeadingProps) {
  const styles = useStyles2(getTableStyles);
  const direction = order.column !== column ? undefined : order.isDescending ? 'down' : 'up';
  const isNumber = column !== 'tenant' && column !== 'budgetUsed';
  const sort = direction === undefined ? 'none' : direction === 'down' ? 'descending' : 'ascending';
  return (
    <th scope="col" aria-sort={sort} className={isNumber ? styles.number : undefined}>
      <SortButton name={name} direction={direction} onClick={onSort} />
    </th>
  );
}

interface RowProps {
  readonly row: TenantRow;
  readonly bills: readonly BillHeading[] | undefined;
  readonly onChoose: (tenant: string) => void;
}

function Row({ row, bills, onChoose }: RowProps) {
  const styles = useStyles2(getTableStyles);
  const own = useStyles2(getStyles);
  const { tenant, currency, cost, budgetUsed, change } = row;
  return (
    <tr>
      <td>
        <button type="button" className={own.link} onClick={() => onChoose(tenant)}>
          {tenant}
        </button>{' '}
        {row.isUnusual && <Badge color="orange" text={t('cost.tenants.unusual', 'More than usual')} />}
      </td>
      <td className={styles.number}>{roundedMoneyText(cost, currency)}</td>
      <td className={styles.number}>{sumText(row.expected, currency)}</td>
      <td className={styles.number}>{sumText(row.idle, currency)}</td>
      <td>{budgetUsed === undefined ? unknown : <UsedBar ratio={budgetUsed} />}</td>
      <td className={styles.number}>{change === undefined ? unknown : changeText(change)}</td>
      {bills !== undefined && (
        <td className={styles.number}>
          <LastBill bill={lastBill(tenant, bills)} />
        </td>
      )}
    </tr>
  );
}

function LastBill({ bill }: { readonly bill: BillHeading | undefined }) {
  if (bill?.number === undefined) return <>{unknown}</>;
  return (
    <TextLink inline href={billUrl({ number: bill.number })}>
      {moneyText(bill.total, bill.currency)}
    </TextLink>
  );
}

function sumText(value: number | undefined, currency: string): string {
  return value === undefined ? unknown : roundedMoneyText(value, currency);
}

function columns(): ReadonlyArray<{ readonly column: Column; readonly name: string }> {
  return [
    { column: 'tenant', name: t('cost.fact.tenant', 'Tenant') },
    { column: 'cost', name: t('cost.tenants.cost', 'So far') },
    { column: 'expected', name: t('cost.tenants.expected', 'Expected') },
    { column: 'idle', name: t('cost.tenants.idle', 'Of it idle') },
    { column: 'budgetUsed', name: t('cost.tenants.budget', 'Budget used') },
    { column: 'change', name: t('cost.tenants.change', '30 days against the 30 before') },
  ];
}

function getStyles(theme: GrafanaTheme2) {
  return {
    link: css({
      all: 'unset',
      cursor: 'pointer',
      color: theme.colors.text.link,
      textDecoration: 'underline',
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}` },
    }),
  };
}
